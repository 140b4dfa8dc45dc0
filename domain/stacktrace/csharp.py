"""What does an exception as .NET prints it say?

The form is that of `Exception.ToString`: the names of the whole chain first, each behind an arrow, then the frames of
the oldest cause, newest call first, and behind each mark of an end those of what it caused. The further exceptions of
an AggregateException come last, and are no part of the chain.
"""

import re

from domain.report import ExceptionInfo, Frame
from domain.stacktrace import made
from domain.stacktrace.reader import Reader

_FRAME = re.compile(
    r"at (?P<name>[^\s()]+)(?:\((?P<args>[^()]*)\)| \([^()]*\) \[0x[0-9a-f]+\])"  # the latter is Mono's
    r"(?: in (?P<path>.+):(?:line )?(?P<line>[0-9]{1,9}))?"
)
# `(Int32 x, String& y)`: each with a type and a name, which no other language prints; Java has these words there.
_ARGUMENTS = re.compile(r"(?!Unknown Source|Native Method)[^\s,]+ [^,]*(?:, ?[^\s,]+ [^,]*)*")
_HEAD = re.compile(r"(?:Unhandled exception[.:] ?)?(?P<type>[^\W\d][\w.+`]*)(?:: (?P<message>.*)|:)?", re.IGNORECASE)
_ERROR_NAME = re.compile(r"Exception(?:`[0-9]+)?\Z")
_INNER = "---> "
_FURTHER = "---> (Inner Exception #"
_END = "--- End of inner exception stack trace ---"
_NO_HASH = re.compile(r"<[0-9a-f#]*>\Z")


class _Reader(Reader):
    """A text read so far, the oldest cause first."""

    def __init__(self) -> None:
        super().__init__()
        self._heads: list[list[str]] = [[]]  # of what is still to come, the oldest cause last
        self._is_headed = True  # still above the frames
        self._is_done = False  # behind the chain, or in that of another error

    @staticmethod
    def is_certain(line: str) -> bool:
        """Whether it is a frame whose arguments are .NET's."""
        line = line.lstrip()
        match = _FRAME.fullmatch(line) if line.startswith("at ") else None
        if match is None or "." not in match["name"]:
            return False
        return not match["args"] or _ARGUMENTS.fullmatch(match["args"]) is not None

    def read(self, line: str) -> None:
        """Take in one line."""
        if self._is_done:
            return
        line = line.lstrip()
        if not self._is_headed and (line.startswith(_FURTHER) or _names_error(line)):
            self._is_done = True
        elif line == _END:
            if self._frames or len(self._heads) > 1:  # else the beginning was cut off, and nothing ends here
                self._close()
        elif line.startswith("at ") and (match := _FRAME.fullmatch(line)):
            self._frames.append(_frame(match))
            self._is_headed = False
        elif self._is_headed:
            self._read_head(line)

    def finish(self) -> list[ExceptionInfo]:
        """Hand back what was read."""
        while self._heads and (self._frames or self._exceptions):
            self._close()
        return self._exceptions

    def _read_head(self, line: str) -> None:
        # .NET Framework prints the whole chain on one line.
        first, *inner = line.removeprefix(_INNER).split(" " + _INNER)
        if line.startswith(_INNER):
            self._heads.append([first])
        else:
            self._heads[-1].append(first)
        self._heads += [[part] for part in inner]

    def _close(self) -> None:
        if self._heads:
            kind, message = _error(self._heads.pop())
            namespace, _, name = kind.rpartition(".")
            self._exceptions.append(made.exception(name, message, self._frames[::-1], namespace))
        self._frames = []


read = _Reader.of


def _frame(match: re.Match[str]) -> Frame:
    module, _, function = match["name"].rpartition(".")
    if module.endswith("."):  # a constructor is named `.ctor`
        module, function = module[:-1], "." + function
    path = match["path"]
    if path is None or _NO_HASH.match(path):
        return made.frame(function, module, None)
    return made.frame(function, module, path, match["line"])


def _names_error(line: str) -> bool:
    match = _HEAD.fullmatch(line)
    return match is not None and _ERROR_NAME.search(match["type"]) is not None


def _error(head: list[str]) -> tuple[str, str]:
    """Type and message from the lines of a head, the first of which may be those of a log."""
    matches = [_HEAD.fullmatch(line) for line in head]
    for number, match in enumerate(matches):
        if match and ("." in match["type"] or _ERROR_NAME.search(match["type"])):
            return match["type"], "\n".join([match["message"] or "", *head[number + 1 :]])
    return "", "\n".join(head)
