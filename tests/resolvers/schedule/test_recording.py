import asyncio
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import system
from models import Developer, Rotation, Schedule
from resolvers.resources import Resources
from resolvers.schedule import recording
from resolvers.schedule.override import create_override, delete_override, update_override
from resolvers.schedule.recording import RECORD_EVERY, record_shifts
from resolvers.schedule.rotation import delete_rotation, update_rotation
from resolvers.schedule.settings import delete_schedule, update_schedule
from resolvers.schedule.shifts import list_on_call
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.schedule import make_schedule
from tests.support.on_duty import recorded, told
from tests.support.rows import all_rows, only_row

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def people(res: Resources) -> list[Developer]:
    return [await make_developer(res, name=name) for name in ("ann", "bob", "cid")]


async def test_what_passes_is_recorded_and_a_shift_that_goes_on_is_one(res: Resources, clock: ManualClock, people):
    schedule = await make_schedule(res, *people[:2])
    assert await record_shifts(res) == 0
    for _ in range(3):
        await clock.advance(10 * HOUR)
        assert await record_shifts(res) == 1
    assert await recorded(res) == ["ann 0-24", "bob 24-30"]
    assert (await only_row(res, Schedule)).recorded_until == clock.now()
    assert await told(res, schedule, 0, 72) == ["ann 0-24", "bob 24-48", "ann 48-72"]


async def test_recording_again_at_once_does_nothing(res: Resources, clock: ManualClock, people):
    await make_schedule(res, *people)
    await clock.advance(RECORD_EVERY)
    assert [await record_shifts(res), await record_shifts(res)] == [1, 0]
    assert len(await recorded(res)) == 1


async def test_several_workers_at_once_record_each_shift_once(res: Resources, clock: ManualClock, people):
    for _ in range(5):
        await make_schedule(res, *people)
    await clock.advance(3 * DAY)
    assert sum(await asyncio.gather(*(record_shifts(res) for _ in range(4)))) == 5
    assert await recorded(res) == ["ann 0-24"] * 5 + ["bob 24-48"] * 5 + ["cid 48-72"] * 5


async def test_a_hand_off_is_recorded_at_once_and_before_all_else(
    res: Resources, clock: ManualClock, people, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording, "_MOST_AT_ONCE", 1)
    first, second = await make_schedule(res, people[0]), await make_schedule(res, *people, starts_at=START - 23 * HOUR)
    for _ in range(2):
        await clock.advance(timedelta(seconds=1))
        assert await record_shifts(res) == 1
    assert await record_shifts(res) == 0
    await clock.advance(START + HOUR + timedelta(seconds=1) - clock.now())
    assert await record_shifts(res) == 1
    assert await told(res, second, 0, 2) == ["ann 0-1", "bob 1-2"]
    until = {row.id: row.recorded_until for row in await all_rows(res, Schedule)}
    assert until[second.id] == clock.now() > until[first.id]


async def test_what_another_holds_is_left_to_it(res: Resources, clock: ManualClock, people):
    schedule = await make_schedule(res, *people)
    await clock.advance(DAY)
    async with res.db.transaction() as tx:
        await tx.session.get_one(Schedule, schedule.id, with_for_update={"key_share": True})
        assert await record_shifts(res) == 0
    assert await record_shifts(res) == 1


async def test_a_change_of_the_rotation_leaves_what_was(res: Resources, clock: ManualClock, people):
    ann, bob, cid = people
    schedule = await make_schedule(res, ann, bob)
    rotation = (await _rotation(res)).id
    await clock.advance(12 * HOUR)
    await update_rotation(res, system(), rotation_id=rotation, participant_ids=[cid.id])
    assert await told(res, schedule, 0, 48) == ["ann 0-12", "cid 12-48"]
    await clock.advance(12 * HOUR)
    await update_schedule(res, system(), schedule_id=schedule.id, timezone="Asia/Tokyo")
    await clock.advance(12 * HOUR)
    await delete_rotation(res, system(), rotation_id=rotation)
    assert await told(res, schedule, 0, 48) == await recorded(res) == ["ann 0-12", "cid 12-36"]


async def test_an_override_counts_from_now_on_and_leaves_what_it_did(res: Resources, clock: ManualClock, people):
    ann, bob, cid = people
    schedule = await make_schedule(res, ann, bob)
    await clock.advance(6 * HOUR)
    span = {"starts_at": START, "ends_at": START + 20 * HOUR}
    made = await create_override(res, system(), schedule_id=schedule.id, add_id=cid.id, remove_id=ann.id, **span)
    assert await told(res, schedule, 0, 24) == ["ann 0-6", "cid 6-20*", "ann 20-24"]
    await clock.advance(6 * HOUR)
    await update_override(res, system(), override_id=made.id, add_id=bob.id)
    assert await told(res, schedule, 0, 24) == ["ann 0-6", "cid 6-12*", "bob 12-20*", "ann 20-24"]
    await clock.advance(3 * HOUR)
    await delete_override(res, system(), override_id=made.id)
    assert await told(res, schedule, 0, 24) == ["ann 0-6", "cid 6-12*", "bob 12-15*", "ann 15-24"]


async def test_before_it_was_made_nobody_was_on_call(res: Resources, clock: ManualClock, people):
    schedule = await make_schedule(res, people[0], starts_at=START - 10 * DAY)
    await clock.advance(DAY)
    await record_shifts(res)
    assert await told(res, schedule, -48, 48) == ["ann 0-48"]


async def test_a_shift_that_holds_is_whole_whenever_one_asks(res: Resources, clock: ManualClock, people):
    await make_schedule(res, *people[:2])
    await clock.advance(30 * HOUR)
    await record_shifts(res)
    await clock.advance(HOUR)
    ann, bob = people[0].id, people[1].id
    expected = {
        1: (ann, 0, 24),
        25: (bob, 24, 48),
        30: (bob, 24, 48),
        31: (bob, 24, 48),
        49: (ann, 48, 72),
        999: (bob, 984, 1008),
    }
    for hours, (who, start, end) in expected.items():
        (held,) = await list_on_call(res, system(), service=None, at=START + hours * HOUR)
        assert (held.developer_id, held.start, held.end) == (who, START + start * HOUR, START + end * HOUR)


async def test_with_a_schedule_its_record_goes(res: Resources, clock: ManualClock, people):
    schedule = await make_schedule(res, *people)
    await clock.advance(DAY)
    await delete_schedule(res, system(), schedule_id=schedule.id)
    assert await recorded(res) == []
    assert await all_rows(res, Schedule) == []


async def _rotation(res: Resources) -> Rotation:
    return await only_row(res, Rotation)
