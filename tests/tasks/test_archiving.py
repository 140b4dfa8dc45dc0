"""The worker lets commands work on the archive: before partitions go, and when somebody is to be erased."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from core.clock import ManualClock
from core.settings import ROOT
from domain.access import system
from domain.timetable import ScheduledJob
from models import Erasure, Event, Project
from resolvers.archive.run import archive_expired
from resolvers.erasure.request import erase_person
from resolvers.health import check_parts
from resolvers.partitions import drop_partitions
from resolvers.resources import Resources
from resolvers.timetable.run import run_job
from tasks.archiving import ArchiveErasures, run_archive
from tasks.dispatch import Dispatcher
from tasks.jobs import WORK
from tasks.timers import Timers
from tests.support.archives import archived_events
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.tasks.test_jobs import partitions

ADMIN = system("test")


async def do_by_timetable(res: Resources, name: str) -> None:
    job = ScheduledJob(name)
    assert await run_job(res, job, WORK[job]) is not None


async def drop_by_timetable(res: Resources) -> None:
    await do_by_timetable(res, "drop_partitions")


async def make_archived(res: Resources, clock: ManualClock) -> Project:
    """A project with one archived event, of the user u-7."""
    project = await make_project(res)
    await make_event(res, await make_issue(res, project, events=0), payload={"user": {"id": "u-7"}})
    await clock.advance(timedelta(days=92))
    await archive_expired(res, ADMIN)
    await drop_partitions(res)
    return project


async def test_where_that_fails_the_partition_stays_for_the_next_night(
    in_directory: Resources, clock: ManualClock, tmp_path: Path
):
    project = await make_project(in_directory)
    await make_issue(in_directory, project, events=3)
    await clock.advance(timedelta(days=92))
    (tmp_path / "archive").write_text("no directory")
    await drop_by_timetable(in_directory)
    assert "event_20260302" in await partitions(in_directory)
    assert len(await all_rows(in_directory, Event)) == 3
    told = (await check_parts(in_directory))["archive"]
    assert (told.is_well, told.facts["run"]["failedAt"]) == (False, clock.now())
    assert str(tmp_path / "archive") in told.facts["run"]["failure"]
    (tmp_path / "archive").unlink()
    await drop_by_timetable(in_directory)
    told = (await check_parts(in_directory))["archive"]
    assert (told.is_well, told.facts["run"]["failure"]) == (True, None)
    assert "event_20260302" not in await partitions(in_directory)
    assert len(await archived_events(in_directory, project)) == 3


async def test_too_many_events_are_archived_before_they_are_pruned_and_else_no_process_runs(
    in_directory: Resources, clock: ManualClock, tmp_path: Path
):
    res = in_directory
    project = await make_project(res, max_events=4)
    issue = await make_issue(res, project, events=0)
    for number in range(6):
        if number == 4:
            await do_by_timetable(res, "archive_too_many")
            assert not (tmp_path / "archive").exists()
        await make_event(res, issue, at=clock.now() + timedelta(minutes=number))
    await do_by_timetable(res, "prune_events")
    assert len(await all_rows(res, Event)) == 6
    await do_by_timetable(res, "archive_too_many")
    await do_by_timetable(res, "prune_events")
    assert len(await all_rows(res, Event)) == 4
    assert len(await archived_events(res, project)) == 4


async def test_who_is_to_be_erased_is_taken_out_of_files(archiving: Resources, clock: ManualClock):
    res = archiving
    project = await make_archived(res, clock)
    await erase_person(res, ADMIN, project_id=project.id, known_as={"id": "u-7"})
    wake = asyncio.Event()
    timers = Timers(res, Dispatcher(res, {}), wake)
    running = asyncio.create_task(timers.run())
    while (await only_row(res, Erasure)).finished_at is None:
        await clock.advance(timedelta(seconds=5))
        wake.set()
        await asyncio.sleep(0.05)
    timers.stop()
    await running
    assert [row["payload"] for row in await archived_events(res, project)] == [{}]


async def test_one_that_is_stopped_leaves_no_process(in_directory: Resources, clock: ManualClock):
    res = in_directory
    project = await make_archived(res, clock)
    await erase_person(res, ADMIN, project_id=project.id, known_as={"id": "u-7"})
    await res.db.raw.execute("UPDATE erasure SET is_in_archive = true")
    async with res.db.raw.acquire() as other:
        # Somebody else is at the archive, so it waits.
        await other.execute("SELECT pg_advisory_lock($1)", 0x70C54)
        erasures = ArchiveErasures(res, finished=lambda: None)
        await erasures.start_due()
        await erasures.stop()
    assert (await only_row(res, Erasure)).finished_at is None
    assert await run_archive(res, "erase")
    assert (await only_row(res, Erasure)).finished_at is not None


def test_neither_the_api_nor_the_worker_loads_what_takes_the_memory():
    program = "import sys, api.app, tasks.worker; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
