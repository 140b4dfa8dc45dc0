"""Whose turn is it in a rotation? Reckoned from its start by arithmetic, so that nothing drifts and nothing is slow."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.schedule.definition import Rotation, RotationKind
from domain.zone import instant_of, local_of

_DAYS = {RotationKind.DAILY: 1, RotationKind.WEEKLY: 7}


class Turn(NamedTuple):
    """A span `[start, end)` in which it is one person's turn."""

    start: datetime
    end: datetime
    developer_id: UUID


def developer_at(rotation: Rotation, zone: ZoneInfo, at: datetime) -> UUID | None:
    """Whose turn it is, be the rotation active or not; nobody's where it has not begun or has no participants."""
    if at < rotation.starts_at or not rotation.participants:
        return None
    return rotation.participants[number_at(rotation, zone, at) % len(rotation.participants)]


def turns(rotation: Rotation, zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[Turn]:
    """The turns within the span, in order, cut at its ends; one turn where all turns are the same person's."""
    since = max(since, rotation.starts_at)
    if since >= until or not rotation.participants:
        return
    if len(set(rotation.participants)) == 1:
        yield Turn(since, until, rotation.participants[0])
        return
    number = number_at(rotation, zone, since)
    start = since
    while start < until:
        end = min(start_of(rotation, zone, number + 1), until)
        if start < end:
            yield Turn(start, end, rotation.participants[number % len(rotation.participants)])
        start, number = end, number + 1


def start_of(rotation: Rotation, zone: ZoneInfo, number: int) -> datetime:
    """When the turn of that number begins, 0 the first: hours as they pass, all else by the clock on the wall."""
    if number == 0:
        return rotation.starts_at
    if rotation.kind is RotationKind.HOURLY:
        return rotation.starts_at + timedelta(hours=rotation.length * number)
    first = local_of(rotation.starts_at, zone)
    if rotation.kind is RotationKind.MONTHLY:
        return instant_of(_months_after(first, rotation.length * number), zone)
    return instant_of(first + timedelta(days=_DAYS[rotation.kind] * rotation.length * number), zone)


def number_at(rotation: Rotation, zone: ZoneInfo, at: datetime) -> int:
    """The number of the turn that holds at that instant, which is not before the first."""
    number = max(0, _guess(rotation, zone, at))
    while number > 0 and start_of(rotation, zone, number) > at:
        number -= 1
    while start_of(rotation, zone, number + 1) <= at:
        number += 1
    return number


def _guess(rotation: Rotation, zone: ZoneInfo, at: datetime) -> int:
    """The number, but for one or two: months differ, and clocks are moved."""
    if rotation.kind is RotationKind.HOURLY:
        return (at - rotation.starts_at) // timedelta(hours=rotation.length)
    first, local = local_of(rotation.starts_at, zone), local_of(at, zone)
    if rotation.kind is RotationKind.MONTHLY:
        return ((local.year - first.year) * 12 + local.month - first.month) // rotation.length
    return (local.date() - first.date()).days // (_DAYS[rotation.kind] * rotation.length)


def _months_after(first: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day where it is shorter."""
    years, month = divmod(first.month - 1 + months, 12)
    year = first.year + years
    return first.replace(year=year, month=month + 1, day=min(first.day, monthrange(year, month + 1)[1]))
