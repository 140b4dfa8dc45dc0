"""What does a frame of a stack say? Bounded, mended and scrubbed."""

from typing import Any

from domain.bounds import COLUMN_INTEGER, CONTEXT_LINE, CONTEXT_LINES, FRAMES, NAME, PATH, VARIABLES
from domain.dialects.mending import Mending
from domain.dialects.objects import objects
from domain.dialects.remembered import Remembered
from domain.report import Frame
from domain.stacktrace.in_app import is_in_app


def read_frames(mending: Mending, value: Any) -> list[Frame]:
    """Hand back the frames of a stack; they may be those of others too, as `read_frame` says."""
    if isinstance(value, list | tuple) and any("variables" in item for item in value if isinstance(item, dict)):
        return _read_frames(mending, value)
    return list(_stacks(mending, value))


def _read_frames(mending: Mending, value: Any) -> list[Frame]:
    return [read_frame(mending, item) for item in objects(mending, value, FRAMES)]


def read_frame(mending: Mending, value: dict[str, Any]) -> Frame:
    """Hand back the frame, whose fields have the names of `StackFrameInput`; it may be one that others have too."""
    variables = value.get("variables")
    if variables is None:
        return _remembered(mending, value)
    place = {name: part for name, part in value.items() if name != "variables"}
    return _remembered(mending, place).having(mending.json(variables, VARIABLES))


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


_remembered = Remembered(_frame)
# Where frames have no variables, a stack is the same each time that a program breaks at the same place.
_stacks = Remembered(_read_frames, most=256, largest=32 * 1024)
