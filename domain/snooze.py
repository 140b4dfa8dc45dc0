"""Until when is an issue to be quiet? Until a time, or until it has had so many events."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.errors import InvalidInput

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SnoozeEnd:
    """What ends a snooze: an instant, or the number of events in all."""

    at: datetime | None = None
    event_count: int | None = None


def snooze_end(
    *, now: datetime, counted: int, until: datetime | None, span: timedelta | None, event_count: int | None
) -> SnoozeEnd:
    """The end that was asked for in one of three ways; `counted` is how many events the issue has had.

    Raises: InvalidInput where none or several are given, or the end is past, or more than 366 days away.
    """
    if sum(given is not None for given in (until, span, event_count)) != 1:
        raise InvalidInput("Give one of `until`, `for` and `untilEventCount`.")
    if event_count is not None:
        if event_count <= counted:
            message = f"`untilEventCount` counts all events of the issue: it must be over {counted}."
            raise InvalidInput(message, ("untilEventCount",))
        return SnoozeEnd(event_count=event_count)
    name = "until" if span is None else "for"
    at = until if span is None else now + min(span, LONGEST + timedelta(days=1))
    assert at is not None
    if not now < at <= now + LONGEST:
        raise InvalidInput(f"`{name}` must end in the future, and within {LONGEST.days} days.", (name,))
    return SnoozeEnd(at=at.astimezone(UTC))
