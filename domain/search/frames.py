"""By which words of its frames is an event found? Of the calls of its stack, a line each: where it is, and what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.report import ExceptionInfo, Frame
from domain.search.words import split_words, whole_words

# As many as of a message: to take them apart costs the writer as much, once for each grouping key that is new.
FRAMES_CHARACTERS = 1000
_LONGEST_LINE = 200
_FOLDERS_AND_FILE = 3
_SEPARATOR = re.compile(r"[/\\]+")


@dataclass(frozen=True, slots=True)
class Searched:
    """The words of calls, a line each, with the parts of identifiers apart; and as they are written where that differs.

    They are cut here rather than in SQL, where it was seen to take as long again as all that is made of them.
    """

    words: str
    identifiers: str


def cut(calls: Sequence[str]) -> Searched:
    """The words of these calls."""
    pairs = [(split_words(call), whole_words(call)) for call in calls]
    return Searched(
        "\n".join(split for split, _ in pairs), "\n".join(whole for split, whole in pairs if whole != split)
    )


def searched_frames(exceptions: Sequence[ExceptionInfo]) -> Searched | None:
    """The words of the calls by which the grouping key of a report is found; none where it has no calls."""
    calls = searched_calls(exceptions)
    return cut(calls) if calls else None


def searched_calls(exceptions: Sequence[ExceptionInfo]) -> list[str]:
    """The calls of the stack that are searched.

    The application's own go before all others, of each the last exception's before those of its causes, and the
    innermost before who called it. From the first on that does not fit, all are left out.
    """
    frames = [frame for link in reversed(exceptions) for frame in reversed(link.frames)]
    frames.sort(key=lambda frame: not frame.in_app)
    held: list[str] = []
    left = FRAMES_CHARACTERS
    for line in dict.fromkeys(map(_line, frames)):
        if len(line) > left:
            break
        if line:
            held.append(line)
            left -= len(line) + 1
    return held


def _line(frame: Frame) -> str:
    """`shop.cart.pay cart.py`, or `shop/cart.py in pay` where only the file is known, as a culprit has it."""
    *folders, file = _SEPARATOR.split((frame.filename or frame.absolute_path or "").partition("?")[0])
    if frame.module:
        parts = [".".join(filter(None, (frame.module, frame.function))), file]
        line = " ".join(filter(None, parts))
    else:
        where = "/".join([*folders, file][-_FOLDERS_AND_FILE:])
        line = " in ".join(filter(None, (where, frame.function)))
    return " ".join(line.split())[:_LONGEST_LINE]
