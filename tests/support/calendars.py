"""Calendars as other programs write them."""

WEEKS = (
    "DTSTART;TZID=Europe/Berlin:20260302T080000",
    "DTEND;TZID=Europe/Berlin:20260309T080000",
    "RRULE:FREQ=WEEKLY;INTERVAL=2",
)


def an_event(*lines: str, title: str | None = None, uid: str = "") -> str:
    summary = () if title is None else (f"SUMMARY:{title}",)
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid or hash(lines)}", *lines, *summary, "END:VEVENT"))


def a_calendar(*events: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", *events, "END:VCALENDAR", ""))


def a_span(start: str, end: str, title: str, *lines: str) -> str:
    """An entry of March 2026, in UTC: `02T03` to `02T05`."""
    return an_event(f"DTSTART:202603{start}0000Z", f"DTEND:202603{end}0000Z", *lines, title=title)
