"""What the worker does for each wake-up, and at which times Valkey wakes it."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

from arq.cron import CronJob, cron
from arq.typing import WorkerCoroutine

from domain.messages import Job
from domain.timetable import read_timetable

Context: TypeAlias = dict[str, Any]
WAKE = "wake"


async def look_now(ctx: Context) -> None:
    """Let the timers look at once for what is due, rather than at their next poll."""
    wake: asyncio.Event = ctx[WAKE]
    wake.set()


# PostgreSQL says what is to be done, so every wake-up says the same: look.
HANDLERS: Mapping[Job, WorkerCoroutine] = {
    Job.TAKE_TRIAGE: look_now,
    Job.SEND_NOTIFICATIONS: look_now,
}


def timetable(text: str | None) -> list[CronJob]:
    """A wake-up at each time of the timetable that the text says; without it the poll finds the job a second later."""
    return [
        cron(look_now, name=job, hour=set(times.hours), minute=set(times.minutes))
        for job, times in read_timetable(text).items()
        if times is not None
    ]
