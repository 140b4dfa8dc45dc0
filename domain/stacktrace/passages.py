"""What in the text of a stack trace is code or a call, and what did somebody say?"""

import re
from collections.abc import Iterator

# Python: the call, and the lines of code below it, which stand further to the right.
_PYTHON = r'([ \t|]*+)File "[^"\n]++", line [0-9]++[^\n]*+(?:\n\1[ \t]+[^\n]*+)*+'
# V8 and Java; what names a value is no call.
_AT = r"""[ \t]++at [^"'=\n]*+"""
_GECKO = r"""[^\s"'=@]*+@[^\s"'=]*:[0-9]++"""
# Node puts the line that threw above the error, and marks below it.
_NODE = r"[^\s][^\n]*:[0-9]{1,9}\r?\n[^\n]*+\n[ \t]*+\^++[ \t\r]*+"
_HEADER = r"[ |+]*+(?:Exception Group )?Traceback \(most recent call last\):"
_CODE = re.compile(rf"(?:^(?:{_PYTHON}|{_HEADER}|{_AT}|{_GECKO}|{_NODE})(?:\r?\n|\Z))++", re.MULTILINE)


def passages(text: str) -> Iterator[tuple[str, bool]]:
    """The whole text in pieces, each with whether it was said: an error's message, a line of a log, and not code."""
    at = 0
    for code in _CODE.finditer(text):
        # The end of the line before stays with the code: what takes the rest of a message must not join the two.
        start = max(code.start() - 1, at)
        yield text[at:start], True
        yield text[start : code.end()], False
        at = code.end()
    yield text[at:], True
