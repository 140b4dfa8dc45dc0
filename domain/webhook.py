"""What can be set of an ingest key for webhooks, and what a mapping reads out of a payload."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.errors import InvalidInput

MOST_MAPPINGS = 100
MOST_PARTS = 20
LONGEST_PATH = 500
LONGEST_CONSTANT = 1000

_REPORT = (
    "service", "errorType", "message", "severity", "environment", "release", "dist", "errorCode", "exceptions",
    "stackTrace", "module", "function", "line", "endpoint", "request", "response", "user", "sessionId", "serverName",
    "traceId", "spanId", "tags", "contexts", "breadcrumbs", "fingerprint", "eventId", "occurredAt",
)  # fmt: skip
# Fields that are objects, and the names that may stand in them; None: any.
_INNER: Mapping[str, tuple[str, ...] | None] = {
    "request": ("method", "url", "route", "statusCode", "headers", "query", "body"),
    "response": ("statusCode", "headers", "body"),
    "user": None,
    "tags": None,
    "contexts": None,
}
_LONGEST_NAME = 64
_SEPARATOR = re.compile(r"(?<!\\)\.")
_INDEX = re.compile(r"[0-9]{1,6}")
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Where a field of a report comes from: what stands at a path of the payload, or a constant."""

    field: str
    path: str | None = None
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is set of an ingest key for webhooks: by what they are signed, and how the generic ones are read."""

    signing_secret: str | None = field(default=None, repr=False)
    mapping: tuple[FieldMapping, ...] = ()


def fields_of_report() -> tuple[str, ...]:
    """Hand back the names of the fields that a mapping may fill: those of `LogErrorInput`, but for the project."""
    return _REPORT


def check_mapping(mapping: Sequence[FieldMapping]) -> tuple[FieldMapping, ...]:
    """Hand back the mapping, if every field is one of a report and every path can be walked.

    Raises: InvalidInput.
    """
    if len(mapping) > MOST_MAPPINGS:
        raise InvalidInput(f"`mapping` takes at most {MOST_MAPPINGS} entries, these are {len(mapping)}.", ("mapping",))
    for number, entry in enumerate(mapping):
        _check_field(entry.field, "mapping", str(number), "field")
        _check_origin(entry, number)
    return tuple(mapping)


def mapped_fields(mapping: Sequence[FieldMapping], payload: Any) -> tuple[dict[str, Any], list[str]]:
    """Hand back the fields that the mapping finds, and the names of those it does not.

    Of several entries for one field the first that finds something counts.
    """
    fields: dict[str, Any] = {}
    missing: dict[str, None] = {}
    found: set[str] = set()
    for entry in mapping:
        value = _value(entry, payload) if entry.field not in found else None
        if value is not None:
            found.add(entry.field)
            _put(fields, entry.field, value)
        missing[entry.field] = None
    return fields, [name for name in missing if name not in found]


def _value(entry: FieldMapping, payload: Any) -> Any:
    if entry.path is None:
        return entry.constant
    for part in parts_of(entry.path):
        if isinstance(payload, dict):
            payload = payload.get(part)
        elif isinstance(payload, list) and _INDEX.fullmatch(part) and int(part) < len(payload):
            payload = payload[int(part)]
        else:
            return None
    return payload


def parts_of(path: str) -> list[str]:
    r"""Hand back the names and indexes of a path; a dot that belongs to a name has a backslash before it: `a\.b.0`."""
    return [part.replace("\\.", ".") for part in _SEPARATOR.split(path)]


def _put(fields: dict[str, Any], name: str, value: Any) -> None:
    outer, dot, inner = name.partition(".")
    if not dot:
        fields[outer] = {**value, **fields[outer]} if isinstance(value, dict) and outer in fields else value
        return
    held = fields.get(outer)
    fields[outer] = {**held, inner: value} if isinstance(held, dict) else {inner: value}


def _check_field(name: str, *path: str) -> None:
    outer, dot, inner = name.partition(".")
    if outer not in _REPORT:
        raise InvalidInput(f"`{path[-1]}`: {_shown(name)} is no field of a report.", path)
    if not dot:
        return
    if outer not in _INNER:
        raise InvalidInput(f"`{path[-1]}`: {outer} is no object, so nothing of it can be named.", path)
    names = _INNER[outer]
    if not inner or len(inner) > _LONGEST_NAME or _UNREADABLE.search(inner) or (names and inner not in names):
        allowed = ", ".join(names) if names else f"a name of 1 to {_LONGEST_NAME} characters"
        raise InvalidInput(f"`{path[-1]}`: behind {outer}. stands {allowed}.", path)


def _check_origin(entry: FieldMapping, number: int) -> None:
    at = ("mapping", str(number))
    if (entry.path is None) == (entry.constant is None):
        raise InvalidInput("Give either `path` or `constant`.", at)
    if entry.constant is not None and (len(entry.constant) > LONGEST_CONSTANT or _UNREADABLE.search(entry.constant)):
        raise InvalidInput(f"`constant` must be one line of at most {LONGEST_CONSTANT} characters.", (*at, "constant"))
    if entry.path is not None:
        _check_path(entry.path, *at, "path")


def _check_path(path: str, *at: str) -> None:
    parts = parts_of(path)
    if len(path) > LONGEST_PATH or _UNREADABLE.search(path):
        raise InvalidInput(f"`path` must be one line of at most {LONGEST_PATH} characters.", at)
    if len(parts) > MOST_PARTS:
        raise InvalidInput(f"`path` has {len(parts)} parts; at most {MOST_PARTS} are allowed.", at)
    if not all(part.strip() for part in parts):
        raise InvalidInput("`path` has an empty part: names and indexes are joined by single dots.", at)


def _shown(name: str) -> str:
    return repr(name[:_LONGEST_NAME])
