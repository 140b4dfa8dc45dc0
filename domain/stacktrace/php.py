"""What does an exception as PHP prints it say?

The form is that of `Throwable::__toString`, which prints the oldest cause first. A line of it names a place and what
was called there, so the function that has the place is named by the line below. Monolog, which writes Laravel's logs,
prints the oldest cause last.
"""

import re

from domain.report import ExceptionInfo, Frame
from domain.stacktrace import made
from domain.stacktrace.reader import Reader

_CALL = re.compile(r"#[0-9]{1,6} (?:(?P<path>.+?)\((?P<line>[0-9]{1,9})\)|\[internal function\]): (?P<call>.+)")
_MAIN = re.compile(r"#[0-9]{1,6} \{main\}")
_NAME = re.compile(r"(?:(?P<class>[\w\\@]+)(?:->|::))?(?P<function>[\w\\]*(?:\{closure[^}]*\})?)")
_HEAD = re.compile(r"(?P<type>[^\W\d][\w\\@]*)(?:: (?P<message>.*))?")
_PLACE = re.compile(r"(?P<path>.+):(?P<line>[0-9]{1,9})")
_LOGGED = re.compile(r"(?P<type>[^\W\d][\w\\@]*)\(code: [^()]*\): (?P<message>.*)", re.DOTALL)
_LOGGED_BEGINNING = "[object] ("
_PREVIOUS = "[previous exception] "
_BEGINNINGS = ("Stack trace:", "[stacktrace]")
_INTERNAL = "[internal function]"
_NEXT = "Next "
_UNCAUGHT = re.compile(r".*?Fatal error: +Uncaught ")


class _Reader(Reader):
    """A text read so far, the oldest cause first."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[re.Match[str]] = []
        self._is_done = False  # behind the chain

    @staticmethod
    def is_certain(line: str) -> bool:
        """Whether it is a call."""
        return line.startswith("#") and (_CALL.fullmatch(line) or _MAIN.fullmatch(line)) is not None

    def read(self, line: str) -> None:
        """Take in one line."""
        if line.startswith("#") and (call := _CALL.fullmatch(line)):
            self._calls.append(call)
        elif line.startswith("#") and _MAIN.fullmatch(line):
            self._close_at("{main}")
        elif line not in _BEGINNINGS:
            if self._calls and line.startswith((_NEXT, _PREVIOUS)):
                self._close()  # the middle was cut out
            self._head.append(line)

    def finish(self) -> list[ExceptionInfo]:
        """Hand back what was read."""
        if self._calls:
            self._close()
        return self._exceptions

    def _close(self) -> None:
        self._close_at(None)

    def _close_at(self, outermost: str | None) -> None:
        # PHP prints an error into its log and onto the page: the second is the same one.
        self._is_done = self._is_done or bool(self._exceptions and any(map(_UNCAUGHT.match, self._head)))
        if not self._is_done:
            kind, message, place = _error("\n".join(self._head).strip())
            exception = made.exception(kind, message, _frames(place, self._calls, outermost))
            is_previous = any(line.startswith(_PREVIOUS) for line in self._head)
            self._exceptions.insert(0 if is_previous else len(self._exceptions), exception)
        self._head, self._calls = [], []


read = _Reader.of


def _frames(thrown: re.Match[str] | None, calls: list[re.Match[str]], outermost: str | None) -> list[Frame]:
    places = [(thrown["path"], thrown["line"]) if thrown else (None, None)]
    places += [(call["path"] or _INTERNAL, call["line"]) for call in calls]
    names = [_names(call["call"].replace("\\\\", "\\")) for call in calls] + [(None, outermost)]
    frames = [made.frame(name, owner, *place) for place, (owner, name) in zip(places, names, strict=True)]
    return [frame for frame in reversed(frames) if frame.filename or frame.function]


def _names(call: str) -> tuple[str | None, str | None]:
    """The class, if there is one, and the function of `Class->function(arguments)`."""
    match = _NAME.match(call)
    return (match["class"], match["function"]) if match else (None, None)


def _error(head: str) -> tuple[str, str, re.Match[str] | None]:
    """Type, message and where it was thrown, from `Type: message in file:1`."""
    if _LOGGED_BEGINNING in head:
        return _logged_error(head.rpartition(_LOGGED_BEGINNING)[2])
    text, in_, place = head.rpartition(" in ")
    thrown = _PLACE.fullmatch(place) if in_ else None
    if thrown is None:
        return "", "", None
    lines = text.split("\n")
    for number, line in enumerate(lines):
        uncaught = _UNCAUGHT.match(line)
        if match := _HEAD.fullmatch(line[uncaught.end() :] if uncaught else line.removeprefix(_NEXT)):
            return match["type"], "\n".join([match["message"] or "", *lines[number + 1 :]]), thrown
    return "", text, thrown


def _logged_error(head: str) -> tuple[str, str, re.Match[str] | None]:
    """The same from `Type(code: 0): message at file:1)`, whose backslashes are doubled."""
    text, _, place = head.removesuffix(")").rpartition(" at ")
    thrown, match = _PLACE.fullmatch(place), _LOGGED.fullmatch(text)
    return (match["type"].replace("\\\\", "\\"), match["message"], thrown) if match else ("", "", thrown)
