"""What the worker does for each wake-up, and what it does by the calendar."""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

from arq.cron import CronJob, cron
from arq.typing import WorkerCoroutine

from domain.messages import Job
from resolvers.archive.behind import is_behind
from resolvers.archive.outcome import RUN
from resolvers.discarded import prune_discarded
from resolvers.dropped import prune_dropped
from resolvers.event.prune import prune_events
from resolvers.feedback import prune_feedback
from resolvers.partitions import drop_partitions, make_partitions
from resolvers.resources import Resources
from resolvers.retention import prune_event_keys, prune_firings, prune_source_maps
from resolvers.sourcemap.chunks import prune_chunks
from tasks.archiving import run_archive

Context: TypeAlias = dict[str, Any]
RESOURCES, WAKE = "resources", "wake"
# A big day takes long to be archived; a run that does not come to its end is taken up by the next.
_ARCHIVING_S = 20 * 3600


async def look_now(ctx: Context) -> None:
    """Let the timers look at once for what is due, rather than at their next poll."""
    wake: asyncio.Event = ctx[WAKE]
    wake.set()


# PostgreSQL says what is to be done, so every wake-up says the same: look.
HANDLERS: Mapping[Job, WorkerCoroutine] = {
    Job.TAKE_TRIAGE: look_now,
    Job.SEND_NOTIFICATIONS: look_now,
}


def calendar() -> list[CronJob]:
    """What is done at set times, UTC. Missing one only puts it off: each does all that is left to do."""
    return [
        cron(_make_partitions, name="make_partitions", hour={0, 6, 12, 18}, minute=7),
        cron(_drop_partitions, name="drop_partitions", hour=2, minute=23, timeout=_ARCHIVING_S),
        cron(_archive_too_many, name="archive_too_many", minute={2, 32}, timeout=_ARCHIVING_S),
        cron(_prune, name="prune_event_keys", minute={11, 41}),
        cron(_prune_feedback, name="prune_feedback", hour=3, minute=17),
        cron(_prune_source_maps, name="prune_source_maps", minute=53),
        cron(_prune_dropped, name="prune_dropped", hour=3, minute=19),
        cron(_prune_events, name="prune_events", minute={17, 47}),
    ]


async def _make_partitions(ctx: Context) -> None:
    await make_partitions(_resources(ctx))


async def _drop_partitions(ctx: Context) -> None:
    res = _resources(ctx)
    if res.settings.archive is not None:
        await _archive(res)
    await drop_partitions(res)


async def _archive_too_many(ctx: Context) -> None:
    res = _resources(ctx)
    # A process that would find nothing to do, or wait for another, is not worth its memory.
    if res.settings.archive is not None and await is_behind(res):
        await _archive(res)


async def _archive(res: Resources) -> None:
    await run_archive(res, RUN, "--on", f"{res.clock.now():%Y-%m-%d}")


async def _prune(ctx: Context) -> None:
    await prune_event_keys(_resources(ctx))


async def _prune_feedback(ctx: Context) -> None:
    await prune_feedback(_resources(ctx))
    await prune_discarded(_resources(ctx))
    await prune_firings(_resources(ctx))


async def _prune_source_maps(ctx: Context) -> None:
    await prune_source_maps(_resources(ctx))
    await prune_chunks(_resources(ctx))


async def _prune_dropped(ctx: Context) -> None:
    await prune_dropped(_resources(ctx))


async def _prune_events(ctx: Context) -> None:
    await prune_events(_resources(ctx))


def _resources(ctx: Context) -> Resources:
    resources: Resources = ctx[RESOURCES]
    return resources
