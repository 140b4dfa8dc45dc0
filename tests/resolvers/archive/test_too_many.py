"""What goes because a project has too many events is in files first as well."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from core.clock import ManualClock
from core.ids import lowest_uuid7, uuid7
from domain.access import system
from models import Event, Issue, Project
from resolvers.archive.behind import is_behind
from resolvers.archive.confirmed import ARCHIVING, InFiles, begin, confirm, forget_known, known_up_to
from resolvers.archive.run import archive_expired
from resolvers.event.prune import prune_events
from resolvers.partitions import drop_partitions, make_partitions
from resolvers.resources import Resources
from tests.support.archives import archived_events
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project

ADMIN = system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
async def project(in_directory: Resources) -> Project:
    """A project that keeps four events."""
    return await make_project(in_directory, max_events=4)


@pytest.fixture
async def issue(in_directory: Resources, project: Project) -> Issue:
    return await make_issue(in_directory, project, events=0)


async def log(res: Resources, issue: Issue, *names: str) -> None:
    """Events of these names, one a minute, and a minute after."""
    for name in names:
        await make_event(res, issue, at=res.clock.now(), event_id=name)
        await res.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]


async def left(res: Resources) -> str:
    rows = await res.db.raw.fetch("SELECT event_id FROM event ORDER BY id")
    return "".join(row["event_id"] for row in rows)


async def in_files(res: Resources, project: Project) -> str:
    return "".join(row["event_id"] for row in await archived_events(res, project))


async def test_they_stay_until_they_are_in_files(in_directory: Resources, project: Project, issue: Issue):
    res = in_directory
    await log(res, issue, *"abcdef")
    assert await prune_events(res) == 0
    assert await is_behind(res)
    assert await archive_expired(res, ADMIN) == [(project.number, DAY, 4)]
    assert not await is_behind(res)
    assert await prune_events(res) == 2
    assert (await left(res), await in_files(res, project)) == ("cdef", "abcd")


async def test_it_is_not_due_again_before_half_of_what_is_kept_has_gone(
    in_directory: Resources, project: Project, issue: Issue
):
    res = in_directory
    await log(res, issue, *"abcde")
    assert await archive_expired(res, ADMIN) == [(project.number, DAY, 3)]
    for name in "fg":
        await log(res, issue, name)
        assert not await is_behind(res)
        assert await archive_expired(res, ADMIN) == []
        await prune_events(res)
    assert await left(res) == "defg"
    await log(res, issue, "h")
    assert await is_behind(res)
    assert await prune_events(res) == 0
    assert await archive_expired(res, ADMIN) == [(project.number, DAY, 3)]
    assert await prune_events(res) == 1
    assert (await left(res), await in_files(res, project)) == ("efgh", "abcdef")


async def test_over_days_each_event_is_in_one_file_and_the_last_day_is_archived_in_part(
    in_directory: Resources, clock: ManualClock, project: Project, issue: Issue
):
    res = in_directory
    await log(res, issue, *"abc")
    await clock.advance(timedelta(days=1))
    await log(res, issue, *"defgh")
    assert await archive_expired(res, ADMIN) == [(project.number, DAY, 3), (project.number, DAY + timedelta(days=1), 3)]
    assert await prune_events(res) == 4
    assert (await left(res), await in_files(res, project)) == ("efgh", "abcdef")
    # Past their time, the rest of that day is added.
    await clock.advance(timedelta(days=92))
    assert "event_20260303" not in await drop_partitions(res)
    assert await archive_expired(res, ADMIN) == [(project.number, DAY + timedelta(days=1), 4)]
    assert "event_20260303" in await drop_partitions(res)
    assert await in_files(res, project) == "abcdefgh"


async def test_one_that_comes_late_keeps_what_is_older_until_it_is_in_a_file(
    in_directory: Resources, project: Project, issue: Issue
):
    res = in_directory
    start = res.clock.now()
    await log(res, issue, *"abcdef")
    await archive_expired(res, ADMIN)
    await make_event(res, issue, at=start + timedelta(seconds=90), event_id="L")
    assert await prune_events(res) == 0
    assert await is_behind(res)
    await archive_expired(res, ADMIN)
    assert await prune_events(res) == 3
    assert await left(res) == "cdef"
    assert sorted(await in_files(res, project)) == sorted("abLcd")


async def test_a_project_that_keeps_less_for_both_reasons_goes_by_the_stricter(
    in_directory: Resources, clock: ManualClock
):
    res = in_directory
    project = await make_project(res, max_events=4, retention_days=1)
    issue = await make_issue(res, project, events=0)
    await log(res, issue, *"ab")
    await clock.advance(timedelta(days=2))
    await make_partitions(res)
    await log(res, issue, *"cd")
    await archive_expired(res, ADMIN)
    assert await prune_events(res) == 2
    assert (await left(res), await in_files(res, project)) == ("cd", "ab")


async def test_a_project_within_its_bound_and_one_without_pay_nothing(
    in_directory: Resources, project: Project, issue: Issue
):
    res = in_directory
    await log(res, issue, *"abcd")
    await make_issue(res, await make_project(res), events=9)
    assert not await is_behind(res)
    assert await archive_expired(res, ADMIN) == []


async def test_while_somebody_archives_nobody_else_is_started(in_directory: Resources, issue: Issue):
    res = in_directory
    await log(res, issue, *"abcdef")
    async with res.db.raw.acquire() as other:
        await other.execute("SELECT pg_advisory_lock($1)", ARCHIVING)
        assert not await is_behind(res)
        await other.execute("SELECT pg_advisory_unlock($1)", ARCHIVING)
    assert await is_behind(res)


async def test_what_is_pruned_while_its_day_is_archived_is_not_counted_as_known(
    in_directory: Resources, project: Project, issue: Issue
):
    res = in_directory
    await log(res, issue, *"abcdef")
    await archive_expired(res, ADMIN)
    ids = [row["id"] for row in await res.db.raw.fetch("SELECT id FROM event ORDER BY id")]
    async with res.db.raw.acquire() as connection:
        await begin(connection, project.id, DAY, res.clock.now())
        # Somebody has read them all; two of them go; and then they are said to be in files.
        await connection.execute("DELETE FROM event WHERE id = ANY($1::uuid[])", ids[:2])
        await forget_known(connection, project.id, ids[:2])
        await confirm(connection, project.id, DAY, InFiles(6, ids[-1]), res.clock.now())
        assert await known_up_to(connection, project.id, ids[-1]) == ids[-1]
        late: Event = await make_event(res, issue, at=res.clock.now() - timedelta(minutes=2, seconds=30))
        assert late.id < ids[-1]
        assert await known_up_to(connection, project.id, ids[-1]) == UUID(int=0)


async def test_up_to_where_events_are_known_to_be_in_files(
    in_directory: Resources, clock: ManualClock, project: Project, issue: Issue
):
    res = in_directory
    await log(res, issue, *"ab")
    await clock.advance(timedelta(days=1))
    await log(res, issue, *"cd")
    a, b, c, d = [row["id"] for row in await res.db.raw.fetch("SELECT id FROM event ORDER BY id")]
    none, later = UUID(int=0), uuid7(clock.now())
    async with res.db.raw.acquire() as connection:

        async def known(first: tuple | None, second: tuple | None = None) -> UUID:
            await connection.execute("DELETE FROM archived_day")
            for number, found in enumerate((first, second)):
                if found is not None:
                    day = DAY + timedelta(days=number)
                    await begin(connection, project.id, day, clock.now())
                    await confirm(connection, project.id, day, InFiles(*found), clock.now())
            return await known_up_to(connection, project.id, later)

        assert await known(None) == none
        assert await known(None, (2, d)) == none
        assert await known((1, a)) == a
        assert await known((1, b)) == none
        assert await known((2, b)) == b
        assert await known((2, b), (1, c)) == c
        assert await known((2, b), (2, d)) == later
        # Of a version that did not say which is the last.
        assert await known((2, None)) == lowest_uuid7(DAY + timedelta(days=1))
