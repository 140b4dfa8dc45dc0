"""When a digest leaves: what somebody wants told together, in one message at set times of their own clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.contact import Importance, QuietHours, is_quiet
from domain.errors import InvalidInput
from domain.notification import Channel
from domain.throttle import BUNDLED
from domain.zone import instant_of, local_of

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=1)
# Spans are counted from here: by the hour they end at each hour, by the day as work begins, not at midnight.
_COUNTED_FROM = time(8)
_MINUTE = timedelta(minutes=1)
_PATH = ("digestEvery",)


def check_digest(every: timedelta | None, importance: Importance, channel: Channel) -> None:
    """Return where a rule of that list and channel can gather what it brings for so long; none gathers nothing.

    Raises: InvalidInput.
    """
    if every is None:
        return
    if not SHORTEST <= every <= LONGEST or every % _MINUTE or LONGEST % every:
        raise InvalidInput(
            "`digestEvery` must be from 5 minutes to a day, in minutes, and divide a day: such as PT15M, PT1H or P1D.",
            _PATH,
        )
    if importance is not Importance.NORMAL:
        raise InvalidInput("`digestEvery` is for the list NORMAL: what is IMPORTANT must not wait.", _PATH)
    if channel not in BUNDLED:
        raise InvalidInput(f"`digestEvery` is not for {channel}: it takes each message by itself.", _PATH)


def digest_end(every: timedelta, zone: str, at: datetime) -> datetime:
    """The first instant after `at` at which such a span ends on clocks in that zone, counted from 08:00.

    An end that comes twice, as clocks go back, is one both times; one that never comes is as `domain/zone.py` has it.
    """
    clocks = ZoneInfo(zone)
    while True:
        local = local_of(at, clocks)
        wait = every - _into(local, every)
        end, wanted = at + wait, local + wait
        shown = local_of(end, clocks)
        if shown > wanted:  # clocks are put forward until then
            return instant_of(wanted, clocks)
        if not _into(shown, every):
            return end
        at = end  # they are put back until then, to within a span


def digest_at(every: timedelta, zone: str, at: datetime, quiet: QuietHours | None) -> datetime:
    """When what comes at that instant leaves: as the span ends, or where that is in quiet hours, as they end."""
    end = digest_end(every, zone, at)
    return _quiet_end(quiet, zone, end) if quiet and is_quiet(quiet, zone, end) else end


def digest_name(at: datetime, zone: str) -> str:
    """What people call the digest that leaves at that instant, by their clock: 10:00 (Europe/Berlin)."""
    return f"{local_of(at, ZoneInfo(zone)):%H:%M} ({zone})"


def _into(local: datetime, every: timedelta) -> timedelta:
    """How far into its span a time on the wall is."""
    return (local - datetime.combine(local.date(), _COUNTED_FROM)) % every


def _quiet_end(quiet: QuietHours, zone: str, at: datetime) -> datetime:
    """When the quiet hours end in which that instant is."""
    clocks = ZoneInfo(quiet.timezone or zone)
    local = local_of(at, clocks)
    wanted = datetime.combine(local.date(), time.fromisoformat(quiet.end))
    if wanted <= local:
        wanted += timedelta(days=1)
    end = instant_of(wanted, clocks)
    return end if end > at else wanted.replace(tzinfo=clocks, fold=1).astimezone(at.tzinfo)
