"""What exceptions and frames did a report bring, as such or as the text of a stack trace?"""

from typing import Any

from domain.bounds import (
    COLUMN_INTEGER,
    CONTEXT_LINE,
    CONTEXT_LINES,
    EXCEPTION_MESSAGE,
    EXCEPTION_TYPE,
    EXCEPTIONS,
    FRAMES,
    NAME,
    PATH,
    VARIABLES,
    Bound,
    both_ends,
)
from domain.dialects.mending import Mending
from domain.report import ExceptionInfo, Frame, Report
from domain.stacktrace import parse_stack_trace
from domain.stacktrace.in_app import innermost_in_app, is_in_app


def read_exceptions(mending: Mending, value: Any) -> list[ExceptionInfo]:
    """Hand back the exceptions of a report, mended; what is no exception is left out, with a note."""
    return [_exception(mending, item) for item in objects(mending, value, EXCEPTIONS)]


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


def _exception(mending: Mending, value: dict[str, Any]) -> ExceptionInfo:
    get = value.get
    handled = get("handled")
    return ExceptionInfo(
        type=mending.text(get("type"), EXCEPTION_TYPE) or "",
        message=mending.text(get("message"), EXCEPTION_MESSAGE),
        module=mending.text(get("module"), NAME),
        handled=handled if isinstance(handled, bool) else None,
        frames=[_frame(mending, item) for item in objects(mending, get("frames"), FRAMES)],
    )


def _frame(mending: Mending, value: dict[str, Any]) -> Frame:
    get, text, whole = value.get, mending.text, mending.whole
    filename, absolute_path, in_app = text(get("filename"), PATH), text(get("absolutePath"), PATH), get("inApp")
    module = text(get("module"), NAME)
    return Frame(
        function=text(get("function"), NAME),
        module=module,
        filename=filename,
        absolute_path=absolute_path,
        line=whole(get("line"), COLUMN_INTEGER.limit, "line of a frame"),
        column=whole(get("column"), COLUMN_INTEGER.limit, "column of a frame"),
        context_line=mending.source(get("contextLine"), CONTEXT_LINE),
        pre_context=_lines(mending, get("preContext"), last=True),
        post_context=_lines(mending, get("postContext"), last=False),
        in_app=in_app if isinstance(in_app, bool) else is_in_app(filename, module) and is_in_app(absolute_path),
        variables=mending.json(get("variables"), VARIABLES),
    )


def _lines(mending: Mending, value: Any, *, last: bool) -> list[str]:
    """The lines of source around a frame, those nearest to it where they are too many."""
    if not value:
        return []
    if not isinstance(value, list | tuple):
        mending.note(f"{CONTEXT_LINES.part}: not a list, dropped")
        return []
    if len(value) > CONTEXT_LINES.limit:
        mending.note(f"{CONTEXT_LINES.part}: cut to {CONTEXT_LINES.limit} {CONTEXT_LINES.unit}")
        value = value[-CONTEXT_LINES.limit :] if last else value[: CONTEXT_LINES.limit]
    return [mending.source(line, CONTEXT_LINE) or "" for line in value]
