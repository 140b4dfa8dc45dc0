"""Whose code is a frame: the application's, or that of a library or the language itself?"""

import re
from collections.abc import Iterable
from functools import lru_cache

from domain.report import ExceptionInfo, Frame

_FOREIGN = re.compile(
    r"[/\\](?:site-packages|dist-packages|node_modules|bower_components)[/\\]"
    r"|[/\\]lib(?:64|32)?[/\\]python[0-9.]*[/\\]"  # the library of Python on POSIX
    r"|[/\\]python[0-9.]*[/\\]lib[/\\]"  # and on Windows
    r"|^(?:site-packages|dist-packages|node_modules)[/\\]"
    r"|^(?:<frozen |<anonymous>|<__array_function__ |node:|internal/|native\b|\[native)"
    r"|\[native code\]"
    r"|^[a-z-]+-extension://",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_in_app(path: str | None) -> bool:
    """Whether a file is the application's own, by its path alone; what has no path is taken for its own."""
    return path is None or _FOREIGN.search(path) is None


def innermost_in_app(exceptions: Iterable[ExceptionInfo]) -> Frame | None:
    """The application's frame nearest to where the last exception was thrown, or else the one before it, and so on."""
    for exception in reversed(list(exceptions)):
        for frame in reversed(exception.frames):
            if frame.in_app:
                return frame
    return None
