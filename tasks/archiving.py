"""Letting the archive be worked on, by commands of ours in a process of their own: the worker has not the memory."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg
import structlog

from core.away import AWAY
from core.ending import end
from core.settings import ROOT, Settings
from resolvers.archive.confirmed import erasures_wait
from resolvers.archive.outcome import ERASE, note_failure
from resolvers.resources import Resources

_log = structlog.get_logger()
# What such a command needs to be told; all else it takes from the environment, as we did.
_TOLD = ("database_url", "redis_url", "archive", "archive_access_key", "archive_secret_key", "event_retention_days")
_AGAIN = timedelta(minutes=1)


async def run_archive(res: Resources, *words: str) -> bool:
    """Run `tocsin archive …` to its end, or kill it when cancelled; false where it failed.

    That is logged, and noted until it goes well again.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "archive", *words),
        env=_environment(res.settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        reason = said.decode(errors="replace").strip().rpartition("\n")[2] or f"It ended with {process.returncode}."
        _log.error("archive failed", command=words[0], reason=reason, code=process.returncode)
        # While the database is away, that is what there is to be seen.
        with suppress(*AWAY, asyncpg.PostgresError):
            await note_failure(res, words[0], reason)
    return process.returncode == 0


class ArchiveErasures:
    """Begins to take people out of archived files when that is asked for, besides all else and once at a time."""

    def __init__(self, res: Resources, finished: Callable[[], None]) -> None:
        self._res = res
        self._finished = finished
        self._under_way: asyncio.Task[None] | None = None
        self._not_before: datetime | None = None

    async def start_due(self) -> None:
        """Begin if somebody waits, none is under way, and the last try that failed is some time ago."""
        now = self._res.clock.now()
        if self._under_way is not None or (self._not_before is not None and now < self._not_before):
            return
        if not await erasures_wait(self._res):
            return
        self._not_before = now + _AGAIN
        if self._res.settings.archive is None:
            _log.error("erasure waits: there are archived files, and TOCSIN_ARCHIVE is not set")
            return
        self._under_way = asyncio.create_task(self._erase())

    async def stop(self) -> None:
        """Leave none under way; one that is cut off goes on where it was."""
        if self._under_way is not None:
            await end([self._under_way])

    async def _erase(self) -> None:
        try:
            if await run_archive(self._res, ERASE):
                self._not_before = None
                _log.info("people erased from archived files")
        finally:
            self._under_way = None
            self._finished()


def _environment(settings: Settings) -> dict[str, str]:
    ours = dict(os.environ)  # noqa: TID251 - handed on, not read
    told = {f"TOCSIN_{name.upper()}": getattr(settings, name) for name in _TOLD}
    known = {name: str(value) for name, value in told.items() if value is not None}
    return {**ours, **known, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
