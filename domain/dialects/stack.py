"""What exceptions and frames did a report bring, as such or as the text of a stack trace?"""

from typing import Any

from domain.bounds import (
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    EXCEPTIONS,
    NAME,
)
from domain.dialects.frames import read_frames
from domain.dialects.mending import Mending
from domain.dialects.objects import objects
from domain.report import ExceptionInfo, Report
from domain.stacktrace import parse_stack_trace
from domain.stacktrace.in_app import innermost_in_app


def read_exceptions(mending: Mending, value: Any) -> list[ExceptionInfo]:
    """Hand back the exceptions of a report, mended; what is no exception is left out, with a note."""
    return [_exception(mending, item) for item in objects(mending, value, EXCEPTIONS)]


def fill_from_stack(mending: Mending, report: Report) -> None:
    """Leave a report with the frames that its text names, and with the place where it happened, if it had none."""
    if report.raw_stack_trace and not any(exception.frames for exception in report.exceptions):
        _add_frames(report, _parsed(mending, report.raw_stack_trace))
    frame = innermost_in_app(report.exceptions)
    if frame is not None and report.module is None and report.function is None and report.line is None:
        report.module, report.function, report.line = frame.module, frame.function, frame.line


def _parsed(mending: Mending, trace: str) -> list[ExceptionInfo]:
    parsed = parse_stack_trace(trace)
    for exception in parsed:
        # Of a message that quotes a trace, the scrubbing of the whole took a part for code.
        if exception.message:
            exception.message = mending.secrets.scrub_text(exception.message)[: EXCEPTION_MESSAGE.limit]
    return parsed


def _add_frames(report: Report, parsed: list[ExceptionInfo]) -> None:
    if not parsed:
        return
    thrown = parsed[-1]
    if not thrown.type:  # Firefox and Safari print frames only
        thrown.type, thrown.message = report.error_type, thrown.message or report.message
    if report.exceptions:
        report.exceptions[-1].frames = thrown.frames
    else:
        report.exceptions = parsed


def _exception(mending: Mending, value: dict[str, Any]) -> ExceptionInfo:
    get = value.get
    handled = get("handled")
    return ExceptionInfo(
        type=mending.text(get("type"), EXCEPTION_TYPE) or "",
        message=mending.text(get("message"), EXCEPTION_MESSAGE),
        module=mending.text(get("module"), NAME),
        handled=handled if isinstance(handled, bool) else None,
        frames=read_frames(mending, get("frames")),
    )
