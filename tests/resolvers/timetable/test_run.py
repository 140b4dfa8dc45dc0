"""A run of a job: alone, written down, tried again."""

import asyncio
import contextlib
import os
from datetime import timedelta

from core.clock import ManualClock
from core.ids import uuid7
from domain.timetable import MOST_TRIES, RunStatus, ScheduledJob
from models import ScheduledRun
from resolvers.resources import Resources
from resolvers.timetable.run import JobFailed, last_times_done, prune_runs, run_due, run_job
from tests.support.cutting import cut_connections
from tests.support.jobs import Chore
from tests.support.rows import all_rows, only_row

JOB = ScheduledJob.PRUNE_DROPPED


async def test_a_run_is_on_record_with_what_came_of_it(res: Resources, clock: ManualClock):
    async def work(_: Resources) -> dict[str, int]:
        await clock.advance(timedelta(seconds=7))
        return {"counts": 3}

    began = clock.now()
    ran = await run_job(res, JOB, work)
    assert (ran.status, ran.took, ran.result) == (RunStatus.OK, timedelta(seconds=7), {"counts": 3})
    row = await only_row(res, ScheduledRun)
    assert (row.job, row.due_at, row.started_at, row.finished_at) == (JOB, None, began, clock.now())
    assert (row.status, row.error, row.result) == (RunStatus.OK, None, {"counts": 3})
    assert row.worker.endswith(f":{os.getpid()}")


async def test_a_run_that_fails_says_why_in_one_line(res: Resources):
    for error in (JobFailed("The archive\nis full."), ValueError("no\nrow of somebody"), ValueError("x" * 1000)):
        await run_job(res, JOB, Chore(error))
    errors = [row.error for row in await all_rows(res, ScheduledRun, ScheduledRun.status == RunStatus.FAILED)]
    assert errors[:2] == ["The archive is full.", "ValueError: no"]
    assert len(errors[2]) == 300


async def test_two_never_do_the_same_job_at_once(res: Resources):
    chore = Chore()
    chore.gate.clear()
    first = asyncio.create_task(run_job(res, JOB, chore))
    await chore.begun.wait()
    assert await run_job(res, JOB, chore) is None
    assert not await run_due(res, JOB, chore, due_at=res.clock.now())
    other = await run_job(res, ScheduledJob.PRUNE_EVENTS, Chore())
    chore.gate.set()
    assert (await first).status is other.status is RunStatus.OK
    assert chore.times == 1


async def test_a_time_is_done_once_whoever_looks(res: Resources, clock: ManualClock):
    chore, due_at = Chore(), clock.now()
    await asyncio.gather(*(run_due(res, JOB, chore, due_at=due_at) for _ in range(4)))
    assert await run_due(res, JOB, chore, due_at=due_at)
    assert chore.times == 1
    assert (await only_row(res, ScheduledRun)).due_at == due_at
    assert await last_times_done(res) == ({JOB: due_at}, due_at)


async def test_what_failed_is_tried_again_and_then_left_for_the_next_time(res: Resources, clock: ManualClock):
    chore, due_at = Chore(ValueError("no")), clock.now()
    for _ in range(MOST_TRIES - 1):
        assert not await run_due(res, JOB, chore, due_at=due_at)
        assert not await run_due(res, JOB, chore, due_at=due_at)
        await clock.advance(timedelta(minutes=5))
    assert await run_due(res, JOB, chore, due_at=due_at)
    assert (chore.times, (await last_times_done(res))[0]) == (MOST_TRIES, {})
    chore.error = None
    assert await run_due(res, JOB, chore, due_at=clock.now())


async def test_a_run_that_is_cut_off_says_so(res: Resources, clock: ManualClock):
    chore = Chore()
    chore.gate.clear()
    running = asyncio.create_task(run_due(res, JOB, chore, due_at=clock.now()))
    await chore.begun.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    row = await only_row(res, ScheduledRun)
    assert (row.status, row.error) == (RunStatus.FAILED, "It was cut off, as its process was stopped.")


async def test_what_a_process_that_died_left_is_closed_by_the_next_and_done_again(res: Resources, clock: ManualClock):
    due_at = clock.now()
    facts = {"job": JOB, "due_at": due_at, "started_at": due_at, "worker": "gone:1"}
    lost = ScheduledRun(id=uuid7(due_at), status=RunStatus.RUNNING, **facts)
    async with res.db.transaction() as tx:
        tx.session.add(lost)
    chore = Chore()
    assert await run_due(res, JOB, chore, due_at=due_at)
    row, again = await all_rows(res, ScheduledRun)
    assert (row.status, row.error) == (RunStatus.FAILED, "The process that did it went away.")
    assert (again.status, again.due_at, chore.times) == (RunStatus.OK, due_at, 1)


async def test_a_run_ends_well_though_its_connections_were_cut(res: Resources):
    async def work(_: Resources) -> dict[str, int]:
        await cut_connections(res.db.raw)
        return {}

    ran = await run_job(res, JOB, work)
    assert ran.status is RunStatus.OK
    assert (await run_job(res, JOB, Chore())).status is RunStatus.OK


async def test_runs_are_kept_for_a_while(res: Resources, clock: ManualClock):
    await run_job(res, JOB, Chore())
    await clock.advance(timedelta(days=res.settings.run_retention_days))
    assert await prune_runs(res) == 0
    await clock.advance(timedelta(seconds=1))
    assert await prune_runs(res) == 1
