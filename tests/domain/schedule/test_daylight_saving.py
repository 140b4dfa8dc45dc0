"""Clocks that go forward and back: every change of ten zones in ten years."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.schedule.definition import Definition, Rotation, RotationKind
from domain.schedule.shifts import gaps, shifts
from domain.schedule.turns import start_of, turns
from domain.zone import instant_of, local_of
from tests.support.rotations import ANN, BOB, DAY, ZONES

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def wall(text: str) -> datetime:
    """What a clock on a wall shows: a time without a zone."""
    return datetime.fromisoformat(text)


def changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The instants from 2020 to 2029 at which the zone's offset changes."""
    at = datetime(2020, 1, 1, tzinfo=UTC)
    while at.year < 2030:
        if at.astimezone(zone).utcoffset() != (at + DAY).astimezone(zone).utcoffset():
            low, high = at, at + DAY
            while high - low > MINUTE:
                middle = low + (high - low) // MINUTE // 2 * MINUTE
                same = middle.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high
        at += DAY


@pytest.mark.parametrize("name", ZONES)
def test_there_are_changes_to_try(name: str):
    assert len(list(changes(ZoneInfo(name)))) >= 5


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("kind", [RotationKind.DAILY, RotationKind.WEEKLY, RotationKind.MONTHLY])
def test_a_hand_off_stays_at_its_time_on_the_wall(name: str, kind: RotationKind):
    zone, hour = ZoneInfo(name), time(9, 30)
    for change in changes(zone):
        starts_at = instant_of(datetime.combine(local_of(change - 40 * DAY, zone).date(), hour), zone)
        found = list(turns(Rotation(kind, 1, starts_at, (ANN, BOB)), zone, starts_at, change + 40 * DAY))
        assert found[-2].start > change or kind is RotationKind.MONTHLY
        assert {local_of(turn.start, zone).time() for turn in found} == {hour}
        assert all(turn.developer_id == (ANN, BOB)[number % 2] for number, turn in enumerate(found))


@pytest.mark.parametrize("name", ZONES)
def test_hours_pass_as_they_do(name: str):
    zone = ZoneInfo(name)
    for change in changes(zone):
        rotation = Rotation(RotationKind.HOURLY, 1, change - 10 * HOUR, (ANN, BOB))
        found = list(turns(rotation, zone, change - 10 * HOUR, change + 10 * HOUR))
        assert {turn.end - turn.start for turn in found} == {HOUR}


@pytest.mark.parametrize("name", ZONES)
def test_a_hand_off_at_a_time_that_never_comes_or_comes_twice_is_once_that_day(name: str):
    zone = ZoneInfo(name)
    for change in changes(zone):
        before, after = (at.astimezone(zone).utcoffset() for at in (change - MINUTE, change))
        amount = after - before
        # In the middle of what is left out, or of what comes again; at the offset before, both times.
        local = local_of(change - MINUTE, zone) + MINUTE + amount / 2
        day = start_of(Rotation(RotationKind.DAILY, 1, instant_of(local - 3 * DAY, zone), (ANN, BOB)), zone, 3)
        assert day == change + amount / 2
        shown = local_of(day, zone)
        assert shown == (local + amount if amount > timedelta() else local)


@pytest.mark.parametrize("name", ZONES)
def test_day_and_night_leave_no_gap_and_never_overlap(name: str):
    zone = ZoneInfo(name)
    for change in changes(zone):
        local = local_of(change - MINUTE, zone)
        for offset in (timedelta(), 31 * MINUTE, -31 * MINUTE, 6 * HOUR):
            turn, other = (local + offset).time().replace(second=0), (local + offset + 12 * HOUR).time()
            since, until = change - 4 * DAY, change + 4 * DAY
            by_day = Rotation(RotationKind.DAILY, 1, since - DAY, (ANN,), active_from=turn, active_until=other)
            by_night = Rotation(RotationKind.DAILY, 1, since - DAY, (BOB,), active_from=other, active_until=turn)
            found = shifts(Definition(zone, (by_day, by_night)), since, until)
            assert gaps(found, since, until) == []
            assert sum((one.end - one.start for one in found), timedelta()) == until - since


def test_the_times_of_a_night_in_berlin():
    """Clocks went from 02:00 to 03:00 on 29 March 2026, and go from 03:00 to 02:00 on 25 October 2026."""
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of(wall("2026-03-29T02:30"), berlin) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # shown: 03:30
    assert instant_of(wall("2026-10-25T02:30"), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first
    assert instant_of(wall("2026-10-25T03:00"), berlin) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


def test_a_first_turn_in_the_hour_that_comes_twice_begins_when_it_was_said_to():
    berlin, second = ZoneInfo("Europe/Berlin"), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30, for the second time
    rotation = Rotation(RotationKind.DAILY, 1, second, (ANN, BOB))
    found = list(turns(rotation, berlin, second - DAY, second + 2 * DAY))
    assert [turn.start for turn in found] == [second, second + DAY]


def test_a_day_that_a_zone_left_out_is_nobodys():
    """Samoa went from the 29th to the 31st of December 2011."""
    apia, people = ZoneInfo("Pacific/Apia"), (ANN, BOB)
    starts_at = instant_of(wall("2011-12-28T09:00"), apia)
    found = list(turns(Rotation(RotationKind.DAILY, 1, starts_at, people), apia, starts_at, starts_at + 4 * DAY))
    assert [(turn.developer_id, turn.end - turn.start) for turn in found] == [
        (ANN, DAY),
        (BOB, DAY),
        (BOB, DAY),
        (ANN, DAY),
    ]
