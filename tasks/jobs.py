"""What each job of the timetable does, and how much of it there was to do."""

from collections.abc import Awaitable, Callable, Mapping

from domain.timetable import ScheduledJob
from resolvers.archive.behind import is_behind
from resolvers.archive.outcome import RUN
from resolvers.discarded import prune_discarded
from resolvers.dropped import prune_dropped
from resolvers.escalation.timer import escalate_due
from resolvers.event.prune import prune_events
from resolvers.feedback import prune_feedback
from resolvers.issue.noting import note_frames
from resolvers.notification.senders import senders
from resolvers.partitions import drop_partitions, make_partitions
from resolvers.pattern.analyse import analyse_patterns
from resolvers.resources import Resources
from resolvers.retention import prune_counts, prune_event_keys, prune_firings, prune_source_maps
from resolvers.sourcemap.chunks import prune_chunks
from resolvers.summary.send import prune_summaries, send_summaries
from resolvers.surge.find import find_surges
from resolvers.timetable.run import JobFailed, Work, prune_runs
from resolvers.triage import take_triage
from resolvers.users import fold_users
from resolvers.warning.audit import audit
from resolvers.warning.thresholds import check_thresholds
from tasks.archiving import run_archive
from tasks.dispatch import Dispatcher


async def _make_partitions(res: Resources) -> Mapping[str, int]:
    return {"made": len(await make_partitions(res))}


async def _drop_partitions(res: Resources) -> Mapping[str, int]:
    went_well = res.settings.archive is None or await _archive(res)
    dropped = len(await drop_partitions(res))
    if not went_well:
        raise JobFailed(f"Archiving failed, see the log; {dropped} partitions were dropped.")
    return {"dropped": dropped}


async def _archive_too_many(res: Resources) -> Mapping[str, int]:
    # A process that would find nothing to do, or wait for another, is not worth its memory.
    if res.settings.archive is None or not await is_behind(res):
        return {"archived": 0}
    if not await _archive(res):
        raise JobFailed("Archiving failed, see the log.")
    return {"archived": 1}


async def _archive(res: Resources) -> bool:
    return await run_archive(res, RUN, "--on", f"{res.clock.now():%Y-%m-%d}")


async def _prune_feedback(res: Resources) -> Mapping[str, int]:
    gone = await prune_feedback(res)
    return {"feedback": gone, "discarded": await prune_discarded(res)}


async def _prune_source_maps(res: Resources) -> Mapping[str, int]:
    gone = await prune_source_maps(res)
    return {"maps": gone, "pieces": await prune_chunks(res)}


async def _escalate(res: Resources) -> Mapping[str, int]:
    judged = climbed = 0
    while step := await take_triage(res):
        judged += step
    while step := await escalate_due(res):
        climbed += step
    return {"judged": judged, "climbed": climbed}


async def _retry_notifications(res: Resources) -> Mapping[str, int]:
    dispatcher = Dispatcher(res, senders(res))
    tried = 0
    while step := await dispatcher.start_due():
        tried += step
        await dispatcher.finish(res.settings.notification_lease_s)
    return {"tried": tried}


async def _prune_runs(res: Resources) -> Mapping[str, int]:
    """Leave no old record of what was done: of jobs that ran, alert rules that fired, and summaries that were sent."""
    gone = {"runs": await prune_runs(res), "firings": await prune_firings(res)}
    return {**gone, "summaries": await prune_summaries(res)}


def _counted(do: Callable[[Resources], Awaitable[int]], what: str) -> Work:
    async def work(res: Resources) -> Mapping[str, int]:
        return {what: await do(res)}

    return work


WORK: Mapping[ScheduledJob, Work] = {
    ScheduledJob.MAKE_PARTITIONS: _make_partitions,
    ScheduledJob.DROP_PARTITIONS: _drop_partitions,
    ScheduledJob.ARCHIVE_TOO_MANY: _archive_too_many,
    ScheduledJob.PRUNE_EVENT_KEYS: _counted(prune_event_keys, "ids"),
    ScheduledJob.PRUNE_EVENTS: _counted(prune_events, "events"),
    ScheduledJob.PRUNE_FEEDBACK: _prune_feedback,
    ScheduledJob.PRUNE_SOURCE_MAPS: _prune_source_maps,
    ScheduledJob.PRUNE_DROPPED: _counted(prune_dropped, "counts"),
    ScheduledJob.PRUNE_COUNTS: prune_counts,
    ScheduledJob.FOLD_USERS: fold_users,
    ScheduledJob.NOTE_FRAMES: _counted(note_frames, "keys"),
    ScheduledJob.PRUNE_RUNS: _prune_runs,
    ScheduledJob.DAILY_SUMMARY: send_summaries,
    ScheduledJob.CHECK_THRESHOLDS: check_thresholds,
    ScheduledJob.AUDIT: audit,
    ScheduledJob.ANALYSE_PATTERNS: analyse_patterns,
    ScheduledJob.FIND_SURGES: find_surges,
    ScheduledJob.ESCALATE: _escalate,
    ScheduledJob.RETRY_NOTIFICATIONS: _retry_notifications,
}
