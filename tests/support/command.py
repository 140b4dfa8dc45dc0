"""One of our commands as a process of its own, which may be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress

from core.settings import ROOT, Settings
from tests.support.prepared import PREPARED, order


class Command:
    """A running command, and the lines that it logs."""

    def __init__(self, pid: int, output: asyncio.StreamReader, fate: Awaitable[int]) -> None:
        self.pid = pid
        self.lines: list[str] = []
        self._read = asyncio.create_task(self._read_all(output))
        self._fate = asyncio.ensure_future(fate)

    async def wait_for(self, words: str) -> None:
        """Return once it has logged a line with the words."""
        while not any(words in line for line in self.lines):
            assert not self._read.done(), f"It ended without {words!r}:\n{''.join(self.lines)}"
            await asyncio.sleep(0.01)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    async def wait(self) -> int:
        """Return how it ended."""
        await self._read
        return await self._fate

    def _send(self, number: signal.Signals) -> None:
        if not self._fate.done():
            with suppress(ProcessLookupError):  # it ended just now
                os.kill(self.pid, number)

    async def _read_all(self, output: asyncio.StreamReader) -> None:
        async for line in output:
            self.lines.append(line.decode())


@asynccontextmanager
async def running(settings: Settings, *words: str, pass_fds: Sequence[int] = ()) -> AsyncIterator[Command]:
    """`tocsin` with these words and settings, dead at the end of the block."""
    start = _fork if words[0] in PREPARED else _execute
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", **_environment(settings)}
    command = await start(words, environment, pass_fds)
    try:
        yield command
    finally:
        command.kill()
        await command.wait()


async def _execute(words: Sequence[str], environment: dict[str, str], pass_fds: Sequence[int]) -> Command:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cli",
        *words,
        cwd="/",
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=pass_fds,
    )
    assert process.stdout is not None
    return Command(process.pid, process.stdout, process.wait())


async def _fork(words: Sequence[str], environment: dict[str, str], pass_fds: Sequence[int]) -> Command:
    read, write = os.pipe()
    fate = await _opened(order(words, environment, out=write, err=write, pass_fds=pass_fds))
    os.close(write)
    output = await _opened(read)
    pid = int(await fate.readline())

    async def end() -> int:
        return int(await fate.read())

    return Command(pid, output, end())


async def _opened(fd: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(fd, "rb", buffering=0)
    )
    return reader


def _environment(settings: Settings) -> dict[str, str]:
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    return {f"TOCSIN_{name}".upper(): _text(value) for name, value in given.items() if value is not None}


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
