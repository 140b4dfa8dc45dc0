"""Keeping a process from everything but its own code and one door, whatever the libraries in it would like to do.

It stands on Python's audit events (PEP 578; docs.python.org/3/library/audit_events.html): a hook sees each before it
is done, can refuse it, and cannot be taken out again. It holds what goes through Python's own modules, as all that is
written in Python does; it is no wall against machine code.
"""

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_CODE = tuple(
    {os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READING = frozenset({"os.listdir", "os.scandir"})
# To have a socket, or to know one's own name, leads nowhere.
_HARMLESS = frozenset({"socket.__new__", "socket.gethostname"})
# What leaves, and is let through while the door is open.
_LEAVING = frozenset({"socket.connect", "socket.getaddrinfo"})
_REFUSED = frozenset({
    "ctypes", "fcntl", "ftplib", "glob", "http", "imaplib", "mmap", "nntplib", "os", "pathlib", "poplib", "pty",
    "resource", "shutil", "smtplib", "socket", "sqlite3", "subprocess", "syslog", "telnetlib", "tempfile", "urllib",
    "webbrowser",
})  # fmt: skip


class Confined(PermissionError):
    """This is kept from the process."""


@dataclass(slots=True)
class Confinement:
    """What the process is kept from; `refused` are the audit events that were not let through."""

    refused: list[str] = field(default_factory=list)
    _is_open: int = 0

    @contextmanager
    def door(self) -> Iterator[None]:
        """Let connections be made meanwhile: for code that looks at the address itself."""
        self._is_open += 1
        try:
            yield
        finally:
            self._is_open -= 1

    def check(self, event: str, args: tuple[Any, ...]) -> None:
        """Return where that may be done.

        Raises: Confined.
        """
        if not self._may(event, args):
            self.refused.append(event)
            raise Confined(f"{event} is kept from this process")

    def _may(self, event: str, args: tuple[Any, ...]) -> bool:
        if event == "open":
            path, _, flags = args
            return isinstance(path, int) or (not flags & _WRITING and _is_code(path))
        if event in _READING:
            return _is_code(args[0])
        if event in _LEAVING:
            return self._is_open > 0
        return event in _HARMLESS or event.partition(".")[0] not in _REFUSED


def confine() -> Confinement:
    """Keep this process, until it ends, from files that are not Python code, from other programs and the network.

    What it hands back has the one door.
    """
    confinement = Confinement()
    sys.addaudithook(confinement.check)
    return confinement


def _is_code(path: Any) -> bool:
    return path is not None and os.path.realpath(os.fsdecode(path)).startswith(_CODE)
