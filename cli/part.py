"""Our own commands as parts of a running Tocsin: each a child process."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from core.embedded.process import Child, Program, Stop
from core.settings import ROOT


class CommandPart:
    """`tocsin NAME …` as a child, with its output in a log file."""

    def __init__(
        self,
        name: str,
        *arguments: str,
        logs: Path,
        environment: Mapping[str, str],
        within_s: float,
        keep_open: tuple[int, ...] = (),
    ) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._within_s = within_s
        self._child: Child | None = None
        self._program = Program(
            command_line(name, *arguments), cwd=ROOT, log=self.log, environment=environment, keep_open=keep_open
        )

    @property
    def returncode(self) -> int | None:
        """How it ended, or none while it runs."""
        return self._child.returncode if self._child else None

    def start(self) -> None:
        """Leave it started; it may not be ready yet."""
        self._child = Child(self._program)

    def stop(self) -> None:
        """Leave it ended, after it finished what it had accepted."""
        if self._child:
            self._child.stop([Stop(signal.SIGTERM, self._within_s)])
            self._child = None


def command_line(name: str, *arguments: str) -> list[str]:
    """Hand back how a command of ours is called."""
    return [sys.executable, "-m", "cli", name, *arguments]


def environment_with(settings: Mapping[str, str]) -> dict[str, str]:
    """Hand back our environment with those settings changed, and our packages before all others of their names."""
    ours = dict(os.environ)  # noqa: TID251 - handed on, not read
    return {**ours, **settings, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
