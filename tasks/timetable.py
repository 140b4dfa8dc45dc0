"""Keeping the timetable by PostgreSQL: what is due is begun besides all else, and what was missed is made up for."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from core.away import is_away
from core.ending import end
from domain.timetable import OF_THE_MOMENT, ScheduledJob, Times, read_timetable
from resolvers.resources import Resources
from resolvers.timetable.run import Work, last_times_done, run_due

_log = structlog.get_logger()
# Each has a connection of its own besides.
MOST_AT_ONCE = 3
_LOOK_AGAIN_AFTER = timedelta(seconds=15)


class Timetable:
    """Begins each job when its time has come, several at once, each once at a time.

    What was missed while no worker ran is made up for; a new installation, which never did anything, begins now.
    """

    def __init__(self, res: Resources, work: Mapping[ScheduledJob, Work]) -> None:
        self._res = res
        self._work = work
        self._times = {job: times for job, times in read_timetable(res.settings.timetable).items() if times is not None}
        self._next: dict[ScheduledJob, datetime] = {}
        self._under_way: dict[ScheduledJob, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    async def start_due(self) -> None:
        """Begin what is due and not under way."""
        now = self._res.clock.now()
        if not self._next:
            self._next = await self._first_times(now)
        for job, at in self._next.items():
            if at <= now and job not in self._under_way:
                self._under_way[job] = asyncio.create_task(self._do(job, self._times[job]))

    async def finish(self) -> None:
        """Return when nothing is under way."""
        while self._under_way:
            await asyncio.wait(list(self._under_way.values()))

    async def stop(self) -> None:
        """Leave nothing under way; what was cut off is tried again by whoever looks next."""
        await end(list(self._under_way.values()))

    async def _first_times(self, now: datetime) -> dict[ScheduledJob, datetime]:
        """When each job is due first: the first time after the last that it was done for."""
        done, known_since = await last_times_done(self._res)
        since = {job: now if job in OF_THE_MOMENT else done.get(job, known_since or now) for job in self._times}
        return {job: times.next(since[job]) for job, times in self._times.items()}

    async def _do(self, job: ScheduledJob, times: Times) -> None:
        """Do the job for the last of its times, which stands for those that were missed before."""
        again_at = self._res.clock.now() + _LOOK_AGAIN_AFTER
        try:
            async with self._room:
                due_at = times.latest(self._res.clock.now())
                if await run_due(self._res, job, self._work[job], due_at=due_at):
                    again_at = times.next(due_at)
        except Exception as error:  # noqa: BLE001 - the next look is soon
            log = _log.warning if is_away(error) else _log.exception
            log("scheduled job not begun", job=job, error=f"{type(error).__name__}: {error}".partition("\n")[0])
        finally:
            self._next[job] = again_at
            del self._under_way[job]
