"""A program that runs as our child, writes to a log file, and does not outlive us."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_GUARD = str(Path(__file__).with_name("guard.py"))
_TAIL_BYTES = 2_000
# A server needs nothing of our environment, and should not see our secrets.
BARE_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class ServerFailed(Exception):
    """A server could not be had; the message says to a person what to do."""


class Account(NamedTuple):
    """An account of the operating system."""

    name: str
    uid: int
    gid: int


class Stop(NamedTuple):
    """A signal that asks a program to end, and the seconds it is given."""

    signal: signal.Signals
    within_s: float


@dataclass(frozen=True)
class Program:
    """What to run, and as whom.

    `death_signal` reaches it when this process dies. On Linux that is: when the thread that started it ends, so
    programs are started from the main thread.
    """

    argv: Sequence[str]
    cwd: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=lambda: BARE_ENVIRONMENT)
    account: Account | None = None
    death_signal: signal.Signals = signal.SIGTERM
    input: bytes = b""
    keep_open: tuple[int, ...] = ()


class Child:
    """One run of a program."""

    def __init__(self, program: Program, *, by_pipe: bool = sys.platform != "linux") -> None:
        read_end, self._lifeline = os.pipe() if by_pipe else (-1, -1)
        keep_open = (*program.keep_open, *([read_end] if by_pipe else ()))
        with program.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*guarded(program, read_end)],
                cwd=program.cwd,
                env=dict(program.environment),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=keep_open,
                start_new_session=True,  # a Ctrl-C in the terminal is ours alone: we stop our children in order
            )
        if by_pipe:
            os.close(read_end)
        self._give(program.input)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended (minus a signal's number), or none while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Hand back how it ended, once it has."""
        return self._process.wait()

    def stop(self, stops: Sequence[Stop]) -> int:
        """Leave it ended, asking as told and killing it at last; hand back how it ended."""
        for stop in stops:
            if self.returncode is not None:
                break
            self._process.send_signal(stop.signal)
            try:
                self._process.wait(stop.within_s)
            except subprocess.TimeoutExpired:
                continue
        return self.kill()

    def kill(self) -> int:
        """Leave it ended at once, with no chance to tidy up; hand back how it ended."""
        if self.returncode is None:
            self._process.kill()
        code = self._process.wait()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        return code

    def _give(self, text: bytes) -> None:
        assert self._process.stdin is not None
        try:
            with self._process.stdin as stdin:
                stdin.write(text)
        except BrokenPipeError:
            # It ended already: its return code and its log tell more than this.
            return


def guarded(program: Program, lifeline: int = -1) -> list[str]:
    """Hand back the command line that runs the program so that it ends with us, as the account it should."""
    uid, gid = (program.account.uid, program.account.gid) if program.account else (-1, -1)
    numbers = (os.getpid(), int(program.death_signal), uid, gid, lifeline)
    return [sys.executable, "-I", "-S", _GUARD, *(str(number) for number in numbers), *program.argv]


def run(what: str, program: Program) -> None:
    """Run the program to its end, or when we are interrupted to ours; `what` names it for a person.

    Either way nothing that it started runs on.

    Raises: ServerFailed with the end of what it printed, when it fails.
    """
    process = subprocess.Popen(
        guarded(program),
        cwd=program.cwd,
        env=dict(program.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=program.keep_open,
        start_new_session=True,
    )
    with process:
        try:
            printed, _ = process.communicate(program.input)
        except BaseException:
            _end_group(process)
            raise
    if process.returncode:
        raise ServerFailed(f"{what} failed: {printed[-_TAIL_BYTES:].decode(errors='replace').strip()}")


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process with all that it started, and return when the last of them has ended."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()  # what it prints ends when nobody is left who could print: they are not all our children


def tail(log: Path, offset: int = 0) -> str:
    """Hand back the last lines that were written to the log after the offset."""
    with log.open("rb") as lines:
        lines.seek(0, os.SEEK_END)
        lines.seek(max(offset, lines.tell() - _TAIL_BYTES))
        return lines.read().decode(errors="replace").strip()
