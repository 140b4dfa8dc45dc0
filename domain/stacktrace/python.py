"""What does a traceback as CPython prints it say?

The form is that of `TracebackException.format` (CPython, Lib/traceback.py), 3.6 to 3.14: chained exceptions, groups,
repeated lines, marks under the code, syntax errors.
"""

import re

from domain.bounds import CONTEXT_LINE, EXCEPTION_MESSAGE, EXCEPTION_TYPE, NAME, PATH
from domain.report import ExceptionInfo, Frame
from domain.stacktrace.in_app import is_in_app
from domain.stacktrace.reader import Reader

_HEADER = "Traceback (most recent call last):"
_GROUP_HEADER = "Exception Group " + _HEADER
_CHAINS = (
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
)
_FRAME = re.compile(r'File "([^"]+)", line ([0-9]{1,9})(?:, in (.+))?')
_ERROR = re.compile(r"([^\W\d][\w.]*(?:<locals>\.[\w.]+)*)(?:: ?(.*))?")
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)"
_MONTH = r"[A-Z][a-z]{2}"
_DAY = r"[0-9]{1,2}"
_DATE = rf"(?:[0-9]{{4}}([-/.])[0-9]{{2}}\1[0-9]{{2}}|{_DAY}/(?:[0-9]{{2}}|{_MONTH})/[0-9]{{4}}|{_MONTH} {{1,2}}{_DAY})"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
# A message may well begin a line with a date; a log has a time beside it, or a level. Addresses lead in access logs.
_LOG_LINE = re.compile(
    rf"(?:[\w.:]{{1,45}} [\w-]+ [\w-]+ )?[\[(]?(?:{_LEVEL}\b[\s:\]\[|-]{{1,9}}|[A-Z] )?"
    rf"(?:{_DATE}(?:[T :]{_CLOCK}|[\s\]|:,-]{{1,9}}{_LEVEL}\b)|{_CLOCK}[.,0-9]{{0,10}}[\s\]|:-]{{1,9}}\[?{_LEVEL}\b)"
)
_MARKS = re.compile(r"[\^~ ]+")
_GROUP_LINE = re.compile(r" *(?:\| ?|\+ (?=Exception Group ))")
_GROUP_RULE = re.compile(r"( *)\+(-\+)?-+(?: ([0-9.]+) -+)?")


def read(lines: list[str]) -> list[ExceptionInfo]:
    """Hand back the exceptions of a traceback, oldest cause first; none where it is no traceback.

    The parts of a group stand before the group, which was made of them.
    """
    if not any(line.lstrip(" |").startswith('File "') for line in lines):
        return []
    is_group = any(line.endswith(_GROUP_HEADER) for line in lines)
    return (_GroupReader() if is_group else _Reader()).read_all(lines)


class _Reader(Reader):
    """A traceback read so far, the oldest cause first."""

    def __init__(self) -> None:
        super().__init__()
        self._indent = 0
        self._is_open = False  # between a header and the line that names the exception
        self._name: tuple[str, str] | None = None
        self._is_bare = False  # named, but without a header: a cause that was never raised, or just a line of a log
        self._message: list[str] = []

    def read(self, line: str) -> None:
        """Take in one line, without what a group draws at its left."""
        stripped = line.lstrip()
        indent = len(line) - len(stripped)
        if stripped.startswith('File "') and self._read_frame(stripped, indent):
            return
        if stripped in (_HEADER, _GROUP_HEADER):
            self._close(keep_bare=False)
            self._is_open, self._indent = True, indent
        elif stripped in _CHAINS:
            self._close()
        elif self._is_open:
            self._read_inside(stripped, indent)
        elif self._name and not self._is_bare:
            self._read_message(line, stripped, indent)
        elif match := _ERROR.fullmatch(stripped):
            self._name, self._is_bare, self._message = (match[1], match[2] or ""), True, []

    def finish(self) -> list[ExceptionInfo]:
        """Hand back what was read."""
        self._close(keep_bare=False)
        return self._exceptions

    def _read_frame(self, stripped: str, indent: int) -> bool:
        # A message may quote a frame. One without a header begins a syntax error as the compiler prints it.
        match = None if self._name and not self._is_bare else _FRAME.fullmatch(stripped)
        if match is None:
            return False
        if not self._is_open:
            self._close(keep_bare=False)
            self._is_open, self._indent = True, max(indent - 2, 0)
        path = match[1][: PATH.limit]
        function = match[3][: NAME.limit] if match[3] else None
        self._frames.append(Frame(function=function, filename=path, line=int(match[2]), in_app=is_in_app(path)))
        return True

    def _read_inside(self, stripped: str, indent: int) -> None:
        if indent > self._indent:
            is_code = not stripped.startswith("[Previous line repeated ") and not _MARKS.fullmatch(stripped)
            if is_code and self._frames and self._frames[-1].context_line is None:
                self._frames[-1].context_line = stripped[: CONTEXT_LINE.limit]
        elif match := _ERROR.fullmatch(stripped):
            self._is_open, self._is_bare = False, False
            self._name, self._message = (match[1], match[2] or ""), []

    def _read_message(self, line: str, stripped: str, indent: int) -> None:
        if indent <= self._indent and _LOG_LINE.match(stripped):
            self._close()  # the trace stood in a log, which goes on
        else:
            self._message.append(line[self._indent :])

    def _close(self, *, keep_bare: bool = True) -> None:
        if self._name and (keep_bare or not self._is_bare):
            self._exceptions.append(self._exception(*self._name))
        elif self._frames:  # the text was cut off before the exception was named
            self._exceptions.append(ExceptionInfo(type="", frames=self._frames))
        self._name, self._is_bare, self._message = None, False, []
        self._frames, self._is_open = [], False

    def _exception(self, name: str, first_line: str) -> ExceptionInfo:
        module, _, kind = name.rpartition(".")
        message = "\n".join([first_line, *self._message]).rstrip()
        return ExceptionInfo(
            type=kind[: EXCEPTION_TYPE.limit],
            message=message[: EXCEPTION_MESSAGE.limit] or None,
            module=module[: NAME.limit] or None,
            frames=self._frames,
        )


class _GroupReader(_Reader):
    """The same of a text that holds an exception group."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[tuple[int, int]] = []  # place of a group among the exceptions, column of its parts

    def read(self, line: str) -> None:
        """Take in one line, with what a group draws at its left."""
        if rule := _GROUP_RULE.fullmatch(line):
            self._close()
            column = len(rule[1])
            self._leave_groups(column if rule[3] else column - 1)
            if rule[2] and self._exceptions:
                self._groups.append((len(self._exceptions) - 1, column + 2))
            return
        drawn = _GROUP_LINE.match(line)
        rest = line[drawn.end() :] if drawn else line
        if rest.lstrip() in (_HEADER, _GROUP_HEADER):
            self._close(keep_bare=False)
            self._leave_groups(len(line) - len(line.lstrip(" ")) if drawn else 0)
        super().read(rest)

    def finish(self) -> list[ExceptionInfo]:
        """Hand back what was read."""
        super().finish()
        self._leave_groups(-1)
        return self._exceptions

    def _leave_groups(self, column: int) -> None:
        """Put each group whose parts stand right of the column behind them."""
        while self._groups and self._groups[-1][1] > column:
            place, _ = self._groups.pop()
            self._exceptions.append(self._exceptions.pop(place))
