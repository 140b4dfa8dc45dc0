"""Time zones: which there are, and which instant a clock on a wall means."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from domain.errors import InvalidInput


def check_timezone(name: str, *path: str) -> str:
    """The name, if the IANA database has it.

    Raises: InvalidInput at `path`.
    """
    if name not in _timezones():
        raise InvalidInput(f"`{path[-1]}` must be a name of the IANA database, such as Europe/Berlin.", path)
    return name


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in the zone show that time.

    A time that comes twice, as clocks go back, is its first; one that never comes, as they go forward, is counted with
    the offset before: 02:30 is 03:30. So it is in calendars (RFC 5545, 3.3.5) and in Python (PEP 495, fold 0).
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def local_of(at: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in the zone show at that instant."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())
