from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from core.icalendar import Entry, write_calendar

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def written(*entries: Entry, name: str = "Shop") -> bytes:
    return write_calendar(name, entries, stamp=AT, refresh=timedelta(minutes=15), url="https://tocsin.example.com")


def test_what_is_written_is_read_again_whatever_it_says():
    title = 'Ann; "A", 漢字 \\ é\nEND:VCALENDAR ' + "long " * 40
    calendar = Calendar.from_ical(written(Entry("1", AT, AT + HOUR, title, "By a rotation.")))
    (event,) = calendar.events
    assert (event["summary"], event.start, event.end) == (title, AT, AT + HOUR)
    assert (calendar["prodid"], calendar["version"], calendar.calendar_name) == ("-//Tocsin//Tocsin//EN", "2.0", "Shop")
    assert [str(event[name]) for name in ("uid", "transp")] == ["urn:uuid:1", "TRANSPARENT"]
    assert "method" not in calendar  # that would be an invitation, and need an organizer (RFC 5546, 3.2.1)


def test_lines_are_short_and_end_as_they_must():
    content = written(Entry("1", AT, AT + HOUR, "漢字" * 100, "x" * 300))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75  # RFC 5545, 3.1
    content.decode()


def test_times_are_utc_and_the_same_entries_give_the_same_bytes():
    entry = Entry("1", AT, AT + HOUR, "Ann", "")
    assert b"DTSTART:20260302T030000Z\r\nDTEND:20260302T040000Z\r\nDTSTAMP:20260302T030000Z" in written(entry)
    assert written(entry) == written(entry)
    assert written().count(b"BEGIN:") == 1
