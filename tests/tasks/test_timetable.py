"""The worker keeps the timetable by PostgreSQL alone."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.timetable import DEFAULTS, OF_THE_MOMENT, RunStatus, ScheduledJob
from models import ScheduledRun
from resolvers.resources import Resources, open_resources
from resolvers.timetable.run import run_due, run_job
from tasks.timetable import MOST_AT_ONCE, Timetable
from tests.support.db import make_settings
from tests.support.jobs import Chore
from tests.support.rows import all_rows

# The clock stands at 03:00.
JOB = ScheduledJob.PRUNE_FEEDBACK
MINUTE = timedelta(minutes=1)


@pytest.fixture
def chores() -> dict[ScheduledJob, Chore]:
    return {job: Chore() for job in ScheduledJob}


async def look(timetable: Timetable) -> None:
    await timetable.start_due()
    await timetable.finish()


async def test_a_job_is_done_when_its_time_has_come_and_not_again(res: Resources, clock: ManualClock, chores):
    timetable = Timetable(res, chores)
    for minutes, times in ((0, 0), (16, 0), (1, 1), (1, 1)):
        await clock.advance(minutes * MINUTE)
        await look(timetable)
        assert chores[JOB].times == times


async def test_what_several_workers_look_for_is_done_once(res: Resources, clock: ManualClock, chores):
    timetables = [Timetable(res, chores) for _ in range(3)]
    for timetable in timetables:
        await timetable.start_due()
    for _ in range(3):
        await clock.advance(timedelta(hours=6))
        for timetable in timetables:
            await timetable.start_due()
        for timetable in timetables:
            await timetable.finish()
        await clock.advance(MINUTE)
        for timetable in timetables:
            await look(timetable)
    runs = await all_rows(res, ScheduledRun)
    assert len({(run.job, run.due_at) for run in runs}) == len(runs) == sum(chore.times for chore in chores.values())


async def test_what_was_missed_while_nothing_ran_is_made_up_for_once(res: Resources, clock: ManualClock, chores):
    timetable = Timetable(res, chores)
    await timetable.start_due()
    await clock.advance(timedelta(hours=1))
    await look(timetable)
    await clock.advance(timedelta(days=3, hours=2))
    await look(Timetable(res, chores))
    assert chores[JOB].times == 2
    due = [run.due_at.isoformat() for run in await all_rows(res, ScheduledRun, ScheduledRun.job == JOB)]
    assert due == ["2026-03-02T03:17:00+00:00", "2026-03-05T03:17:00+00:00"]


async def test_a_new_installation_makes_up_for_nothing(res: Resources, chores):
    await look(Timetable(res, chores))
    assert {chore.times for chore in chores.values()} == {0}


async def test_a_job_that_came_with_an_upgrade_is_done_at_once(res: Resources, clock: ManualClock, chores):
    await run_job(res, ScheduledJob.PRUNE_EVENTS, Chore())
    await clock.advance(timedelta(days=1, hours=2))
    await look(Timetable(res, chores))
    assert {job for job in ScheduledJob if not chores[job].times and DEFAULTS[job] != "off"} == OF_THE_MOMENT


async def test_what_says_how_things_are_now_is_not_made_up_for(res: Resources, clock: ManualClock, chores):
    for job in OF_THE_MOMENT:
        await run_due(res, job, Chore(), due_at=clock.now())
    await clock.advance(timedelta(hours=2))
    timetable = Timetable(res, chores)
    await look(timetable)
    assert {chores[job].times for job in OF_THE_MOMENT} == {0}
    await clock.advance(timedelta(minutes=15))
    await look(timetable)
    assert {chores[job].times for job in OF_THE_MOMENT} == {1}


async def test_one_that_is_off_or_has_other_times_is_done_as_set(
    database_url: str, redis_url: str, clock: ManualClock, chores
):
    settings = make_settings(database_url, redis_url, timetable="prune_events=off; prune_feedback=5 3")
    async with open_resources(settings, clock) as res:
        timetable = Timetable(res, chores)
        await timetable.start_due()
        for _ in range(12):
            await clock.advance(5 * MINUTE)
            await look(timetable)
        assert (chores[JOB].times, chores[ScheduledJob.PRUNE_EVENTS].times) == (1, 0)
        (run,) = await all_rows(res, ScheduledRun, ScheduledRun.job == JOB)
        assert run.due_at.minute == 5


async def test_one_that_fails_or_takes_long_holds_up_no_other(res: Resources, clock: ManualClock, chores):
    slow, bad, good = ScheduledJob.DROP_PARTITIONS, ScheduledJob.PRUNE_FEEDBACK, ScheduledJob.PRUNE_DROPPED
    chores[slow].gate.clear()
    chores[bad].error = ValueError("no")
    timetable = Timetable(res, chores)
    await timetable.start_due()
    await clock.advance(timedelta(days=1))
    await timetable.start_due()
    await chores[slow].begun.wait()
    await chores[bad].begun.wait()
    await chores[good].begun.wait()
    assert MOST_AT_ONCE > 1
    await timetable.stop()
    states = {run.job: run.status for run in await all_rows(res, ScheduledRun)}
    assert states[slow] is states[bad] is RunStatus.FAILED


async def test_what_failed_is_done_again_some_minutes_later(res: Resources, clock: ManualClock, chores):
    chores[JOB].error = ValueError("no")
    timetable = Timetable(res, chores)
    await timetable.start_due()
    await clock.advance(17 * MINUTE)
    await look(timetable)
    chores[JOB].error = None
    for _ in range(3):
        await clock.advance(2 * MINUTE)
        await look(timetable)
    assert chores[JOB].times == 2
