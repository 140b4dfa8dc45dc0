"""How large may each part of a report be, and what happens past it? One table, which docs/limits.md shows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

_T = TypeVar("_T")
BYTES = "bytes"


class Past(StrEnum):
    """What happens to that which is past its bound."""

    REFUSED = "the report is refused"
    CUT = "cut"
    BOTH_ENDS = "both ends are kept"
    LAST = "the last are kept"
    FIRST = "the first are kept"
    TEXT = "kept as text"
    DROPPED = "dropped"
    RECEIVED = "the time of receipt stands"
    LARGEST = "the largest parts are dropped"


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that one part of a report may have, in its unit; texts are counted in characters."""

    part: str
    limit: int
    unit: str
    past: Past


SERVICE = Bound("service", 100, "characters", Past.REFUSED)
ERROR_TYPE = Bound("errorType", 200, "characters", Past.REFUSED)
ENVIRONMENT = Bound("environment", 64, "characters", Past.REFUSED)
RELEASE = Bound("release", 200, "characters", Past.REFUSED)
DIST = Bound("dist", 64, "characters", Past.REFUSED)
ERROR_CODE = Bound("errorCode", 100, "characters", Past.REFUSED)
EVENT_ID = Bound("eventId", 128, "characters", Past.REFUSED)
FINGERPRINT = Bound("fingerprint", 20, "parts", Past.REFUSED)
FINGERPRINT_PART = Bound("fingerprint part", 500, "characters", Past.REFUSED)
TAG_KEY = Bound("tag key", 64, "characters", Past.REFUSED)
TAG_VALUE = Bound("tag value", 200, "characters", Past.CUT)
TAGS = Bound("tags", 100, "tags", Past.FIRST)
MESSAGE = Bound("message", 8 * 1024, "characters", Past.CUT)
STACK_TRACE = Bound("stackTrace", 256 * 1024, "characters", Past.BOTH_ENDS)
EXCEPTIONS = Bound("exceptions", 20, "exceptions", Past.BOTH_ENDS)
EXCEPTION_TYPE = Bound("exception type", 200, "characters", Past.CUT)
EXCEPTION_MESSAGE = Bound("exception message", 8 * 1024, "characters", Past.CUT)
FRAMES = Bound("frames of an exception", 250, "frames", Past.BOTH_ENDS)
NAME = Bound("function, module", 500, "characters", Past.CUT)
PATH = Bound("filename, absolutePath", 1000, "characters", Past.CUT)
CONTEXT_LINE = Bound("line of source", 500, "characters", Past.CUT)
CONTEXT_LINES = Bound("preContext, postContext", 10, "lines", Past.CUT)
VARIABLES = Bound("variables of a frame", 16 * 1024, BYTES, Past.CUT)
ENDPOINT = Bound("endpoint, route", 1000, "characters", Past.CUT)
URL = Bound("url", 4 * 1024, "characters", Past.CUT)
METHOD = Bound("method", 32, "characters", Past.CUT)
HEADERS = Bound("headers", 32 * 1024, BYTES, Past.CUT)
QUERY = Bound("query", 32 * 1024, BYTES, Past.CUT)
BODY = Bound("body", 64 * 1024, BYTES, Past.CUT)
USER_FIELD = Bound("field of the user", 320, "characters", Past.CUT)
USER_EXTRAS = Bound("further fields of the user", 20, "fields", Past.FIRST)
IDENTIFIER = Bound("sessionId, serverName, traceId, spanId", 200, "characters", Past.CUT)
SDK_FIELD = Bound("field of the SDK", 100, "characters", Past.CUT)
CONTEXTS = Bound("contexts", 128 * 1024, BYTES, Past.CUT)
BREADCRUMBS = Bound("breadcrumbs", 100, "breadcrumbs", Past.LAST)
BREADCRUMB_NAME = Bound("category, level of a breadcrumb", 100, "characters", Past.CUT)
BREADCRUMB_MESSAGE = Bound("message of a breadcrumb", 2000, "characters", Past.CUT)
BREADCRUMB_DATA = Bound("data of a breadcrumb", 8 * 1024, BYTES, Past.CUT)
FEEDBACK_MESSAGE = Bound("message of feedback", 8 * 1024, "characters", Past.CUT)
FEEDBACK_FIELD = Bound("name, email of feedback", 320, "characters", Past.CUT)
JSON_DEPTH = Bound("nesting of a JSON value", 12, "levels", Past.CUT)
JSON_NODES = Bound("values inside all JSON of a report", 10_000, "values", Past.CUT)
JSON_KEY = Bound("key inside JSON", 200, "characters", Past.CUT)
JSON_TEXT = Bound("text inside JSON", 16 * 1024, "characters", Past.CUT)
JSON_INTEGER = Bound("whole number inside JSON", 2**63 - 1, "either way from 0", Past.TEXT)
COLUMN_INTEGER = Bound("line, column", 2**31 - 1, "from 0", Past.DROPPED)
STATUS_CODE = Bound("statusCode", 999, "from 0", Past.DROPPED)
FUTURE = Bound("occurredAt", 24 * 3600, "seconds after receipt", Past.RECEIVED)
NOTES = Bound("ingestNotes", 50, "notes", Past.FIRST)
WHOLE = Bound("the whole report, mended", 512 * 1024, BYTES, Past.LARGEST)

TABLE: tuple[Bound, ...] = tuple(value for value in tuple(globals().values()) if isinstance(value, Bound))


def both_ends(items: list[_T], limit: int) -> list[_T]:
    """Keep the first and the last of a list, so many in all; the middle goes, since the ends say where and why."""
    if len(items) <= limit:
        return items
    head = limit // 2
    return items[:head] + items[len(items) - (limit - head) :]
