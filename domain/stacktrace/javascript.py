"""What does a stack as a JavaScript engine prints it say?

V8 (Chrome, Edge, Node, Deno) prints `    at f (file:1:2)` below the error (v8.dev/docs/stack-trace-api), SpiderMonkey
and JavaScriptCore (Firefox, Safari) print `f@file:1:2` and no error. All print the newest call first, causes below.

Node prints what hangs on an error below its frames, as properties that are indented: `util.inspect` puts the frames of
an error four columns right of its name, and those of its cause two columns further.
"""

import re

from domain.bounds import EXCEPTION_MESSAGE, EXCEPTION_TYPE, NAME, PATH
from domain.report import ExceptionInfo, Frame
from domain.stacktrace.in_app import is_in_app
from domain.stacktrace.reader import Reader

_POSITION = re.compile(r":([0-9]{1,9}):([0-9]{1,9})$")
# Rust prints `at ./src/main.rs:4:5`, and linters `/app/x.py:1:2`.
_OTHER_LANGUAGE = re.compile(r"\.(?:rs|go|c|cc|cpp|h|swift|py|rb|php|cs)$")
_NATIVE = ("<anonymous>", "native", "[native code]", "native code")
_GECKO_PLACE = re.compile(
    r"(?:[a-z][\w+.-]{1,30}:/|/|[A-Za-z]:[/\\]|<anonymous>|\[native code\]$|debugger eval code"
    r"|[\w./-]+\.(?:[mc]?jsx?|tsx?|(?:js)?bundle):[0-9])",  # React Native names its bundle without a path
    re.ASCII,
)
_GECKO_EVAL = re.compile(r" line ([0-9]{1,9}) > (?:eval|Function|injectedScript).*$")
_ERROR = re.compile(
    r"(?:Uncaught (?:\(in promise\) )?)?(?P<type>[A-Za-z_$][\w$.]*)(?: \[\w+\])?(?:: (?P<message>.*)|:)?(?: [{\[])?"
)
_ERROR_NAME = re.compile(r"(?:Error|Exception|Rejection)$")
_CAUSE = re.compile(r"\[cause\]: |[Cc]aused by: ")
_OTHER_ERROR = re.compile(r"\[errors\]: \[|(?:\[?[\w$]+\]?: )?(?:\[ ?)?[\w$.]*(?:Error|Exception)\b")
_END_OF_OBJECT = re.compile(r"[\]} ]+,?")
_END_OF_BARE = re.compile(r"\](?: \{.*)?$")
_CARET = re.compile(r"\^+")
_LINE_OF_CODE = re.compile(r":[0-9]{1,9}$")
_NATIVE_CODE = "[native code]"
_URL = re.compile(r"[A-Za-z][\w+.-]*://[^/?#]*([^?#]*)")
_INDENT_OF_FRAMES = 4
_BUNDLER = re.compile(r"(?:webpack(?:-internal)?|turbopack|vite|ng|app):///?")


class _Reader(Reader):
    """A stack read so far, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._is_cause = False
        self._column = 0  # of the frames, once there is one
        self._floor = -1  # the column where what this error is part of goes on
        self._is_other = False  # inside an error that hangs on this one, but did not cause it
        self._is_done = False  # behind the chain: the rest hangs on an error further out

    def read(self, line: str) -> None:
        """Take in one line."""
        stripped = line.strip()
        if self._is_done:
            return
        column = len(line) - len(line.lstrip())
        frame = _frame(stripped)
        if frame is not None:
            self._read_frame(frame, column)
        elif (cause := _CAUSE.match(stripped)) and (column < self._column or not self._column or not self._frames):
            self._close()
            self._is_cause, self._floor, self._head = True, column - 1, [stripped[cause.end() :]]
        elif (
            stripped and column <= self._floor and (_END_OF_OBJECT.fullmatch(stripped) or _OTHER_ERROR.match(stripped))
        ):
            self._is_done = True
        elif not self._frames:
            self._head.append(stripped)
        elif _OTHER_ERROR.match(stripped):
            self._is_other = True

    def _read_frame(self, frame: Frame, column: int) -> None:
        if not self._frames:
            self._column, self._floor = column, column - _INDENT_OF_FRAMES
        if not self._is_other and (column <= self._column or not self._column):
            self._frames.append(frame)

    def _close(self) -> None:
        kind, message = _error(self._head) if self._frames else _error_without_stack(self._head)
        if self._frames or (self._is_cause and self._exceptions and kind):
            self._exceptions.append(
                ExceptionInfo(
                    type=kind[: EXCEPTION_TYPE.limit],
                    message=message[: EXCEPTION_MESSAGE.limit] or None,
                    frames=self._frames[::-1],
                )
            )
        self._frames, self._head, self._is_cause, self._is_other = [], [], False, False


read = _Reader.of


def _error_without_stack(head: list[str]) -> tuple[str, str]:
    """Type and message of a cause that Node prints as `[Error: x]`; both empty where it is no error."""
    if not head or not head[0].startswith("["):
        return _error(head[:1])
    for number, line in enumerate(head):
        if end := _END_OF_BARE.search(line):
            head = [*head[:number], line[: end.start()]]
            break
    return _error([head[0][1:], *head[1:]])


def _error(head: list[str]) -> tuple[str, str]:
    """Type and message from the lines above the frames, where Node may also have put the line of code that threw."""
    head = _without_code(head)
    while head and not head[-1]:
        head.pop()
    for number, line in enumerate(head):
        match = _ERROR.fullmatch(line)
        if match and _ERROR_NAME.search(match["type"]):
            return match["type"], "\n".join([match["message"] or "", *head[number + 1 :]]).strip()
    if not head:
        return "", ""
    match = _ERROR.fullmatch(head[-1])
    if match and match["message"] is not None:
        return match["type"], match["message"]
    return "", head[-1]


def _without_code(head: list[str]) -> list[str]:
    """The head without what Node prints above an error that nobody caught: `file:1`, the line of code, a caret."""
    for number, line in enumerate(head[2:], start=2):
        if _CARET.fullmatch(line) and _LINE_OF_CODE.search(head[number - 2]):
            return head[number + 1 :]
    return head[:]


def _frame(line: str) -> Frame | None:
    if line == _NATIVE_CODE:
        return _made(None, line, None, None)
    if line.startswith("at "):
        # Behind the last frame Node opens the properties of an error, or goes on to the next of a list.
        return _v8_frame(line[3:].removesuffix(" {").removesuffix(","))
    if "@" in line or _POSITION.search(line):
        return _gecko_frame(line)
    return None


def _v8_frame(rest: str) -> Frame | None:
    function, place = None, rest
    if rest.endswith(")") and (opening := rest.find(" (")) >= 0:
        function, place = rest[:opening].removeprefix("async "), rest[opening + 2 : -1]
        function = function.partition(" [as ")[0]
    else:
        place = place.removeprefix("async ")
    place = place.removeprefix("address at ")  # Hermes
    if place.startswith("eval at "):
        place = _outside_of_eval(place)
    if function is not None and (place in _NATIVE or place.startswith("index ")):
        return _made(function, "<anonymous>", None, None)
    return _placed(function, place)


def _outside_of_eval(place: str) -> str:
    """Where the code stands that called `eval`: `eval at f (eval at g (file:1:2)), <anonymous>:1:1` is `file:1:2`."""
    inner = place[place.rfind("(") + 1 :]
    return inner.partition(")")[0]


def _gecko_frame(line: str) -> Frame | None:
    function, at, place = line.partition("@")
    if not at or "//" in function:  # a place alone, perhaps with an @ in its path
        function, place = "", line
    if not _GECKO_PLACE.match(place):
        return None
    function = function.rpartition("*")[2].rstrip(
        "/<"
    )  # what an async call waited for stands before: `setTimeout handler*f`
    if place == _NATIVE_CODE:
        return _made(function or None, place, None, None)
    if " > " in place:
        place = _GECKO_EVAL.sub(r":\1:0", place)
    return _placed(function or None, place)


def _placed(function: str | None, place: str) -> Frame | None:
    position = _POSITION.search(place)
    if position is None or _OTHER_LANGUAGE.search(place, 0, position.start()):
        return None
    return _made(function, place[: position.start()], int(position[1]), int(position[2]) or None)


def _made(function: str | None, place: str, line: int | None, column: int | None) -> Frame:
    filename = _filename(place)
    return Frame(
        function=function[: NAME.limit] if function else None,
        filename=filename[: PATH.limit],
        absolute_path=place[: PATH.limit] if place != filename else None,
        line=line,
        column=column,
        in_app=is_in_app(place) and is_in_app(filename),
    )


def _filename(place: str) -> str:
    """The path alone: without the host, which differs between environments, and what a bundler puts around it."""
    if bundler := _BUNDLER.match(place):
        return place[bundler.end() :].partition("?")[0]
    url = _URL.match(place)
    return (url[1] if url else "") or place
