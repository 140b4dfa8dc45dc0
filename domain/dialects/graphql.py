"""What does a report in our own words say: the fields of `LogErrorInput`, which REST shares?"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.bounds import (
    COLUMN_INTEGER,
    CONTEXTS,
    DIST,
    ENDPOINT,
    ENVIRONMENT,
    ERROR_CODE,
    ERROR_TYPE,
    EVENT_ID,
    FINGERPRINT,
    FINGERPRINT_PART,
    FUTURE,
    IDENTIFIER,
    MESSAGE,
    NAME,
    RELEASE,
    SERVICE,
    STACK_TRACE,
    TAG_KEY,
    TAG_VALUE,
    TAGS,
    Bound,
)
from domain.dialects.mending import Mending
from domain.dialects.remembered import Remembered
from domain.dialects.request import read_breadcrumbs, read_request, read_response, read_sdk, read_user
from domain.dialects.stack import fill_from_stack, read_exceptions
from domain.dialects.texts import without_blank_start
from domain.dialects.whole import fit, may_be_too_large
from domain.errors import InvalidInput
from domain.event import Severity
from domain.report import DEFAULT_ENVIRONMENT, IngestSource, Report
from domain.scrub import REDACTED

_UUID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}", re.IGNORECASE)
_TRACE_ID = re.compile(r"[0-9a-fA-F-]{16,36}")
_Read = Callable[[Mending, Any], Any]
_FUTURE = timedelta(seconds=FUTURE.limit)


def report_from_input(
    fields: Mapping[str, Any],
    *,
    received_at: datetime,
    redact_keys: frozenset[str] = frozenset(),
    source: IngestSource = IngestSource.GRAPHQL,
    cuts_names: bool = False,
) -> Report:
    """Hand back the report that the fields tell of, bounded, mended and scrubbed; what was mended is in its notes.

    `fields` have the names of `LogErrorInput` and plain values: text, numbers, lists, dicts; `severity` may be a
    Severity, `occurredAt` a datetime. `redact_keys` are the project's own words for secrets.

    Raises: InvalidInput when service, errorType or message is missing, or something that names a thing is too long
    and `cuts_names` is not given.
    """
    return mended_report(fields, Mending(redact_keys, cuts_names=cuts_names), received_at=received_at, source=source)


def mended_report(
    fields: Mapping[str, Any], mending: Mending, *, received_at: datetime, source: IngestSource
) -> Report:
    """As `report_from_input`, for a dialect that has begun to mend, and brought its own fields to those names.

    Raises: InvalidInput.
    """
    report = Report(
        service=_required(mending, fields, SERVICE),
        error_type=_required(mending, fields, ERROR_TYPE),
        message=_message(mending, fields.get("message")),
        source=source,
        notes=mending.notes,
    )
    for name, (part, read) in _PARTS.items():
        value = fields.get(name)
        if value is not None:
            setattr(report, part, read(mending, value))
    report.occurred_at = _occurred_at(mending, fields.get("occurredAt"), received_at)
    fill_from_stack(mending, report)
    if may_be_too_large(mending.size, report):
        fit(report)
    return report


def normalise_event_id(text: str) -> str:
    """Hand back an event id as it is compared: a UUID as 32 lower hex digits, anything else as it is."""
    stripped = text.strip()
    return stripped.replace("-", "").lower() if _UUID.fullmatch(stripped) else stripped


def _identity(bound: Bound) -> _Read:
    return lambda mending, value: mending.identity(value, bound, (bound.part,))


def _text(bound: Bound) -> _Read:
    return lambda mending, value: mending.text(value, bound)


def _environment(mending: Mending, value: Any) -> str:
    return mending.identity(value, ENVIRONMENT, (ENVIRONMENT.part,)) or DEFAULT_ENVIRONMENT


def _required(mending: Mending, fields: Mapping[str, Any], bound: Bound) -> str:
    value = mending.identity(fields.get(bound.part), bound, (bound.part,))
    if value is None:
        raise InvalidInput(f"{bound.part} must not be empty.", (bound.part,))
    return value


def _message(mending: Mending, value: Any) -> str:
    message = mending.text(without_blank_start(value, MESSAGE.limit), MESSAGE)
    if message is None or not message.strip():
        raise InvalidInput("message must not be empty.", ("message",))
    return message


def _severity(mending: Mending, value: Any) -> Severity:
    if isinstance(value, str) and value.upper() in Severity.__members__:
        return Severity[value.upper()]
    mending.note("severity: not one of ours, taken as MEDIUM")
    return Severity.MEDIUM


def _event_id(mending: Mending, value: Any) -> str | None:
    text = mending.identity(value, EVENT_ID, (EVENT_ID.part,))
    return normalise_event_id(text) if text else None


def _trace_id(mending: Mending, value: Any) -> str | None:
    # Hexadecimal (W3C Trace Context): one in a thousand would pass for a card, and then link to nothing.
    if isinstance(value, str) and _TRACE_ID.fullmatch(value) and not value.isdecimal():
        return value
    return mending.text(value, IDENTIFIER)


def _fingerprint(mending: Mending, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        mending.note("fingerprint: not a list, dropped")
        return []
    mending.refuse_past(FINGERPRINT, len(value), (FINGERPRINT.part,))
    parts = [
        mending.identity(part, FINGERPRINT_PART, (FINGERPRINT.part, str(number)))
        for number, part in enumerate(value[: FINGERPRINT.limit])
    ]
    return [mending.secrets.scrub_text(part) for part in parts if part]


def _tags(mending: Mending, value: Any) -> list[tuple[str, str]]:
    """The tags in the order given, one for a key: the last that was given."""
    return list(_remembered_tags(mending, value))


def _read_tags(mending: Mending, value: Any) -> list[tuple[str, str]]:
    tags: dict[str, str] = {}
    for number, (key, content) in enumerate(_tag_pairs(mending, value)):
        name = mending.identity(key, TAG_KEY, (TAGS.part, str(number), "key"))
        if name is None:
            mending.note("tags: one without a key, dropped")
        elif mending.secrets.is_secret(name):
            tags[name] = REDACTED
        else:
            tags[name] = mending.text(content, TAG_VALUE) or ""
    return list(tags.items())


_remembered_tags = Remembered(_read_tags)


def _tag_pairs(mending: Mending, value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list | tuple):
        pairs = [(tag.get("key"), tag.get("value")) if isinstance(tag, dict) else (None, None) for tag in value]
    else:
        mending.note("tags: not a list, dropped")
        return []
    if len(pairs) > TAGS.limit:
        mending.note(f"tags: {len(pairs)}, the first {TAGS.limit} kept")
    return pairs[: TAGS.limit]


def _occurred_at(mending: Mending, value: Any, received_at: datetime) -> datetime:
    if value is None:
        return received_at
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        mending.note("occurredAt: no time as in RFC 3339, the time of receipt stands")
        return received_at
    if at - received_at > _FUTURE:
        mending.note("occurredAt: more than a day ahead, the time of receipt stands")
        return received_at
    return at


# What is optional in a report: its name in the input, in the report, and how it is read; in this order, so that what
# is noted, and what of a large report is cut, does not depend on the order in which it came.
_PARTS: dict[str, tuple[str, _Read]] = {
    "severity": ("severity", _severity),
    "environment": ("environment", _environment),
    "release": ("release", _identity(RELEASE)),
    "dist": ("dist", _identity(DIST)),
    "errorCode": ("error_code", _identity(ERROR_CODE)),
    "eventId": ("event_id", _event_id),
    "fingerprint": ("fingerprint", _fingerprint),
    "tags": ("tags", _tags),
    "stackTrace": ("raw_stack_trace", lambda mending, value: mending.trace(value, STACK_TRACE)),
    "exceptions": ("exceptions", read_exceptions),
    "module": ("module", _text(NAME)),
    "function": ("function", _text(NAME)),
    "line": ("line", lambda mending, value: mending.whole(value, COLUMN_INTEGER.limit, "line")),
    "endpoint": ("endpoint", lambda mending, value: mending.url(value, ENDPOINT)),
    "request": ("request", read_request),
    "response": ("response", read_response),
    "user": ("user", read_user),
    "sessionId": ("session_id", _text(IDENTIFIER)),
    "serverName": ("server_name", _text(IDENTIFIER)),
    "traceId": ("trace_id", _trace_id),
    "spanId": ("span_id", _trace_id),
    "contexts": ("contexts", lambda mending, value: mending.json(value, CONTEXTS)),
    "breadcrumbs": ("breadcrumbs", read_breadcrumbs),
    "sdk": ("sdk", read_sdk),
}
