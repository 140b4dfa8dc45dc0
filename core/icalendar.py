"""Calendars as programs exchange them (iCalendar, RFC 5545), written by a library."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

_PRODUCT = "-//Tocsin//Tocsin//EN"
_OURS = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry `[start, end)` of a calendar, in UTC."""

    uid: str
    start: datetime
    end: datetime
    title: str
    description: str


def write_calendar(name: str, entries: Iterable[Entry], *, stamp: datetime, refresh: timedelta, url: str) -> bytes:
    """The calendar with these entries, which leave whose they are free for other things.

    The same entries and the same stamp give the same bytes. `refresh` says how often a program may ask (RFC 7986, 5.7).
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{int(refresh.total_seconds())}S")
    for entry in entries:
        calendar.add_component(_event(entry, stamp, url))
    return bytes(calendar.to_ical(sorted=True))


def _event(entry: Entry, stamp: datetime, url: str) -> Event:
    event = Event()
    event.add("uid", f"{_OURS}{entry.uid}")
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", entry.title)
    event.add("description", entry.description)
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event
