import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.errors import Conflict, InvalidInput, PermissionDenied
from domain.schedule.imported import MOST_BYTES, MOST_CALENDARS
from models import AuditEntry, Developer, ImportedCalendar, ImportedShift, Schedule
from resolvers.resources import Resources, open_resources
from resolvers.schedule.imported import create_imported_calendar, delete_imported_calendar, update_imported_calendar
from resolvers.schedule.importing import refresh_calendars
from resolvers.schedule.override import create_override
from resolvers.schedule.present import on_call_now
from resolvers.schedule.recording import record_shifts
from tests.support.actors import acting
from tests.support.calendars import WEEKS, a_calendar, a_span, an_event
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.on_duty import told
from tests.support.receivers import Receiver, Reply
from tests.support.rows import all_rows, only_row

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TWO = a_calendar(a_span("02T03", "02T15", "ann"), a_span("02T17", "03T03", "bob"))


@pytest.fixture
async def people(res: Resources) -> list[Developer]:
    return [await make_developer(res, name=name) for name in ("ann", "bob", "cid")]


@pytest.fixture
async def allowing(database_url: str, redis_url: str, clock: ManualClock, res: Resources) -> AsyncIterator[Resources]:
    """Resources that may ask loopback."""
    async with open_resources(make_settings(database_url, redis_url, outbound_allowed="127.0.0.1"), clock) as opened:
        yield opened


async def take(res: Resources, schedule: Schedule, text: str | None = TWO, **more) -> ImportedCalendar:
    return await create_imported_calendar(res, system(), schedule_id=schedule.id, name="Theirs", text=text, **more)


async def test_the_shifts_of_a_calendar_are_as_those_of_a_rotation(res: Resources, clock: ManualClock, people):
    ann, bob, cid = people
    schedule = await make_schedule(res, services=["pay"])
    calendar = await take(res, schedule)
    assert (calendar.shift_count, calendar.unmatched, calendar.url) == (2, [], None)
    assert await told(res, schedule, 0, 48) == ["ann 0-12", "bob 14-24"]
    async with res.db.reading() as session:
        (now,) = await on_call_now(session, clock.now(), developer_ids=[ann.id, bob.id])
    assert (now.developer_id, now.until, now.services) == (ann.id, START + 12 * HOUR, ("pay",))
    span = {"starts_at": START + 2 * HOUR, "ends_at": START + 16 * HOUR}
    await create_override(res, system(), schedule_id=schedule.id, add_id=cid.id, remove_id=ann.id, **span)
    assert await told(res, schedule, 0, 48) == ["ann 0-2", "cid 2-12*", "bob 14-24"]


async def test_what_was_stays_when_the_calendar_says_otherwise(res: Resources, clock: ManualClock, people):
    schedule = await make_schedule(res)
    calendar = await take(res, schedule)
    await clock.advance(6 * HOUR)
    text = a_calendar(a_span("02T00", "03T00", "cid"))
    changed = await update_imported_calendar(res, system(), calendar_id=calendar.id, text=text, name="New")
    assert (changed.shift_count, changed.name) == (1, "New")
    assert await told(res, schedule, 0, 48) == ["ann 0-6", "cid 6-21"]
    await clock.advance(6 * HOUR)
    await delete_imported_calendar(res, system(), calendar_id=calendar.id)
    assert await told(res, schedule, 0, 48) == ["ann 0-6", "cid 6-12"]
    assert await all_rows(res, ImportedShift) == []
    facts = [(row.action, row.before, row.after) for row in await all_rows(res, AuditEntry) if "Imported" in row.action]
    assert [action for action, *_ in facts] == [f"{verb}ImportedCalendar" for verb in ("create", "update", "delete")]


async def test_entries_that_mean_nobody_are_listed(res: Resources, people):
    calendar = await take(
        res, await make_schedule(res), a_calendar(an_event(*WEEKS, title="Dan"), a_span("02T03", "02T04", "ann"))
    )
    assert (calendar.shift_count, calendar.unmatched) == (1, ["Dan (2026-03-02)"])


async def test_only_people_whom_the_team_sees_are_meant(res: Resources, people):
    ann, bob, _ = people
    project = await make_project(res)
    team = await make_team(res, members=(ann,), projects=(project,), lead_id=ann.id)
    schedule = await make_schedule(res, team=team)
    lead, mate = acting(ann, project), acting(bob, project)
    made = await create_imported_calendar(res, lead, schedule_id=schedule.id, name="x", text=TWO)
    assert (made.shift_count, made.unmatched) == (1, ["bob (2026-03-02)"])
    for denied in (
        create_imported_calendar(res, mate, schedule_id=schedule.id, name="x", text=TWO),
        update_imported_calendar(res, mate, calendar_id=made.id),
        delete_imported_calendar(res, mate, calendar_id=made.id),
    ):
        with pytest.raises(PermissionDenied):
            await denied


async def test_a_calendar_is_fetched_when_it_is_set_up_and_again_and_again(
    allowing: Resources, receiver: Receiver, clock: ManualClock, people
):
    receiver.reply = Reply(body=TWO.encode())
    schedule = await make_schedule(allowing)
    await take(allowing, schedule, None, url=receiver.url + "/team.ics")
    assert (receiver.requests[0].method, receiver.requests[0].headers["accept"]) == ("GET", "text/calendar")
    assert await refresh_calendars(allowing) == 0
    await clock.advance(timedelta(minutes=15))
    receiver.reply = Reply(body=a_calendar(a_span("02T03", "02T13", "cid")).encode())
    assert [await refresh_calendars(allowing), await refresh_calendars(allowing)] == [1, 0]
    assert await told(allowing, schedule, 0, 48) == ["ann 0-0.25", "cid 0.25-10"]
    assert len(receiver.requests) == 2


@pytest.mark.parametrize(
    "broken",
    [
        (Reply(500), "the answer was 500"),
        (Reply(301, {"Location": "http://127.0.0.1/"}), "the answer was 301"),
        (Reply(body=b"<html>"), "is no iCalendar"),
        (Reply(body=b"x" * (MOST_BYTES + 1)), "more than 1,048,576 bytes"),
        (Reply(is_half=True), "was not read"),
        (None, "was not read"),
    ],
)
async def test_while_it_is_away_or_broken_the_last_good_copy_stands(
    allowing: Resources, receiver: Receiver, clock: ManualClock, people, broken: tuple[Reply | None, str]
):
    reply, why = broken
    receiver.reply = Reply(body=TWO.encode())
    schedule = await make_schedule(allowing)
    calendar = await take(allowing, schedule, None, url=receiver.url)
    await (receiver.close() if reply is None else asyncio.sleep(0))
    receiver.reply = reply or receiver.reply
    for _ in range(5):
        await clock.advance(timedelta(minutes=15))
        assert await refresh_calendars(allowing) == 1
    row = await only_row(allowing, ImportedCalendar)
    assert why in (row.failure or "")
    assert (row.failed_at, row.read_at) == (START + timedelta(minutes=15), START)
    assert await told(allowing, schedule, 0, 48) == ["ann 0-12", "bob 14-24"]
    with pytest.raises(InvalidInput, match=why):
        await update_imported_calendar(allowing, system(), calendar_id=calendar.id)
    if reply is not None:
        receiver.reply = Reply(body=TWO.encode())
        await clock.advance(timedelta(minutes=15))
        await refresh_calendars(allowing)
        assert (await only_row(allowing, ImportedCalendar)).failure is None


async def test_what_recurs_comes_nearer_and_new_people_are_found_without_a_change(
    res: Resources, clock: ManualClock, people
):
    schedule = await make_schedule(res)
    await take(res, schedule, a_calendar(an_event(*WEEKS, title="dan")))
    dan = await make_developer(res, name="Dan")
    await clock.advance(HOUR)
    assert await refresh_calendars(res) == 1
    before = max(row.starts_at for row in await all_rows(res, ImportedShift))
    assert {row.developer_id for row in await all_rows(res, ImportedShift)} == {dan.id}
    assert (await only_row(res, ImportedCalendar)).unmatched == []
    await clock.advance(28 * DAY)
    await refresh_calendars(res)
    assert max(row.starts_at for row in await all_rows(res, ImportedShift)) == before + 28 * DAY
    await record_shifts(res)
    assert (await told(res, schedule, 0, 600))[0] == "Dan 4-172"


async def test_several_workers_read_a_calendar_once(
    allowing: Resources, receiver: Receiver, clock: ManualClock, people
):
    receiver.reply = Reply(body=TWO.encode())
    await take(allowing, await make_schedule(allowing), None, url=receiver.url)
    await clock.advance(HOUR)
    assert sorted(await asyncio.gather(*(refresh_calendars(allowing) for _ in range(3)))) == [0, 0, 1]
    assert len(receiver.requests) == 2


async def test_what_is_changed_or_deleted_while_it_is_read_is_left_alone(
    allowing: Resources, receiver: Receiver, clock: ManualClock, people
):
    receiver.reply = Reply(body=TWO.encode())
    schedule = await make_schedule(allowing)
    calendar = await take(allowing, schedule, None, url=receiver.url)
    for change in (
        lambda: update_imported_calendar(allowing, system(), calendar_id=calendar.id, text=a_calendar()),
        lambda: delete_imported_calendar(allowing, system(), calendar_id=calendar.id),
    ):
        await clock.advance(HOUR)
        receiver.gate.clear()
        reading = asyncio.create_task(refresh_calendars(allowing))
        while len(receiver.requests) < 2 and not reading.done():
            await asyncio.sleep(0.01)
        await change()
        receiver.gate.set()
        await reading
        assert await all_rows(allowing, ImportedShift) == []


async def test_what_may_not_be_reached_is_refused(res: Resources, receiver: Receiver, people):
    with pytest.raises(InvalidInput, match="TOCSIN_OUTBOUND_ALLOWED") as failure:
        await take(res, await make_schedule(res), None, url=receiver.url)
    assert (failure.value.path, receiver.requests) == (("url",), [])


async def test_there_is_an_end_to_how_many_and_one_source_is_needed(res: Resources, people):
    schedule = await make_schedule(res)
    with pytest.raises(InvalidInput, match="`url`, or its `text`"):
        await take(res, schedule, None)
    with pytest.raises(InvalidInput, match="The calendar of `text` is no iCalendar"):
        await take(res, schedule, "hello")
    for _ in range(MOST_CALENDARS):
        await take(res, schedule, a_calendar())
    with pytest.raises(Conflict, match="at most 5 calendars"):
        await take(res, schedule, a_calendar())
