"""Tables of cases: who is on call when."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.errors import InvalidInput
from domain.schedule.definition import HORIZON, Definition, Override, Rotation, RotationKind, Shift
from domain.schedule.shifts import ends, gaps, join, on_call, shifts
from tests.support.rotations import ANN, BOB, CID, DAN, DAY

NAMES = {ANN: "ann", BOB: "bob", CID: "cid", DAN: "dan"}
LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def daily(*people, **more) -> Rotation:
    return Rotation(**{"kind": RotationKind.DAILY, "length": 1, "starts_at": MONDAY, "participants": people, **more})


def told(rotations, since, until, *overrides) -> list[str]:
    """Each shift as "ann 0-24": the hours after Monday, 00:00, with a star where it is an override's."""
    definition = Definition(LONDON, tuple(rotations), overrides)
    return [
        f"{NAMES[one.developer_id]} {_hours(one.start)}-{_hours(one.end)}{'*' if one.is_override else ''}"
        for one in shifts(definition, MONDAY + since * HOUR, MONDAY + until * HOUR)
    ]


def _hours(at: datetime) -> str:
    return f"{(at - MONDAY) / HOUR:g}"


def over(start, end, **who) -> Override:
    return Override(MONDAY + start * HOUR, MONDAY + end * HOUR, **who)


@pytest.mark.parametrize(
    ("rotation", "span", "expected"),
    [
        pytest.param(daily(), (0, 48), [], id="nobody takes part"),
        pytest.param(daily(ANN), (0, 100), ["ann 0-100"], id="alone: one shift"),
        pytest.param(daily(ANN, BOB), (0, 72), ["ann 0-24", "bob 24-48", "ann 48-72"], id="wraps around"),
        pytest.param(daily(ANN, ANN, BOB), (0, 72), ["ann 0-48", "bob 48-72"], id="twice in a row is one shift"),
        pytest.param(daily(ANN, BOB), (-24, 12), ["ann 0-12"], id="not begun yet"),
        pytest.param(daily(ANN, BOB), (-24, 0), [], id="begins just after"),
        pytest.param(daily(ANN, BOB, length=2), (24, 73), ["ann 24-48", "bob 48-73"], id="two days each"),
        pytest.param(
            daily(ANN, BOB, kind=RotationKind.HOURLY, length=5), (3, 12), ["ann 3-5", "bob 5-10", "ann 10-12"], id="hours"
        ),
        pytest.param(
            daily(ANN, BOB, kind=RotationKind.WEEKLY), (160, 337), ["ann 160-168", "bob 168-336", "ann 336-337"], id="weeks"
        ),
        pytest.param(
            daily(ANN, active_from=time(9), active_until=time(17)), (0, 48), ["ann 9-17", "ann 33-41"], id="by day"
        ),
        pytest.param(
            daily(ANN, active_from=time(22), active_until=time(6)), (0, 48), ["ann 0-6", "ann 22-30", "ann 46-48"],
            id="by night, from the night before its start: the window began, the turn had not",
        ),
        pytest.param(
            daily(ANN, active_from=time(22), active_until=time(6), active_days=frozenset({1})), (0, 168), ["ann 22-30"],
            id="a night is of the day on which it begins",
        ),
        pytest.param(
            daily(ANN, BOB, active_from=time(22), active_until=time(6)), (0, 50),
            ["ann 0-6", "ann 22-24", "bob 24-30", "bob 46-48", "ann 48-50"],
            id="a hand-off within the night is one",
        ),
        pytest.param(daily(ANN, active_from=time(8), active_until=time(8)), (0, 48), ["ann 0-48"], id="round the clock"),
        pytest.param(
            daily(ANN, active_days=frozenset({2, 3, 5})), (0, 168), ["ann 24-72", "ann 96-120"], id="days in a row are one"
        ),
    ],
)  # fmt: skip
def test_a_rotation(rotation, span, expected):
    assert told([rotation], *span) == expected


def test_all_rotations_that_are_active_count():
    day = daily(ANN, active_from=time(8), active_until=time(20))
    assert told([day, daily(BOB, active_from=time(18), active_until=time(9))], 8, 33) == [
        "ann 8-20",
        "bob 8-9",
        "bob 18-33",
        "ann 32-33",
    ]
    assert told([day, daily(ANN, active_from=time(18), active_until=time(22))], 0, 24) == ["ann 8-22"]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        pytest.param([over(6, 12, add=CID)], ["ann 0-24", "cid 6-12*", "bob 24-48"], id="add"),
        pytest.param([over(6, 12, add=ANN)], ["ann 0-24", "bob 24-48"], id="add who is on call"),
        pytest.param([over(20, 30, add=ANN)], ["ann 0-24", "ann 24-30*", "bob 24-48"], id="add who was just on call"),
        pytest.param([over(6, 12, remove=ANN)], ["ann 0-6", "ann 12-24", "bob 24-48"], id="remove"),
        pytest.param([over(6, 12, remove=BOB)], ["ann 0-24", "bob 24-48"], id="remove who is not on call"),
        pytest.param(
            [over(6, 12, add=CID, remove=ANN)], ["ann 0-6", "cid 6-12*", "ann 12-24", "bob 24-48"], id="replace"
        ),
        pytest.param(
            [over(12, 36, add=CID, remove=ANN)], ["ann 0-12", "cid 12-24*", "bob 24-48"], id="replace while there"
        ),
        pytest.param(
            [over(12, 36, add=BOB, remove=ANN)], ["ann 0-12", "bob 12-24*", "bob 24-48"], id="replace by who is next"
        ),
        pytest.param(
            [over(6, 12, add=BOB, remove=ANN), over(6, 12, add=CID, remove=BOB)],
            ["ann 0-6", "cid 6-12*", "ann 12-24", "bob 24-48"],
            id="one after the other",
        ),
        pytest.param(
            [over(6, 12, add=CID, remove=BOB), over(6, 12, add=BOB)],
            ["ann 0-24", "bob 6-12*", "bob 24-48"],
            id="in their order",
        ),
        pytest.param([over(-9, 99, remove=ANN)], ["bob 24-48"], id="longer than what is asked"),
        pytest.param([over(48, 60, add=CID)], ["ann 0-24", "bob 24-48"], id="just after"),
    ],
)
def test_overrides(overrides, expected):
    assert told([daily(ANN, BOB)], 0, 48, *overrides) == expected


def test_an_override_needs_no_rotation():
    assert told([], 0, 48, over(6, 12, add=CID)) == ["cid 6-12*"]


@pytest.mark.parametrize(
    ("first", "length", "expected"),
    [
        ("2026-01-31", 1, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2024-01-30", 1, ["2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30", "2024-05-30"]),
        ("2026-10-15", 2, ["2026-10-15", "2026-12-15", "2027-02-15", "2027-04-15", "2027-06-15"]),
        ("2024-02-29", 12, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
    ],
)
def test_a_month_that_is_too_short_hands_off_on_its_last_day(first, length, expected):
    starts_at = datetime.fromisoformat(f"{first}T08:00").replace(tzinfo=LONDON).astimezone(UTC)
    rotation = daily(ANN, BOB, kind=RotationKind.MONTHLY, length=length, starts_at=starts_at)
    found = shifts(Definition(LONDON, (rotation,)), starts_at, starts_at + timedelta(days=31 * length * 4 + 9))
    assert [f"{one.start.astimezone(LONDON):%Y-%m-%d}" for one in found][:5] == expected
    assert {f"{one.start.astimezone(LONDON):%H:%M}" for one in found} == {"08:00"}


def test_a_span_is_half_open():
    definition = Definition(LONDON, (daily(ANN, BOB),))
    assert on_call(definition, MONDAY + DAY - timedelta(microseconds=1)) == {ANN: False}
    assert on_call(definition, MONDAY + DAY) == {BOB: False}


def test_gaps_are_at_the_ends_too():
    found = [Shift(ANN, MONDAY + 5 * HOUR, MONDAY + 8 * HOUR), Shift(BOB, MONDAY + 7 * HOUR, MONDAY + 9 * HOUR)]
    assert [(_hours(gap.start), _hours(gap.end)) for gap in gaps(found, MONDAY, MONDAY + DAY)] == [
        ("0", "5"),
        ("9", "24"),
    ]
    assert gaps(found, MONDAY + 5 * HOUR, MONDAY + 9 * HOUR) == []


def test_when_a_duty_ends():
    definition = Definition(LONDON, (daily(ANN, BOB),), (over(24, 30, add=ANN),))
    assert ends(definition, MONDAY) == {ANN: MONDAY + 30 * HOUR}
    assert ends(Definition(LONDON, (daily(ANN),)), MONDAY) == {ANN: None}
    assert ends(definition, MONDAY - DAY) == {}
    monthly = daily(ANN, BOB, kind=RotationKind.MONTHLY, length=3)
    assert ends(Definition(LONDON, (monthly,)), MONDAY) == {ANN: datetime(2026, 6, 1, 23, tzinfo=UTC)}
    assert datetime(2026, 6, 1, 23, tzinfo=UTC) < MONDAY + HORIZON


def test_joining_leaves_what_only_looks_alike():
    early, late = Shift(ANN, MONDAY, MONDAY + DAY), Shift(ANN, MONDAY + DAY, MONDAY + 2 * DAY)
    assert join([early], [late]) == [Shift(ANN, MONDAY, MONDAY + 2 * DAY)]
    override, other = Shift(ANN, MONDAY + DAY, MONDAY + 2 * DAY, is_override=True), Shift(BOB, late.start, late.end)
    assert join([early], [override, other]) == [early, override, other]


def test_too_many_turns_are_refused():
    rotations = [daily(ANN, BOB, kind=RotationKind.HOURLY) for _ in range(10)]
    with pytest.raises(InvalidInput, match="shorter"):
        shifts(Definition(LONDON, tuple(rotations)), MONDAY, MONDAY + 366 * DAY)
