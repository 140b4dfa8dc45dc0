"""What does an exception as Ruby prints it say?

The form is that of `Exception#full_message`, 2.5 to 3.4: the newest call first, in one line with the message and the
type, then the causes; where Ruby was told to print the newest last, callers are numbered.
"""

import re

from domain.report import ExceptionInfo, Frame
from domain.stacktrace import made
from domain.stacktrace.reader import Reader

_FRAME = re.compile(
    r"(?P<number>[0-9]{1,6}: )?(?:from )?(?P<path>[^\s#].*?):(?P<line>[0-9]{1,9}):in [`'](?P<label>[^']{1,300})'"
    r"(?:: (?P<message>.*))?"
)
_TYPED = re.compile(r"(?P<message>.*) \((?P<type>[A-Z][\w:]*)\)")
_LABEL = re.compile(r"(?P<around>(?:[a-z]+ (?:\([0-9]+ levels\) )?in )*)(?:(?P<class>[A-Z][\w:]*)[.#])?(?P<method>.+)")
_CARETS = re.compile(r"\^+")
_ANYWHERE = ("Object", "Kernel")


class _Reader(Reader):
    """A text read so far."""

    def __init__(self) -> None:
        super().__init__()
        self._is_headed = False  # directly below the line that has the message
        self._callers: list[Frame] = []  # numbered, oldest first, above the line that they led to
        self._is_newest_last = False

    def read(self, line: str) -> None:
        """Take in one line."""
        line = line.lstrip()
        match = _FRAME.fullmatch(line) if ":in " in line else None
        if match is None:
            if self._is_headed:
                self._head.append(line)
        elif match["number"]:
            self._callers.append(_frame(match))
            self._is_newest_last, self._is_headed = True, False
        elif match["message"] is None:
            self._frames.append(_frame(match))
            self._is_headed = False
        else:
            self._close()
            self._head, self._frames = [match["message"]], [_frame(match), *self._callers[::-1]]
            self._callers, self._is_headed = [], True

    def finish(self) -> list[ExceptionInfo]:
        """Hand back what was read."""
        exceptions = super().finish()
        return exceptions[::-1] if self._is_newest_last else exceptions

    def _close(self) -> None:
        if self._frames:
            kind, message = _error(self._head)
            self._exceptions.append(made.exception(kind, message, self._frames[::-1]))
        self._frames, self._head, self._is_headed = [], [], False


read = _Reader.of


def _frame(match: re.Match[str]) -> Frame:
    label = _LABEL.fullmatch(match["label"])
    if label is None:
        return made.frame(match["label"], None, match["path"], match["line"])
    owner = None if label["class"] in _ANYWHERE else label["class"]
    return made.frame(label["around"] + label["method"], owner, match["path"], match["line"])


def _error(head: list[str]) -> tuple[str, str]:
    """Type and message, of which the first line names the type."""
    head = _without_code(head)
    if not head:
        return "", ""
    typed = _TYPED.fullmatch(head[0])
    if typed is None:
        return ("RuntimeError", "") if head == ["unhandled exception"] else ("", "\n".join(head))
    return typed["type"], "\n".join([typed["message"], *head[1:]])


def _without_code(head: list[str]) -> list[str]:
    """The message without the line of code, and the marks under it, that Ruby shows below."""
    while head and not head[-1]:
        head = head[:-1]
    if not head or "" not in head or not _CARETS.fullmatch(head[-1]):
        return head
    return head[: len(head) - 1 - head[::-1].index("")]
