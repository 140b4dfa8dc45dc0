"""The entries of a calendar that somebody else wrote, read in a process of their own: it may be hostile."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.child import ChildLost, ask_child

MOST_S = 5


class CalendarUnreadable(Exception):
    """Why a calendar is not read, as the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry `[start, end)`, each occurrence of one that recurs for itself; addresses in small letters."""

    start: datetime
    end: datetime
    title: str
    attendees: tuple[str, ...]
    organizers: tuple[str, ...]


async def read_events(content: bytes, *, since: datetime, until: datetime, zone: str, most: int) -> list[CalendarEvent]:
    """The entries of a calendar (RFC 5545) that touch the span, in UTC, without those that were cancelled.

    Whole days, and times that name no zone, are by the clocks of `zone`.
    It costs a process of at most MOST_S seconds and half
    a gigabyte, whatever the calendar holds.

    Raises: CalendarUnreadable.
    """
    span = {"since": since.isoformat(), "until": until.isoformat()}
    head = json.dumps({**span, "zone": zone, "most": most, "seconds": MOST_S})
    answer = await _ask(head.encode() + b"\n" + content)
    if "error" in answer:
        raise CalendarUnreadable(answer["error"])
    return [_event(each) for each in answer["events"]]


async def _ask(asked: bytes) -> dict[str, Any]:
    try:
        # It counts its own time, and others may be at work here.
        said = await ask_child("core.icalendar_child", asked, most_s=4 * MOST_S)
    except ChildLost as lost:
        raise CalendarUnreadable(f"took more than {MOST_S} seconds, or too much memory, to be read") from lost
    answer: dict[str, Any] = json.loads(said)
    return answer


def _event(told: dict[str, Any]) -> CalendarEvent:
    return CalendarEvent(
        start=datetime.fromisoformat(told["start"]).astimezone(UTC),
        end=datetime.fromisoformat(told["end"]).astimezone(UTC),
        title=told["title"],
        attendees=tuple(told["attendees"]),
        organizers=tuple(told["organizers"]),
    )
