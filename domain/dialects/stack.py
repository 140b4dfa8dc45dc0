"""What exceptions and frames did a report bring, as such or as the text of a stack trace?"""

from typing import Any

from domain.bounds import (
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    EXCEPTIONS,
    FRAMES,
    NAME,
    Bound,
    both_ends,
)
from domain.dialects.frames import read_frame
from domain.dialects.mending import Mending
from domain.dialects.remembered import Remembered
from domain.report import ExceptionInfo, Report
from domain.stacktrace import parse_stack_trace
from domain.stacktrace.in_app import innermost_in_app


def read_exceptions(mending: Mending, value: Any) -> list[ExceptionInfo]:
    """Hand back the exceptions of a report, mended; what is no exception is left out, with a note.

    Their frames may be those of others too.
    """
    if _has_variables(value):
        return _exceptions(mending, value)
    return [
        ExceptionInfo(known.type, known.message, known.module, known.handled, list(known.frames))
        for known in _remembered(mending, value)
    ]


def objects(mending: Mending, value: Any, bound: Bound) -> list[dict[str, Any]]:
    """Hand back what in a list is an object, no more than its bound at both its ends, with notes on the rest."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        mending.note(f"{bound.part}: not a list, dropped")
        return []
    if len(value) > bound.limit:
        mending.note(f"{bound.part}: {len(value)} {bound.unit}, cut to {bound.limit}")
    items = [item for item in both_ends(list(value), bound.limit) if isinstance(item, dict)]
    if len(items) < min(len(value), bound.limit):
        mending.note(f"{bound.part}: not all of them objects, the others dropped")
    return items


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


def _has_variables(value: Any) -> bool:
    """Whether frames say what stood in their variables, which is new each time."""
    chain = value if isinstance(value, list | tuple) else ()
    stacks = [link.get("frames") for link in chain if isinstance(link, dict)]
    return any(
        isinstance(frame, dict) and "variables" in frame
        for stack in stacks
        if isinstance(stack, list | tuple)
        for frame in stack
    )


def _exceptions(mending: Mending, value: Any) -> list[ExceptionInfo]:
    return [_exception(mending, item) for item in objects(mending, value, EXCEPTIONS)]


def _exception(mending: Mending, value: dict[str, Any]) -> ExceptionInfo:
    get = value.get
    handled = get("handled")
    return ExceptionInfo(
        type=mending.text(get("type"), EXCEPTION_TYPE) or "",
        message=mending.text(get("message"), EXCEPTION_MESSAGE),
        module=mending.text(get("module"), NAME),
        handled=handled if isinstance(handled, bool) else None,
        frames=[read_frame(mending, item) for item in objects(mending, get("frames"), FRAMES)],
    )


_remembered = Remembered(_exceptions)
