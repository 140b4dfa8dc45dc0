"""How does a report look in the words that reporters use, those of `LogErrorInput`?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from domain.report import ExceptionInfo, Frame, Report

_NAMES = {"raw_stack_trace": "stackTrace"}
_HIDDEN = ("source", "notes", "rules")
# Objects that a report holds as they are stored, and what reporters call those parts that have another name.
_OBJECTS = {
    "request": {"status_code": "statusCode"},
    "response": {"status_code": "statusCode"},
    "user": {"ip_address": "ipAddress"},
}
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def shown_fields(report: Report) -> dict[str, Any]:
    """Hand back the fields that say something, as JSON has them."""
    fields = _shown(report, (name for name in vars(report) if name not in _HIDDEN))
    for name, names in _OBJECTS.items():
        if name in fields:
            fields[name] = {names.get(key, key): value for key, value in fields[name].items()}
    tags = [{"key": key, "value": value} for key, value in report.tags]
    return {**fields, "tags": tags} if tags else fields


def _shown(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    values = {name: getattr(thing, name) for name in names}
    return {_name(name): _plain(value) for name, value in values.items() if value not in _EMPTY}


def _name(ours: str) -> str:
    first, *rest = _NAMES.get(ours, ours).split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(value: Any) -> Any:
    if isinstance(value, ExceptionInfo | Frame):
        return _shown(value, vars(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, list) else value
