"""What does a frame of a stack say? Bounded, mended and scrubbed, and remembered: programs break in few places.

Nothing is cheaper than a frame that was read before, and most were. A frame is remembered without its variables, and
only where nothing had to be mended in it; who has one must not change it.
"""

import marshal
from typing import Any

from domain.bounds import COLUMN_INTEGER, CONTEXT_LINE, CONTEXT_LINES, NAME, PATH, VARIABLES
from domain.dialects.mending import Mending
from domain.report import Frame
from domain.scrub import SecretKeys
from domain.stacktrace.in_app import is_in_app

_MOST_KNOWN = 2048
_LARGEST_KNOWN = 4096  # bytes of what it was read from, so that all of them take no more than some megabytes

_WITHOUT_REFERENCES = 2  # the format of marshal in which equal values are equal bytes

# Frames, and how many bytes of text are in each, by what they were read from.
_known: dict[tuple[SecretKeys, bytes], tuple[Frame, int]] = {}


def read_frame(mending: Mending, value: dict[str, Any]) -> Frame:
    """Hand back the frame, whose fields have the names of `StackFrameInput`; it may be one that others have too."""
    variables = value.get("variables")
    key = _key(mending, value)
    known = _known.get(key) if key else None
    if known:
        frame, size = known
        mending.size += size
    else:
        frame = _read(mending, value, key)
    return frame if variables is None else frame.having(mending.json(variables, VARIABLES))


def _read(mending: Mending, value: dict[str, Any], key: tuple[SecretKeys, bytes] | None) -> Frame:
    size, mended = mending.size, mending.mended
    frame = _frame(mending, value)
    if key and mending.mended == mended and len(key[1]) <= _LARGEST_KNOWN:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[key] = frame, mending.size - size
    return frame


def _key(mending: Mending, value: dict[str, Any]) -> tuple[SecretKeys, bytes] | None:
    """What the frame depends on, types and all: 1, 1.0 and True are one to a dictionary. None where that is too odd."""
    if "variables" in value:
        value = {name: part for name, part in value.items() if name != "variables"}
    try:
        return mending.secrets, marshal.dumps(value, _WITHOUT_REFERENCES)
    except ValueError:
        return None


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
