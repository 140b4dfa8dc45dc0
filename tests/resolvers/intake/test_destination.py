"""Which projects the door knows, and how often it asks for them."""

import asyncio
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.errors import InvalidInput
from resolvers.intake import destination
from resolvers.resources import Resources, open_resources
from tests.support.db import make_settings
from tests.support.factories.project import make_project
from tests.support.writing import reporter


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many projects each read found."""
    found: list[int] = []
    read = destination.read_projects

    async def counted(connection):
        rows = await read(connection)
        found.append(len(rows))
        return rows

    monkeypatch.setattr(destination, "read_projects", counted)
    return found


async def test_a_flood_asks_for_the_projects_once(res: Resources, clock: ManualClock, reads: list[int]):
    project = await make_project(res)
    destinations = res.writer.destinations
    found = await asyncio.gather(*(destinations.find(reporter(project), project.slug) for _ in range(300)))
    assert {one.project_id for one in found} == {project.id}
    assert reads == [1]
    await clock.advance(timedelta(seconds=6))
    await asyncio.gather(*(destinations.find(reporter(project), project.slug) for _ in range(300)))
    assert reads == [1, 1]


async def test_a_project_that_is_made_while_others_are_read_is_found(res: Resources, reads: list[int]):
    first = await make_project(res)
    destinations = res.writer.destinations
    early = asyncio.create_task(destinations.find(reporter(first), first.slug))
    await asyncio.sleep(0)
    later = await make_project(res)
    assert (await destinations.find(reporter(later), later.slug)).project_id == later.id
    assert (await early).project_id == first.id


async def test_one_who_gives_up_leaves_the_others_their_answer(res: Resources):
    project = await make_project(res)
    destinations = res.writer.destinations
    impatient, patient = (asyncio.create_task(destinations.find(reporter(project), project.slug)) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).project_id == project.id


async def test_what_one_who_gives_up_has_begun_ends_with_the_stores(database_url: str, redis_url: str):
    async with open_resources(make_settings(database_url, redis_url)) as res:
        project = await make_project(res)
        asked = asyncio.create_task(res.writer.destinations.find(reporter(project), project.slug))
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.wait([asked])
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_name_that_nobody_has_is_looked_for_at_once(res: Resources, reads: list[int]):
    project = await make_project(res)
    for _ in range(2):
        with pytest.raises(InvalidInput):
            await res.writer.destinations.find(reporter(project), "nobody-has-this")
    assert len(reads) == 3
