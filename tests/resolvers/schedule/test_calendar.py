from datetime import timedelta

import pytest
from icalendar import Calendar

from core.clock import ManualClock
from domain.access import Role, system
from domain.errors import InvalidInput, NotFound, PermissionDenied
from domain.schedule.calendar import MOST_SHOWN
from domain.schedule.definition import RotationKind
from models import AuditEntry, Developer, Schedule
from resolvers.resources import Resources
from resolvers.schedule.calendar import read_calendar
from resolvers.schedule.calendar_url import create_calendar_url, delete_calendar_url
from resolvers.schedule.override import create_override
from resolvers.schedule.recording import record_shifts
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.rows import all_rows, only_row

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def people(res: Resources) -> list[Developer]:
    return [await make_developer(res, name=name) for name in ("ann", "bob")]


async def secret_of(res: Resources, schedule: Schedule | None, actor=None) -> str:
    made = await create_calendar_url(res, actor or system(), schedule_id=schedule and schedule.id)
    assert made.url is not None
    return made.url.rpartition("/")[2].removesuffix(".ics")


async def events(res: Resources, secret: str) -> dict[str, tuple[float, float, str]]:
    """The entries of a calendar by uid: title, and the hours from and to."""
    found = Calendar.from_ical(await read_calendar(res, secret)).events
    return {
        str(one["uid"]): ((one.start - START) / HOUR, (one.end - START) / HOUR, str(one["summary"])) for one in found
    }


async def shown(res: Resources, secret: str) -> list[tuple[float, float, str]]:
    return sorted((await events(res, secret)).values())


async def test_a_calendar_shows_what_was_and_what_will_be(res: Resources, clock: ManualClock, people):
    schedule = await make_schedule(res, *people, name="Pay")
    secret = await secret_of(res, schedule)
    await clock.advance(30 * HOUR)
    await record_shifts(res)
    found = await shown(res, secret)
    assert found[:3] == [
        (0, 24, "ann on call: Pay"),
        (24, 48, "bob on call: Pay"),
        (48, 72, "ann on call: Pay"),
    ]
    assert found[-1][1] == 24 * 101 - 3  # a hundred days from the beginning of the second day


async def test_an_entry_stays_the_same_one_while_time_passes(res: Resources, clock: ManualClock, people):
    ann, bob = people
    schedule = await make_schedule(res, ann, bob, kind=RotationKind.WEEKLY)
    secret = await secret_of(res, schedule)
    before = await events(res, secret)
    for days in (3, 2):
        await clock.advance(days * DAY)
        await record_shifts(res)
    after = await events(res, secret)
    kept = {uid for uid in before if before[uid][1] < 24 * 90}
    assert {uid: after[uid] for uid in kept} == {uid: before[uid] for uid in kept}
    span = {"starts_at": clock.now() + HOUR, "ends_at": clock.now() + 2 * HOUR}
    await create_override(res, system(), schedule_id=schedule.id, add_id=bob.id, remove_id=ann.id, **span)
    changed = await events(res, secret)
    assert [end for _, end, _ in sorted(changed.values())[:3]] == [121, 122, 168]
    assert set(before) & set(changed) > {min(before, key=lambda uid: before[uid])}


async def test_it_is_the_same_all_day(res: Resources, clock: ManualClock, people):
    secret = await secret_of(res, await make_schedule(res, people[0]))
    first = await read_calendar(res, secret)
    await clock.advance(20 * HOUR)
    await record_shifts(res)
    assert await read_calendar(res, secret) == first
    await clock.advance(2 * HOUR)
    assert await read_calendar(res, secret) != first


async def test_what_is_long_past_is_not_shown(res: Resources, clock: ManualClock, people):
    secret = await secret_of(res, await make_schedule(res, *people))
    await clock.advance(60 * DAY)
    await record_shifts(res)
    assert (await shown(res, secret))[0][0] == 24 * 29


async def test_own_shifts_are_those_of_all_schedules(res: Resources, people):
    ann, bob = people
    for name in ("Pay", "Shop"):
        await make_schedule(res, ann, bob, name=name)
    await make_schedule(res, bob, name="Web")
    secret = await secret_of(res, None, acting(ann))
    assert (await shown(res, secret))[:3] == [
        (0, 24, "ann on call: Pay"),
        (0, 24, "ann on call: Shop"),
        (48, 72, "ann on call: Pay"),
    ]
    with pytest.raises(InvalidInput, match="which schedule"):
        await create_calendar_url(res, system(), schedule_id=None)


async def test_a_new_address_ends_the_old_and_none_is_left_when_it_is_taken_away(res: Resources, people):
    schedule = await make_schedule(res, *people)
    old = await secret_of(res, schedule)
    new = await secret_of(res, schedule)
    assert len(await shown(res, new)) > 50
    for unknown in (old, "", "tcc_", "tcc_" + "x" * 10_000, new[4:]):
        with pytest.raises(NotFound):
            await read_calendar(res, unknown)
    for _ in range(2):
        assert (await delete_calendar_url(res, system(), schedule_id=schedule.id)).url is None
    with pytest.raises(NotFound):
        await read_calendar(res, new)
    audit = [row.action for row in await all_rows(res, AuditEntry) if "Calendar" in row.action]
    assert audit == ["createCalendarUrl", "createCalendarUrl", "deleteCalendarUrl"]
    assert new not in str(await only_row(res, Schedule))


async def test_who_may_make_an_address(res: Resources, people):
    ann, bob = people
    project = await make_project(res)
    team = await make_team(res, members=(ann, bob), projects=(project,), lead_id=ann.id)
    schedule = await make_schedule(res, ann, bob, team=team)
    await secret_of(res, schedule, acting(ann, project))
    with pytest.raises(PermissionDenied):
        await create_calendar_url(res, acting(bob, project), schedule_id=schedule.id)
    viewer = await make_developer(res, role=Role.VIEWER)
    for use in (create_calendar_url, delete_calendar_url):
        with pytest.raises(PermissionDenied):
            await use(res, acting(viewer, project), schedule_id=None)


async def test_names_are_those_that_the_team_may_know(res: Resources, people):
    ann, bob = people
    cid, root = await make_developer(res, name="cid"), await make_developer(res, name="root", role=Role.ADMIN)
    project = await make_project(res)
    team = await make_team(res, members=(ann,), projects=(project,))
    await make_team(res, members=(cid,), projects=(project,))
    schedule = await make_schedule(res, ann, bob, cid, root, team=team, name="Pay")
    found = await shown(res, await secret_of(res, schedule))
    names = [title.partition(" on call")[0] for _, _, title in found[:4]]
    assert names == ["ann", "Somebody", "cid", "root"]


async def test_a_calendar_with_very_many_shifts_shows_the_first(res: Resources, people):
    secret = await secret_of(res, await make_schedule(res, *people, kind=RotationKind.HOURLY))
    found = await shown(res, secret)
    assert (len(found), found[0][0], found[-1][1]) == (MOST_SHOWN, 0, MOST_SHOWN)
