from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import ANONYMOUS, system
from domain.errors import Unauthenticated
from domain.timetable import RunStatus, ScheduledJob
from resolvers.health import check_parts
from resolvers.resources import Resources
from resolvers.timetable.run import run_due, run_job
from resolvers.timetable.states import JobState, job_states, list_scheduled_jobs
from tests.support.jobs import Chore

JOB = ScheduledJob.PRUNE_FEEDBACK


async def state(res: Resources) -> JobState:
    (found,) = [state for state in await job_states(res) if state.job is JOB]
    return found


async def test_a_job_shows_its_last_run_and_its_next_time(res: Resources, clock: ManualClock):
    assert await state(res) == JobState(JOB, "17 3", clock.now() + timedelta(minutes=17), None, None)
    await run_job(res, JOB, Chore())
    await clock.advance(timedelta(hours=1))
    await run_job(res, JOB, Chore(ValueError("no")))
    found = await state(res)
    assert (found.last_run.status, found.last_run.error, found.last_run.started_at) == (
        RunStatus.FAILED,
        "ValueError: no",
        clock.now(),
    )
    assert found.problem == "failed at 2026-03-02 04:00 UTC: ValueError: no"
    await run_job(res, JOB, Chore())
    assert (await state(res)).problem is None


async def test_health_says_what_failed_or_was_missed(res: Resources, clock: ManualClock):
    assert (await check_parts(res))["timetable"].is_well
    await run_due(res, JOB, Chore(), due_at=clock.now() + timedelta(minutes=17))
    assert (await check_parts(res))["timetable"].is_well
    await clock.advance(timedelta(days=1, minutes=32))
    part = (await check_parts(res))["timetable"]
    assert not part.is_well
    assert part.facts["jobs"][JOB]["problem"] == "was to be done at 2026-03-03 03:17 UTC, and was not"


async def test_those_who_may_read_may_know(res: Resources):
    assert len(await list_scheduled_jobs(res, system())) == len(ScheduledJob)
    with pytest.raises(Unauthenticated):
        await list_scheduled_jobs(res, ANONYMOUS)
