"""What does a stack trace as the Dart VM prints it say, alone or below what Flutter says of it?

The newest call comes first, numbered: `#0      Cart.pay (package:shop/cart.dart:12:5)`.
"""

import re

from domain.report import ExceptionInfo, Frame
from domain.stacktrace import made

_FRAME = re.compile(
    r"#(?P<number>[0-9]{1,6})\s+(?P<function>\S.*) \((?P<path>(?:dart:|package:|[a-z]+://|[\w./\\-]*\.dart)[^()]*?)"
    r"(?::(?P<line>[0-9]{1,9}))?(?::(?P<column>[0-9]{1,9}))?\)"
)
_UNHANDLED = re.compile(r".*unhandled exception:\s*(?P<rest>.*)", re.IGNORECASE)
_THROWN = re.compile(r"The following (?P<type>\S+)(?: object)? was thrown.*")
_TYPE = re.compile(
    r"(?P<type>[A-Za-z_$][\w$]*(?:Error|Exception|Failure))(?: \([^()]*\))?(?:: ?(?P<message>.*))?", re.DOTALL
)


def read(lines: list[str]) -> list[ExceptionInfo]:
    """Hand back the exception of a text, its frames oldest first; none where it is no such text."""
    head: list[str] = []
    frames: list[Frame] = []
    for line in lines:
        match = _FRAME.fullmatch(line.lstrip()) if "#" in line else None
        if match is None:
            if not frames:
                head.append(line.strip())
            continue
        if frames and match["number"] == "0":
            break  # another trace
        frames.append(_frame(match))
    return [made.exception(*_error(head), frames[::-1])] if frames else []


def _frame(match: re.Match[str]) -> Frame:
    frame = made.frame(match["function"], None, match["path"], match["line"])
    frame.column = int(match["column"]) if match["column"] else None
    return frame


def _error(head: list[str]) -> tuple[str, str]:
    """Type and message, which Flutter puts between lines of its own."""
    for number, line in enumerate(head):
        if thrown := _THROWN.fullmatch(line):
            return thrown["type"], next(filter(None, head[number + 1 :]), "")
        if unhandled := _UNHANDLED.fullmatch(line):
            return _typed("\n".join([unhandled["rest"], *head[number + 1 :]]).strip())
    return _typed("\n".join(head).strip())


def _typed(text: str) -> tuple[str, str]:
    match = _TYPE.fullmatch(text)
    return (match["type"], match["message"] or "") if match else ("", text)
