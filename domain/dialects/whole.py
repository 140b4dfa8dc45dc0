"""What is left out of a report that is too large as a whole, though each of its parts keeps its bound?"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from domain.bounds import WHOLE
from domain.report import Frame, Report

_SHORT_STACK_TRACE = 16 * 1024
_MARKS_OF_A_FRAME = 300


def may_be_too_large(size: int, report: Report) -> bool:
    """Whether it pays to weigh a report, from the bytes of its texts: JSON escapes make six of one at most."""
    return size + _MARKS_OF_A_FRAME * sum(1 for _ in _frames(report)) > WHOLE.limit // 6


def fit(report: Report) -> None:
    """Leave a report within the bound of the whole: its largest parts are dropped, each with a note.

    First goes what is around the error, then what shows it in the code, then the names of the calls. Service, type,
    message and tags stay.
    """
    size = _weight(report)
    for step in (_surroundings, _source, _calls):
        for name, content, drop in sorted(step(report), key=lambda part: _weight(part[1]), reverse=True):
            if size <= WHOLE.limit:
                return
            if content:
                drop()
                report.notes.append(f"{name}: dropped, since the whole report was too large")
                size = _weight(report)


_Part = tuple[str, Any, Callable[[], None]]


def _surroundings(report: Report) -> list[_Part]:
    variables = [frame.variables for frame in _frames(report) if frame.variables]
    parts: list[_Part] = [
        ("contexts", report.contexts, partial(setattr, report, "contexts", None)),
        ("breadcrumbs", report.breadcrumbs, report.breadcrumbs.clear),
        ("variables", variables, partial(_clear, report, "variables")),
    ]
    for name, holder in (("request", report.request or {}), ("response", report.response or {})):
        parts += [
            (f"{name}.{key}", holder[key], partial(holder.__delitem__, key))
            for key in ("headers", "query", "body")
            if key in holder
        ]
    return parts


def _source(report: Report) -> list[_Part]:
    lines = [*(frame.pre_context for frame in _frames(report)), *(frame.post_context for frame in _frames(report))]
    text = report.raw_stack_trace or ""
    start, rest = text[:_SHORT_STACK_TRACE], text[_SHORT_STACK_TRACE:]
    return [
        ("preContext, postContext", lines if any(lines) else None, partial(_clear_context, report)),
        ("stackTrace past its beginning", rest, partial(setattr, report, "raw_stack_trace", start)),
    ]


def _calls(report: Report) -> list[_Part]:
    paths = [frame.absolute_path for frame in _frames(report) if frame.absolute_path]
    causes = report.exceptions[:-1]
    return [
        ("absolutePath", paths, partial(_clear, report, "absolute_path")),
        ("frames", [exception.frames for exception in report.exceptions], partial(_clear_frames, report)),
        ("exceptions but the last", causes, partial(_clear_causes, report)),
    ]


def _frames(report: Report) -> list[Frame]:
    return [frame for exception in report.exceptions for frame in exception.frames]


def _clear(report: Report, name: str) -> None:
    _change(report, **{name: None})


def _clear_context(report: Report) -> None:
    _change(report, pre_context=[], post_context=[])


def _change(report: Report, **values: Any) -> None:
    for exception in report.exceptions:
        exception.frames = [replace(frame, **values) for frame in exception.frames]


def _clear_frames(report: Report) -> None:
    for exception in report.exceptions:
        exception.frames = []


def _clear_causes(report: Report) -> None:
    del report.exceptions[:-1]


def _weight(content: Any) -> int:
    return len(json.dumps(content, ensure_ascii=False, default=_plain).encode()) if content else 0


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return vars(value)
