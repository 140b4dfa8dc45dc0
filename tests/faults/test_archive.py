"""A command that archives is killed in its midst: nothing is lost, nothing is there twice, nothing is left lying about."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.archive import read_name
from models import Event
from resolvers.archive.place import place
from resolvers.archive.run import archive_expired
from resolvers.partitions import drop_partitions
from resolvers.resources import Resources
from tests.support.archives import archived_events
from tests.support.command import running
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows

pytestmark = pytest.mark.faults


async def test_killed_while_it_writes(in_directory: Resources, clock: ManualClock, tmp_path: Path):
    res = in_directory
    project = await make_project(res)
    await make_issue(res, project, events=3_000)
    ids = [str(event.id) for event in await all_rows(res, Event)]
    await clock.advance(timedelta(days=92))
    async with running(res.settings, "archive", "run", "--before", "2026-03-03") as command:
        while not list((tmp_path / "archive").glob("writing-*")):
            await asyncio.sleep(0.001)
        command.kill()
        await command.wait()
    assert "event_20260302" not in await drop_partitions(res)
    assert await archived_events(res, project) == []
    await archive_expired(res, system("test"))
    assert [row["id"] for row in await archived_events(res, project)] == ids
    assert len([stored for stored in place(res).list() if read_name(stored.name) is None]) == 1
    assert "event_20260302" in await drop_partitions(res)
