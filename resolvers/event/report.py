"""What was reported, put together again from what is stored."""

from collections.abc import Mapping
from typing import Any

from domain.report import AppliedRules, ExceptionInfo, Frame, Report
from models import Event


def stored_report(event: Event) -> Report:
    """The report that an event was made of, from its columns and its payload."""
    held = event.payload
    return Report(
        service=event.service,
        error_type=event.error_type,
        message=event.message,
        severity=event.severity,
        environment=event.environment,
        release=event.release,
        error_code=event.error_code,
        raw_stack_trace=held.get("raw_stack_trace"),
        exceptions=stored_exceptions(held),
        module=held.get("module"),
        function=held.get("function"),
        line=held.get("line"),
        fingerprint=held.get("fingerprint", []),
        occurred_at=event.occurred_at,
        source=event.source,
        rules=AppliedRules(**rules) if (rules := held.get("rules")) else None,
    )


def stored_exceptions(payload: Mapping[str, Any]) -> list[ExceptionInfo]:
    """The exceptions in what is stored of a report."""
    return [_exception(stored) for stored in payload.get("exceptions", ())]


def _exception(stored: Mapping[str, Any]) -> ExceptionInfo:
    frames = [Frame(**frame) for frame in stored.get("frames", ())]
    return ExceptionInfo(**{**stored, "frames": frames})
