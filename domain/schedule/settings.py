"""What may be said of a schedule, a rotation and an override."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TypedDict
from uuid import UUID

from domain.bounds import SERVICE
from domain.errors import InvalidInput
from domain.schedule.definition import RotationKind
from domain.text import LONGEST_NAME, lines, one_line, whole_number
from domain.zone import check_timezone

MOST_SERVICES = 200
MOST_SCHEDULES = 500
MOST_ROTATIONS = 10
MOST_OVERRIDES = 500
MOST_PARTICIPANTS = 100
LONGEST_LENGTH = 1000
LONGEST_QUESTION = timedelta(days=366)
LONGEST_OVERRIDE = timedelta(days=366)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class ScheduleSettings(TypedDict, total=False):
    """What can be set of a schedule; what is left out stays as it is. Without services it is for all of them."""

    name: str
    timezone: str
    services: list[str]
    team_id: UUID | None
    notify_handoff: bool
    notify_ahead: timedelta | None


class RotationSettings(TypedDict, total=False):
    """What can be set of a rotation; what is left out stays as it is. `participant_ids` are all, in their order."""

    name: str
    kind: RotationKind
    length: int
    starts_at: datetime
    active_days: list[int]
    active_from: str | None
    active_until: str | None
    participant_ids: list[UUID]


class OverrideSettings(TypedDict, total=False):
    """What can be set of an override; what is left out stays as it is."""

    starts_at: datetime
    ends_at: datetime
    add_id: UUID | None
    remove_id: UUID | None
    note: str | None


def check_schedule(settings: ScheduleSettings) -> ScheduleSettings:
    """The settings as they are stored: texts trimmed, services each once.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "name" in settings:
        checked["name"] = one_line(settings["name"], "name")
    if "timezone" in settings:
        check_timezone(settings["timezone"], "timezone")
    if "services" in settings:
        checked["services"] = lines(settings["services"], "services", most=MOST_SERVICES, longest=SERVICE.limit)
    return checked


def check_rotation(settings: RotationSettings) -> RotationSettings:
    """The settings as they are stored: the name trimmed, days each once.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "name" in settings:
        checked["name"] = one_line(settings["name"], "name")
    whole_number(settings.get("length"), "length", most=LONGEST_LENGTH)
    if "starts_at" in settings:
        checked["starts_at"] = check_instant(settings["starts_at"], "startsAt")
    if "active_days" in settings:
        checked["active_days"] = _days(settings["active_days"])
    for hour, path in ((settings.get("active_from"), "activeFrom"), (settings.get("active_until"), "activeUntil")):
        clock_time(hour, path)
    if len(settings.get("participant_ids", [])) > MOST_PARTICIPANTS:
        raise InvalidInput(f"`participantIds` takes at most {MOST_PARTICIPANTS} values.", ("participantIds",))
    return checked


def check_hours(active_from: str | None, active_until: str | None) -> None:
    """Return if both ends of the active hours are given, or neither.

    Raises: InvalidInput.
    """
    if (active_from is None) is not (active_until is None):
        raise InvalidInput("Give `activeFrom` and `activeUntil`, or neither.", ("activeUntil",))


def check_override(settings: OverrideSettings) -> OverrideSettings:
    """The settings as they are stored: the note trimmed, none where it is empty.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "starts_at" in settings:
        checked["starts_at"] = check_instant(settings["starts_at"], "start")
    if "ends_at" in settings:
        checked["ends_at"] = check_instant(settings["ends_at"], "end")
    if (note := settings.get("note")) is not None:
        checked["note"] = one_line(note, "note", most=LONGEST_NAME) if note.strip() else None
    return checked


def check_change(starts_at: datetime, ends_at: datetime, add: UUID | None, remove: UUID | None, at: datetime) -> None:
    """Return if an override of that span can still change something, and says whom.

    Raises: InvalidInput.
    """
    check_span(starts_at, ends_at)
    if ends_at <= at:
        raise InvalidInput("`end` must lie in the future: what has been is recorded, and stays.", ("end",))
    if add is None and remove is None:
        raise InvalidInput("Give `addId`, `removeId`, or both.", ("addId",))
    if add == remove:
        raise InvalidInput("`addId` and `removeId` must not be the same.", ("removeId",))


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Return if an override may have that span.

    Raises: InvalidInput.
    """
    if ends_at <= starts_at:
        raise InvalidInput("`end` must be after `start`.", ("end",))
    if ends_at - starts_at > LONGEST_OVERRIDE:
        raise InvalidInput(f"An override lasts at most {LONGEST_OVERRIDE.days} days.", ("end",))


def check_question(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The span that is asked for, in UTC.

    Raises: InvalidInput where it is empty, too long, or far from our time.
    """
    since, until = check_instant(since, "from"), check_instant(until, "to")
    if until <= since:
        raise InvalidInput("`to` must be after `from`.", ("to",))
    if until - since > LONGEST_QUESTION:
        raise InvalidInput(f"`to` must be at most {LONGEST_QUESTION.days} days after `from`.", ("to",))
    return since, until


def check_instant(at: datetime, path: str) -> datetime:
    """The instant in UTC.

    Raises: InvalidInput at `path` where it is far from our time.
    """
    if not EARLIEST <= at < LATEST:
        raise InvalidInput(f"`{path}` must be from {EARLIEST.year} on and before {LATEST.year}.", (path,))
    return at.astimezone(UTC)


def clock_time(text: str | None, path: str) -> time | None:
    """The time on a clock that the text says, none where there is none.

    Raises: InvalidInput at `path`.
    """
    if text is None:
        return None
    found = _HOUR.fullmatch(text)
    if found is None:
        raise InvalidInput(f"`{path}` must be a time such as 08:30, from 00:00 to 23:59.", (path,))
    return time(int(found[1]), int(found[2]))


def _days(days: Sequence[int]) -> list[int]:
    if any(not 1 <= day <= 7 for day in days):  # noqa: PLR2004 - a week has seven
        raise InvalidInput("`activeDays` are from 1 (Monday) to 7 (Sunday).", ("activeDays",))
    return sorted(set(days))
