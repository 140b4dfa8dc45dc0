"""The form in which a report waits in the spool: what came, not what was made of it.

Grouping keys, title and stored form are made anew when it leaves, so that a newer version of Tocsin reads what an older
one left.
"""

import zlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson

from domain.event import Severity
from domain.report import AppliedRules, ExceptionInfo, Frame, IngestSource, Report
from resolvers.intake.incoming import Incoming, prepare

VERSION = 1
_FAST = 1
Made = TypeVar("Made", Report, ExceptionInfo, Frame)


def encode(event: Incoming) -> bytes:
    """The report with its id, compressed.

    Raises: TypeError where a value has no place in JSON.
    """
    parts = {
        "version": VERSION,
        "id": str(event.id),
        "project_id": str(event.project_id),
        "received_at": event.received_at,
        "report": event.report,
    }
    return zlib.compress(orjson.dumps(parts, option=orjson.OPT_NON_STR_KEYS), _FAST)


def decode(body: bytes, today: date) -> Incoming:
    """The report, ready to be stored under the id that it was given at the door.

    Raises: ValueError, KeyError, TypeError, AttributeError, zlib.error where it is none that we could have written.
    """
    parts = orjson.loads(zlib.decompress(body))
    if parts["version"] != VERSION:
        raise ValueError(f"Its form has version {parts['version']}, and we know {VERSION}.")
    event = prepare(
        _report(parts["report"]),
        project_id=UUID(parts["project_id"]),
        received_at=datetime.fromisoformat(parts["received_at"]),
    )
    event.id = UUID(parts["id"])
    event.late_on = today
    if not event.is_reporters_id:
        event.event_id = event.id.hex
    return event


def _report(values: Mapping[str, Any]) -> Report:
    report = _made(Report, values)
    report.severity = Severity(report.severity)
    report.source = IngestSource(report.source)
    report.rules = _rules(values.get("rules"))
    report.tags = [(key, value) for key, value in report.tags]
    report.exceptions = [_exception(value) for value in values["exceptions"]]
    if report.occurred_at is not None:
        report.occurred_at = datetime.fromisoformat(values["occurred_at"])
    return report


def _rules(values: Mapping[str, Any] | None) -> AppliedRules | None:
    if values is None:
        return None
    in_app = {rule: [(number, place) for number, place in places] for rule, places in values["in_app"].items()}
    return AppliedRules(values["fingerprint"], values["reported"], in_app)


def _exception(values: Mapping[str, Any]) -> ExceptionInfo:
    exception = _made(ExceptionInfo, values)
    exception.frames = [_made(Frame, frame) for frame in values["frames"]]
    return exception


def _made(kind: type[Made], values: Mapping[str, Any]) -> Made:
    """One of these; what the kind has no name for is passed over, and what is missing takes its default."""
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in names})
