"""What holds of every schedule."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.schedule.definition import HORIZON, Definition, Rotation, RotationKind
from domain.schedule.shifts import all_shifts, ends, gaps, holding, join, on_call, shifts
from domain.schedule.turns import developer_at, number_at, start_of, turns
from domain.schedule.windows import is_active, windows
from tests.support.rotations import BEGINNING, ZONES, definitions, instants, rotations, spans

SECOND = timedelta(seconds=1)


def moments(found, since: datetime, until: datetime) -> list[datetime]:
    """Instants at which something might be wrong: every end of a span, and just beside it."""
    ends_of = {since, until, *(one.start for one in found), *(one.end for one in found)}
    beside = {at + by for at in ends_of for by in (-SECOND, timedelta(), SECOND)}
    return sorted(at for at in beside if since <= at < until)


@given(definitions, spans, st.lists(instants, max_size=20))
def test_who_is_on_call_is_who_has_a_shift(definition: Definition, span, more):
    since, until = span
    found = shifts(definition, since, until)
    for at in [*moments(found, since, until), *(at for at in more if since <= at < until)]:
        in_shift = {one.developer_id: one.is_override for one in found if one.start <= at < one.end}
        assert in_shift == on_call(definition, at), at


@given(definitions, spans)
def test_shifts_are_in_order_within_the_span_whole_and_never_overlap(definition: Definition, span):
    since, until = span
    found = shifts(definition, since, until)
    assert found == sorted(found, key=lambda one: (one.start, one.developer_id))
    assert all(since <= one.start < one.end <= until for one in found)
    for developer_id in {one.developer_id for one in found}:
        for earlier, later in pairwise(one for one in found if one.developer_id == developer_id):
            assert earlier.end <= later.start
            assert earlier.end < later.start or earlier.is_override is not later.is_override


@given(definitions, spans)
def test_gaps_are_exactly_what_shifts_leave(definition: Definition, span):
    since, until = span
    found = shifts(definition, since, until)
    left = gaps(found, since, until)
    assert all(since <= one.start < one.end <= until for one in left)
    assert all(earlier.end < later.start for earlier, later in pairwise(left))
    for at in moments([*found, *left], since, until):
        assert any(one.start <= at < one.end for one in left) is not bool(on_call(definition, at)), at


@given(definitions, spans, st.floats(0.01, 0.99))
def test_a_span_is_told_the_same_in_two_parts(definition: Definition, span, share: float):
    since, until = span
    middle = since + (until - since) * share
    parts = join(shifts(definition, since, middle), shifts(definition, middle, until))
    assert parts == shifts(definition, since, until)


@given(definitions, instants)
def test_shifts_that_hold_are_those_around_the_instant(definition: Definition, at: datetime):
    floor = at - timedelta(days=50)
    around = all_shifts(definition, floor, at + HORIZON)
    assert holding(definition, at, floor) == [one for one in around if one.start <= at < one.end]


@given(definitions, instants)
def test_a_duty_ends_when_its_developer_is_first_not_on_call(definition: Definition, at: datetime):
    found = ends(definition, at)
    assert found.keys() == on_call(definition, at).keys()
    for developer_id, end in found.items():
        last = end or at + HORIZON
        theirs = [one for one in all_shifts(definition, at, last) if one.developer_id == developer_id]
        assert sum((one.end - one.start for one in theirs), timedelta()) == last - at
        assert end is None or developer_id not in on_call(definition, end)


@given(rotations, st.sampled_from(ZONES), instants)
def test_the_turn_reckoned_is_the_one_counted(rotation: Rotation, name: str, at: datetime):
    zone, counted = ZoneInfo(name), 0
    if at < rotation.starts_at:
        assert developer_at(rotation, zone, at) is None
        return
    while start_of(rotation, zone, counted + 1) <= at:
        counted += 1
    assert number_at(rotation, zone, at) == counted
    if rotation.participants:
        assert developer_at(rotation, zone, at) == rotation.participants[counted % len(rotation.participants)]


@given(rotations, st.sampled_from(ZONES), spans)
def test_turns_follow_each_other_without_a_break(rotation: Rotation, name: str, span):
    since, until = span
    found = list(turns(rotation, ZoneInfo(name), since, until))
    assert all(earlier.end == later.start for earlier, later in pairwise(found))
    if rotation.participants and rotation.starts_at < until:
        assert (found[0].start, found[-1].end) == (max(since, rotation.starts_at), until)
    else:
        assert found == []


@given(rotations, st.sampled_from(ZONES), spans)
def test_windows_are_apart_and_are_when_it_is_active(rotation: Rotation, name: str, span):
    since, until = span
    zone = ZoneInfo(name)
    found = list(windows(rotation, zone, since, until))
    assert all(earlier.end < later.start for earlier, later in pairwise(found))
    for at in moments(found, since, until):
        assert is_active(rotation, zone, at) is any(one.start <= at < one.end for one in found), at


@settings(max_examples=20)
@given(st.sampled_from(RotationKind), st.sampled_from(ZONES), st.integers(1, 1000))
def test_a_far_year_is_reckoned_from_the_start(kind: RotationKind, name: str, length: int):
    zone, rotation = ZoneInfo(name), Rotation(kind, length, BEGINNING, ())
    at = BEGINNING.replace(year=2199)
    number = number_at(rotation, zone, at)
    assert start_of(rotation, zone, number) <= at < start_of(rotation, zone, number + 1)
