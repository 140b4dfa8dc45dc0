"""One of our commands as a process of its own, which may be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from core.settings import ROOT, Settings


class Command:
    """A running command, and the lines that it logs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []
        self._ended = asyncio.create_task(self._read())

    async def wait_for(self, words: str) -> None:
        """Return once it has logged a line with the words."""
        while not any(words in line for line in self.lines):
            assert not self._ended.done(), f"It ended without {words!r}:\n{''.join(self.lines)}"
            await asyncio.sleep(0.01)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        """Return how it ended."""
        await self._ended
        return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode())


@asynccontextmanager
async def running(settings: Settings, *words: str, pass_fds: Sequence[int] = ()) -> AsyncIterator[Command]:
    """`tocsin` with these words and settings, dead at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cli",
        *words,
        cwd="/",
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", **_environment(settings)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=pass_fds,
    )
    command = Command(process)
    try:
        yield command
    finally:
        if process.returncode is None:
            command.kill()
        await command.wait()


def _environment(settings: Settings) -> dict[str, str]:
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    return {f"TOCSIN_{name}".upper(): _text(value) for name, value in given.items() if value is not None}


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
