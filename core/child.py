"""Asking a program of ours that may be killed for it: one line or more in, one answer out."""

import asyncio
import sys
from asyncio.subprocess import Process
from contextlib import AbstractAsyncContextManager, nullcontext

from core.settings import ROOT


class ChildLost(Exception):
    """The process ended without an answer, or had to be ended."""


async def ask_child(
    module: str, asked: bytes, *, most_s: float, turn: AbstractAsyncContextManager[None] | None = None
) -> bytes:
    """What `python -m module` answers to that, in a process of its own, all within `most_s` seconds.

    It sees nothing of our environment, and the event loop is not held up meanwhile. It says with an empty line that it
    has begun: to load its libraries is most of its work, and the `turn` is had until then.

    Raises: ChildLost.
    """
    process: Process | None = None
    try:
        async with asyncio.timeout(most_s):
            async with turn or nullcontext():
                process = await _start(module)
                assert process.stdout is not None
                await process.stdout.readline()
            said, _ = await process.communicate(asked)
    except TimeoutError as late:
        raise ChildLost from late
    finally:
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not said:
        raise ChildLost
    return said


async def _start(module: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        env={"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
