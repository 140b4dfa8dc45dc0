"""Those who watch, in a process of their own: they note when each message was there, and take no time of the sender's.

`python -m bench.audience` reads what to do as JSON from its standard input: `url`; `firsts`, what each socket says; and
`events`, how often each is to be told. It writes a line once all are open, and then, as JSON, when each was told.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson
import uvloop

from bench.sockets import Counting, leave, open_all

_LINE_BYTES = 1 << 28


@dataclass(frozen=True)
class Audience:
    """The process, once all in it watch."""

    _process: asyncio.subprocess.Process

    async def told(self) -> list[list[float]]:
        """When each socket was told each time, once all were told; seconds, as `time.time` has them.

        Raises: RuntimeError where sockets were lost.
        """
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("The audience was lost.")
        times: list[list[float]] = orjson.loads(line)
        return times


@asynccontextmanager
async def audience(url: str, firsts: Sequence[list[object]], mark: bytes, events: int) -> AsyncIterator[Audience]:
    """So many sockets watch within the block; `mark` stands once in what each is told.

    Raises: RuntimeError where they cannot.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.audience", stdin=pipe, stdout=pipe, limit=_LINE_BYTES
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        asked = {"url": url, "firsts": firsts, "mark": mark.decode(), "events": events}
        process.stdin.write(orjson.dumps(asked) + b"\n")
        if not await process.stdout.readline():
            raise RuntimeError("Nobody can watch.")
        yield Audience(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _watch() -> None:
    asked = orjson.loads(sys.stdin.buffer.readline())
    sockets = [Counting(asked["mark"].encode(), time.time) for _ in asked["firsts"]]
    await open_all(sockets, asked["url"], asked["firsts"])
    sys.stdout.write("\n")
    sys.stdout.flush()
    await asyncio.gather(*(socket.wait_for(asked["events"]) for socket in sockets))
    leave(sockets)
    sys.stdout.buffer.write(orjson.dumps([socket.arrivals for socket in sockets]) + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(_watch())
