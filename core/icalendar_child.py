"""`python -m core.icalendar_child`: reads a calendar that may be hostile, in a process that may be killed for it.

What is asked comes as one line of JSON and the calendar behind it; the answer is JSON. Recurrences are expanded by a
library that counts each of them, so what is endless ends where this process has used up its time or its memory.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from recurring_ical_events import of

_MOST_MEMORY = 512 * 2**20
_LONGEST_TITLE = 300
_MOST_ADDRESSES = 50
_TIMES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}


class _Unreadable(Exception):
    """Why it is not read, as the end of a sentence about the calendar."""


def main() -> None:
    """Answer what is asked."""
    sys.stdout.write("\n")  # it has begun
    sys.stdout.flush()
    head, _, content = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    try:
        answer: dict[str, Any] = {"events": list(_events(asked, content))}
    except _Unreadable as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": "is too large to be read"}
    except Exception as error:  # noqa: BLE001 - the library raises whatever a calendar makes it stumble over
        answer = {"error": f"cannot be read ({type(error).__name__}: {error})"}
    json.dump(answer, sys.stdout)


def _events(asked: dict[str, Any], content: bytes) -> Iterator[dict[str, Any]]:
    zone, since, until = ZoneInfo(asked["zone"]), *map(datetime.fromisoformat, (asked["since"], asked["until"]))
    calendar = _calendar(content)
    _check(calendar)
    found = [event for event in of(calendar).between(since, until) if event.get("STATUS") != "CANCELLED"]
    if len(found) > asked["most"]:
        raise _Unreadable(f"has more than {asked['most']:,} entries from {since:%Y-%m-%d} to {until:%Y-%m-%d}")
    for event in found:
        start, end = _instant(event.start, zone), _instant(event.end, zone)
        if start < end:
            yield {
                "start": start.isoformat(),
                "end": end.isoformat(),
                "title": str(event.get("SUMMARY", ""))[:_LONGEST_TITLE],
                "attendees": _addresses(event, "ATTENDEE"),
                "organizers": _addresses(event, "ORGANIZER"),
            }


def _calendar(content: bytes) -> Calendar:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable("is not UTF-8") from error
    try:
        return Calendar.from_ical(text)
    except ValueError as error:
        raise _Unreadable(f"is no iCalendar ({error})") from error


def _check(calendar: Calendar) -> None:
    """Return if the times of all entries could be read: what is left out would leave nobody on call."""
    if calendar.name != "VCALENDAR":
        raise _Unreadable("is no iCalendar (it does not begin with BEGIN:VCALENDAR)")
    for event in calendar.walk("VEVENT"):
        wrong = next((each for each in event.errors if str(each[0]).upper() in _TIMES), None)
        if wrong or "DTSTART" not in event:
            name, why = wrong or ("DTSTART", "is missing")
            raise _Unreadable(f"has an entry {str(event.get('SUMMARY', ''))[:100]!r} whose {name} is wrong: {why}")


def _instant(at: date, zone: tzinfo) -> datetime:
    """A day begins, and a time without a zone is, by the clocks of that zone."""
    whole = at if isinstance(at, datetime) else datetime.combine(at, time())
    return whole if whole.tzinfo else whole.replace(tzinfo=zone)


def _addresses(event: Event, name: str) -> list[str]:
    """The mail addresses of those people, from `mailto:` or a parameter (RFC 5545, 3.3.3; RFC 7986, 6.2)."""
    values = event.get(name, [])
    people = values if isinstance(values, list) else [values]
    plain = (str(one.params.get("EMAIL") or one) for one in people[:_MOST_ADDRESSES])
    return [address.lower().removeprefix("mailto:").strip()[:_LONGEST_TITLE] for address in plain]


if __name__ == "__main__":
    main()
