"""Who is on call at an instant, in which shifts within a span, and when is nobody?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import InvalidInput
from domain.schedule.definition import HORIZON, Definition, Gap, Override, Rotation, Shift
from domain.schedule.turns import Turn, developer_at, turns
from domain.schedule.windows import is_active, windows

MOST_TURNS = 20_000
_GLANCES = (timedelta(days=2), timedelta(days=32), HORIZON)


def on_call(definition: Definition, at: datetime) -> dict[UUID, bool]:
    """Who is on call at that instant, and whether only an override makes it so."""
    active = (rotation for rotation in definition.rotations if is_active(rotation, definition.zone, at))
    people = {found: False for rotation in active if (found := developer_at(rotation, definition.zone, at))}
    people |= {one.developer_id: False for one in definition.imported if one.start <= at < one.end}
    return _override(people, [each for each in definition.overrides if each.start <= at < each.end])


def shifts(definition: Definition, since: datetime, until: datetime) -> list[Shift]:
    """The shifts within the span, cut at its ends, by start and developer; those of one developer never overlap.

    Raises: InvalidInput where it takes too many turns to tell.
    """
    covered = list(islice(_all_turns(definition, since, until), MOST_TURNS + 1))
    if len(covered) > MOST_TURNS:
        raise InvalidInput(f"There are more than {MOST_TURNS:,} turns in that span: ask for a shorter one.", ("to",))
    return in_order(_sweep(covered, definition.overrides, since, until))


def all_shifts(definition: Definition, since: datetime, until: datetime) -> list[Shift]:
    """As `shifts`, of a span that nobody chose: however many turns there are."""
    return in_order(_sweep(list(_all_turns(definition, since, until)), definition.overrides, since, until))


def gaps(found: Sequence[Shift], since: datetime, until: datetime) -> list[Gap]:
    """The spans between `since` and `until` in which there is none of these shifts, in order."""
    left: list[Gap] = []
    covered_to = since
    for shift in sorted(found, key=lambda one: one.start):
        if shift.start > covered_to:
            left.append(Gap(covered_to, min(shift.start, until)))
        covered_to = max(covered_to, shift.end)
        if covered_to >= until:
            return left
    return [*left, Gap(covered_to, until)] if covered_to < until else left


def holding(definition: Definition, at: datetime, since: datetime) -> list[Shift]:
    """The shifts that hold at that instant: from `since` on at the earliest, and cut where HORIZON ends."""
    found: list[Shift] = []
    for glance in _GLANCES if on_call(definition, at) else ():
        start, end = max(since, at - glance), at + glance
        found = [one for one in all_shifts(definition, start, end) if one.start <= at < one.end]
        if all(one.end < end and (one.start > start or start == since) for one in found):
            break
    return found


def ends(definition: Definition, at: datetime) -> dict[UUID, datetime | None]:
    """Who is on call at that instant, and until when without a break; none where HORIZON shows no end."""
    people = on_call(definition, at)
    until: dict[UUID, datetime] = {}
    for glance in _GLANCES if people else ():
        until = dict.fromkeys(people, at)
        for shift in all_shifts(definition, at, at + glance):
            if until.get(shift.developer_id) == shift.start:
                until[shift.developer_id] = shift.end
        if all(end < at + glance for end in until.values()):
            break
    return {developer_id: end if end < at + HORIZON else None for developer_id, end in until.items()}


def next_change(definition: Definition, at: datetime) -> datetime:
    """When somebody comes or goes next, after that instant; the end of HORIZON where nobody does before."""
    for glance in _GLANCES:
        found = all_shifts(definition, at, at + glance)
        moments = {moment for one in found for moment in (one.start, one.end) if at < moment < at + glance}
        if moments:
            return min(moments)
    return at + HORIZON


def in_order(found: Iterable[Shift]) -> list[Shift]:
    """The shifts by start, and those that start together by developer."""
    return sorted(found, key=lambda one: (one.start, one.developer_id))


def join(earlier: Sequence[Shift], later: Sequence[Shift]) -> list[Shift]:
    """Both, in order; a shift that goes on from the earlier ones into the later ones is one."""
    whole = {(one.developer_id, one.is_override, one.end): one for one in earlier}
    for shift in later:
        before = whole.pop((shift.developer_id, shift.is_override, shift.start), shift)
        whole[shift.developer_id, shift.is_override, shift.end] = replace(shift, start=before.start)
    return in_order(whole.values())


def _all_turns(definition: Definition, since: datetime, until: datetime) -> Iterator[Turn]:
    for rotation in definition.rotations:
        yield from _active_turns(rotation, definition.zone, since, until)
    for one in definition.imported:
        if one.start < until and since < one.end:
            yield Turn(max(one.start, since), min(one.end, until), one.developer_id)


def _active_turns(rotation: Rotation, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Turn]:
    """The turns as far as the rotation is active in them."""
    active = windows(rotation, zone, since, until)
    window = next(active, None)
    for turn in turns(rotation, zone, since, until):
        while window is not None and window.end <= turn.start:
            window = next(active, None)
        while window is not None and window.start < turn.end:
            yield Turn(max(turn.start, window.start), min(turn.end, window.end), turn.developer_id)
            if window.end > turn.end:
                break
            window = next(active, None)


def _sweep(covered: Sequence[Turn], overrides: Sequence[Override], since: datetime, until: datetime) -> Iterator[Shift]:
    """Go through all instants at which something changes, and hand out each shift as it ends."""
    changes: defaultdict[datetime, list[tuple[UUID, int]]] = defaultdict(list)
    for turn in covered:
        changes[turn.start].append((turn.developer_id, 1))
        changes[turn.end].append((turn.developer_id, -1))
    within = [one for one in overrides if one.start < until and since < one.end]
    moments = {*changes, *(max(one.start, since) for one in within), *(one.end for one in within)}
    regular: Counter[UUID] = Counter()
    held: dict[UUID, Shift] = {}
    for moment in sorted(moment for moment in moments if moment < until):
        for developer_id, by in changes[moment]:
            regular[developer_id] += by
        regular = +regular  # without those who have ended
        now = _override(dict.fromkeys(regular, False), [one for one in within if one.start <= moment < one.end])
        yield from _end(held, now, moment)
        for developer_id, is_override in now.items():
            held.setdefault(developer_id, Shift(developer_id, moment, until, is_override))
    yield from held.values()


def _end(held: dict[UUID, Shift], now: Mapping[UUID, bool], at: datetime) -> Iterator[Shift]:
    """Hand out, and hold no more, the shifts that do not go on as they were."""
    for shift in [one for one in held.values() if now.get(one.developer_id) is not one.is_override]:
        del held[shift.developer_id]
        yield Shift(shift.developer_id, shift.start, at, shift.is_override)


def _override(people: dict[UUID, bool], overrides: Sequence[Override]) -> dict[UUID, bool]:
    """The people after each override; one that adds and removes puts one in the other's place, if they were there."""
    for override in overrides:
        was_there = override.remove is not None and people.pop(override.remove, None) is not None
        if override.add is not None and (override.remove is None or was_there):
            people.setdefault(override.add, True)
    return people
