"""What exceptions and frames does an event of a Sentry SDK bring?"""

from collections.abc import Mapping
from typing import Any

from domain.bounds import PATH
from domain.dialects.sentry.shapes import object_in, objects_in
from domain.dialects.texts import first_text

_MOST_IMAGES = 1000
_FRAME = {
    "function": "function",
    "module": "module",
    "filename": "filename",
    "abs_path": "absolutePath",
    "lineno": "line",
    "colno": "column",
    "context_line": "contextLine",
    "pre_context": "preContext",
    "post_context": "postContext",
    "in_app": "inApp",
    "vars": "variables",
}


def exceptions_in(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Hand back the exceptions, oldest cause first; a stack that came without one stands as one of its own."""
    exceptions = [_exception(value) for value in objects_in(event.get("exception"))]
    if any(exception["frames"] for exception in exceptions):
        return exceptions
    frames = _frames(event.get("stacktrace")) or _frames(_crashed_thread(event).get("stacktrace"))
    if not frames:
        return exceptions
    if exceptions:
        exceptions[-1]["frames"] = frames
        return exceptions
    return [{"type": first_text([event.get("logger")]) or "Message", "frames": frames}]


def debug_ids_in(event: Mapping[str, Any]) -> dict[str, str]:
    """Hand back the debug ids that lead to source maps, by the path of the file that has each."""
    images = objects_in(object_in(event.get("debug_meta")).get("images"))[:_MOST_IMAGES]
    pairs = [(image.get("code_file"), image.get("debug_id")) for image in images]
    return {file[: PATH.limit]: id for file, id in pairs if isinstance(file, str) and isinstance(id, str)}


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    mechanism = object_in(value.get("mechanism"))
    frames = _frames(value.get("stacktrace")) or _frames(value.get("raw_stacktrace"))
    kind, message = value.get("type"), value.get("value")
    if mechanism.get("synthetic") is True and frames:
        # Made up by the SDK to have a stack, so the place says more than the type.
        kind = first_text([frames[-1].get("function")]) or kind
    handled = mechanism.get("handled")
    return {
        "type": kind or first_text([message]) or mechanism.get("type") or "Error",
        "message": message if kind else None,
        "module": value.get("module"),
        "handled": handled if isinstance(handled, bool) else None,
        "frames": frames,
    }


def _crashed_thread(event: Mapping[str, Any]) -> dict[str, Any]:
    threads = objects_in(event.get("threads"))
    for mark in ("crashed", "current"):
        for thread in threads:
            if thread.get(mark) is True:
                return thread
    return threads[0] if len(threads) == 1 else {}


def _frames(stacktrace: Any) -> list[dict[str, Any]]:
    return [_frame(frame) for frame in objects_in(object_in(stacktrace).get("frames"))]


def _frame(frame: dict[str, Any]) -> dict[str, Any]:
    named = {ours: frame[theirs] for theirs, ours in _FRAME.items() if frame.get(theirs) is not None}
    if not named.get("function") and frame.get("raw_function"):  # of machine code, before anybody made it readable
        named["function"] = frame["raw_function"]
    if "variables" in named and not isinstance(named["variables"], dict | list):
        del named["variables"]
    return named
