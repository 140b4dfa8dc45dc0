from datetime import UTC, datetime, timedelta

import pytest

from core import icalendar_events
from core.icalendar_events import CalendarEvent, CalendarUnreadable, read_events
from tests.support.calendars import WEEKS, a_calendar, a_span, an_event
from tests.support.clock import START


async def read(*events: str, days: int = 30, most: int = 1_000) -> list[CalendarEvent]:
    return await read_raw(a_calendar(*events).encode(), days=days, most=most)


async def read_raw(content: bytes, *, days: int = 30, most: int = 1_000) -> list[CalendarEvent]:
    return await read_events(content, since=START, until=START + timedelta(days=days), zone="Asia/Tokyo", most=most)


def spans(found: list[CalendarEvent]) -> list[str]:
    return [f"{one.start:%d %H:%M} {one.end:%d %H:%M} {one.title}" for one in found]


async def test_what_recurs_is_read_as_often_as_it_does_by_the_clock_on_the_wall():
    found = await read(an_event(*WEEKS, "ATTENDEE;CN=Ann:mailto:Ann@Example.com", title="Ann"))
    assert spans(found) == ["02 07:00 09 07:00 Ann", "16 07:00 23 07:00 Ann", "30 06:00 06 06:00 Ann"]
    assert found[0].attendees == ("ann@example.com",)
    assert found[0].start == datetime(2026, 3, 2, 7, tzinfo=UTC)


async def test_days_and_times_without_a_zone_are_those_of_the_schedule():
    day, later = "DTSTART;VALUE=DATE:20260303", "DTSTART:20260304T090000"
    unknown = "DTSTART;TZID=Nowhere/There:20260305T090000"
    found = await read(
        an_event(day, title="Day"), an_event(later, "DURATION:PT2H", title="Local"), an_event(unknown, "DURATION:PT2H")
    )
    assert spans(found) == ["02 15:00 03 15:00 Day", "04 00:00 04 02:00 Local", "05 00:00 05 02:00 "]


async def test_what_was_cancelled_moved_or_lasts_no_time_counts_so():
    moved = ("DTSTART:20260304T000000Z", "DTEND:20260304T020000Z", "RECURRENCE-ID:20260303T000000Z")
    rule = ("DTSTART:20260303T000000Z", "DTEND:20260303T020000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260305T000000Z")
    series = [an_event(*lines, title="Ann", uid="1") for lines in (rule, moved)]
    found = await read(
        *series, a_span("10T00", "10T02", "Gone", "STATUS:CANCELLED"), an_event("DTSTART:20260311T000000Z")
    )
    assert spans(found) == ["04 00:00 04 02:00 Ann", "04 00:00 04 02:00 Ann"]


async def test_people_are_read_from_addresses_and_parameters():
    people = (
        "ATTENDEE:mailto:ann@example.com",
        "ATTENDEE;EMAIL=Bob@example.com:urn:uuid:1",
        "ORGANIZER:MAILTO:cid@x.y",
    )
    (found,) = await read(a_span("03T00", "03T01", "x", *people))
    assert (found.attendees, found.organizers) == (("ann@example.com", "bob@example.com"), ("cid@x.y",))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no iCalendar"),
        (b"<html>Sign in</html>", "is no iCalendar"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", "does not begin with BEGIN:VCALENDAR"),
        (a_calendar(an_event("DTSTART:yesterday", title="Ann")).encode(), "entry 'Ann' whose DTSTART is wrong"),
        (
            a_calendar(an_event("RRULE:FREQ=WEEKLY", title="Ann")).encode(),
            "entry 'Ann' whose DTSTART is wrong: is missing",
        ),
        (a_calendar(an_event(*WEEKS[:2], "RRULE:FREQ=NEVER", title="A")).encode(), "RRULE is wrong"),
        (b"BEGIN:VCALENDAR\r\n" * 20_000, "is no iCalendar"),
    ],
)
async def test_what_cannot_be_read_says_why(content: bytes, why: str):
    with pytest.raises(CalendarUnreadable, match=why):
        await read_raw(content)


async def test_what_has_too_many_entries_names_the_bound():
    with pytest.raises(CalendarUnreadable, match="more than 20 entries from 2026-03-02 to 2026-04-01"):
        await read(an_event("DTSTART:20260302T000000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY"), most=20)


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"])
async def test_what_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, rule: str):
    monkeypatch.setattr(icalendar_events, "MOST_S", 1)
    events = [an_event("DTSTART:19700101T000000Z", "DURATION:PT1H", f"RRULE:{rule}", uid=str(n)) for n in range(2_000)]
    with pytest.raises(CalendarUnreadable, match="took more than 1 second"):
        await read(*events)
