"""What of a stack trace says most: the last calls that are the application's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.bounds import both_ends

_FRAMES = 6
_LINES = 14


@dataclass(frozen=True, slots=True)
class Call:
    """One call on the stack: where it is, and the line of source if it is known."""

    where: str
    code: str | None


def calls(exceptions: Sequence[Mapping[str, Any]]) -> list[Call]:
    """The application's own calls nearest to the error, the nearest first; any calls where none is its own.

    `exceptions` are as an event stores them: the one thrown last, the frames of each with the oldest call first.
    """
    for exception in reversed(exceptions):
        frames = [frame for frame in exception.get("frames", ()) if _where(frame)]
        own = [frame for frame in frames if frame.get("in_app", True)]
        if frames:
            return [_call(frame) for frame in reversed((own or frames)[-_FRAMES:])]
    return []


def text_lines(trace: str | None) -> list[str]:
    """Both ends of a stack trace that was given as text."""
    return both_ends((trace or "").strip("\r\n").splitlines(), _LINES)


def _call(frame: Mapping[str, Any]) -> Call:
    return Call(_where(frame), (frame.get("context_line") or "").strip() or None)


def _where(frame: Mapping[str, Any]) -> str:
    """`file:line in function`, of what is known."""
    place = frame.get("filename") or frame.get("module") or frame.get("absolute_path") or ""
    if place and frame.get("line") is not None:
        place = f"{place}:{frame['line']}"
    return " in ".join(part for part in (place, frame.get("function")) if part)
