"""Schedules of all kinds, for rules that hold of every one."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.schedule.definition import Definition, Imported, Override, Rotation, RotationKind

# Both halves of the world, halves and quarters of hours, a change at midnight, a change of half an hour, one without.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Europe/Dublin",
    "America/Santiago",
)
ANN, BOB, CID, DAN = PEOPLE = tuple(UUID(int=number) for number in range(1, 5))
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

instants = st.integers(0, 400 * 24 * 4).map(lambda quarters: BEGINNING + timedelta(minutes=15 * quarters))
spans = st.tuples(instants, st.integers(1, 60 * 24).map(lambda hours: timedelta(hours=hours))).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1])
)
_clock_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30)))
_hours = st.none() | st.tuples(_clock_times, _clock_times)


@st.composite
def _rotation(draw: st.DrawFn) -> Rotation:
    hours = draw(_hours)
    return Rotation(
        kind=draw(st.sampled_from(RotationKind)),
        length=draw(st.integers(1, 40)),
        starts_at=draw(instants),
        participants=tuple(draw(st.lists(st.sampled_from(PEOPLE), max_size=4))),
        active_days=draw(st.frozensets(st.integers(1, 7))),
        active_from=hours and hours[0],
        active_until=hours and hours[1],
    )


rotations = _rotation()


@st.composite
def _override(draw: st.DrawFn) -> Override:
    start, end = draw(spans)
    add, remove = draw(st.tuples(st.none() | st.sampled_from(PEOPLE), st.none() | st.sampled_from(PEOPLE)))
    return Override(start, end, add, remove)


@st.composite
def _imported(draw: st.DrawFn) -> Imported:
    start, end = draw(spans)
    return Imported(start, end, draw(st.sampled_from(PEOPLE)))


@st.composite
def _definition(draw: st.DrawFn) -> Definition:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return Definition(
        zone,
        tuple(draw(st.lists(rotations, max_size=3))),
        tuple(draw(st.lists(_override(), max_size=3))),
        tuple(draw(st.lists(_imported(), max_size=3))),
    )


definitions = _definition()
