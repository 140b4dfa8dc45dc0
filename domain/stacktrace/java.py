"""What does a stack trace as the JVM prints it say? Java, Kotlin, Scala and whatever else runs there.

The form is that of `Throwable.printStackTrace`: the newest call first, causes below. What was suppressed, and what
caused that, is indented, and is no part of the chain. Frames that a cause shares with what it caused (`... 12 more`)
are left out, as they were in the text.
"""

import re

from domain.report import Frame
from domain.stacktrace import made
from domain.stacktrace.reader import Reader

_FRAME = re.compile(
    r"at (?:[\w.@+-]*/){0,2}(?P<module>[^\s()]+)\.(?P<function>[^().]*[^().\s])"
    r"\((?P<place>Native Method|<[^<>()]*>|Unknown Source|(?:Unknown Source|[^\s():/\\]*):[0-9]{1,9}|[^\s():/\\]+\.\w+)"
    r"\)"
    r"(?: ~?\[[^\]]*\])?"  # where logback says it was loaded from
)
_HEAD = re.compile(
    r'(?:Exception in thread "[^"]*" )?(?P<type>(?:[^\W\d][\w$-]*\.)*[^\W\d][\w$]*)(?:: (?P<message>.*)|:)?'
)
_ERROR_NAME = re.compile(r"(?:Error|Exception|Throwable)\Z")
_CLASS = re.compile(r"\.[A-Z]|\$")
_CAUSE = "Caused by: "
_SUPPRESSED = "Suppressed: "


class _Reader(Reader):
    """A stack trace read so far, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._is_headed = True  # still above the frames
        self._suppressed: int | None = None  # the column of what was suppressed, while inside it
        self._is_done = False  # in the trace of another error

    @staticmethod
    def is_certain(line: str) -> bool:
        """Whether it is a frame."""
        return _FRAME.fullmatch(line.lstrip()) is not None

    def read(self, line: str) -> None:
        """Take in one line."""
        stripped = line.lstrip()
        column = len(line) - len(stripped)
        self._is_done = self._is_done or (not column and not self._is_headed and _names_error(stripped))
        if self._is_done:
            return
        if stripped.startswith(_CAUSE) and (not self._suppressed or column < self._suppressed):
            self._close()
            self._head = [stripped.removeprefix(_CAUSE)]
        elif self._suppressed is not None:
            return
        elif stripped.startswith(_SUPPRESSED) and self._head:
            self._suppressed, self._is_headed = column, False
        elif stripped.startswith("at ") and (match := _FRAME.fullmatch(stripped)):
            self._frames.append(_frame(match))
            self._is_headed = False
        elif stripped.startswith("... ") and stripped.endswith(" more"):
            self._is_headed = False
        elif self._is_headed:
            self._head.append(stripped)

    def _close(self) -> None:
        if self._frames or (self._head and self._exceptions):
            kind, message = _error(self._head)
            package, _, name = kind.rpartition(".")
            self._exceptions.append(made.exception(name, message, self._frames[::-1], package))
        self._frames, self._head, self._is_headed, self._suppressed = [], [], True, None


read = _Reader.of


def _frame(match: re.Match[str]) -> Frame:
    place, _, line = match["place"].partition(":")
    is_file = "." in place and not place.startswith("<")
    return made.frame(match["function"], match["module"], place if is_file else None, line)


def _names_error(line: str) -> bool:
    match = _HEAD.fullmatch(line)
    return match is not None and _ERROR_NAME.search(match["type"]) is not None


def _error(head: list[str]) -> tuple[str, str]:
    """Type and message from the lines above the frames, the first of which may be those of a log."""
    matches = [_HEAD.fullmatch(line) for line in head]
    for names in (_ERROR_NAME, _CLASS):
        for number, match in enumerate(matches):
            if match and names.search(match["type"]):
                return match["type"], "\n".join([match["message"] or "", *head[number + 1 :]])
    return "", "\n".join(head)
