"""What does the text of a stack trace say? One module a language; a text that none of them knows says nothing."""

import re

from domain.bounds import EXCEPTIONS, FRAMES, STACK_TRACE, both_ends
from domain.report import ExceptionInfo
from domain.stacktrace import csharp, dart, go, java, javascript, php, python, ruby

_LONGEST_LINE = 4096
_COLOUR = re.compile("\x1b\\[[0-9;]{0,20}m")
# Those that nobody else's text is taken for come first. JavaScript's frames are the least certain.
_LANGUAGES = (python.read, go.read, php.read, ruby.read, dart.read, java.read, csharp.read, javascript.read)


def parse_stack_trace(text: str) -> list[ExceptionInfo]:
    """Hand back the exceptions of a trace, oldest cause first, frames oldest first; none where no language knows it.

    `type` is empty where the text does not say it (Firefox and Safari print frames only). The text may be hostile: the
    time is linear in it, and what comes back keeps the bounds of a report.
    """
    plain = _COLOUR.sub("", text[: STACK_TRACE.limit])
    lines = [line[:_LONGEST_LINE].rstrip() for line in plain.split("\n")]
    for read in _LANGUAGES:
        if exceptions := read(lines):
            return _bounded(exceptions)
    return []


def _bounded(exceptions: list[ExceptionInfo]) -> list[ExceptionInfo]:
    kept = both_ends(exceptions, EXCEPTIONS.limit)
    for exception in kept:
        exception.frames = both_ends(exception.frames, FRAMES.limit)
    return kept
