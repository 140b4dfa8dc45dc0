"""What may be said of a developer: settings, managers, roles, and spans of duty."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from domain.access import Actor, Role
from domain.bounds import SERVICE
from domain.errors import Conflict, InvalidInput
from domain.text import lines, one_line
from domain.zone import check_timezone

MOST_SERVICES = 200
HIGHEST_LOAD = 1000
USUAL_LOAD = 10
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s<>,;\"\\()\[\]]{1,64}@[^@\s<>,;\"\\()\[\]]+")


@dataclass(frozen=True, slots=True)
class DeveloperFilter:
    """Which developers are asked for: those who know the service, those who are on call now or are not."""

    service: str | None = None
    on_call: bool | None = None


class DeveloperSettings(TypedDict, total=False):
    """What can be set of a developer; what is left out stays as it is."""

    name: str
    email: str
    role: Role
    timezone: str
    services: list[str]
    manager_id: UUID | None
    max_load: int


def check_settings(settings: DeveloperSettings) -> DeveloperSettings:
    """The settings as they are stored: texts trimmed, services each once.

    Raises: InvalidInput.
    """
    checked = settings.copy()
    if "name" in settings:
        checked["name"] = one_line(settings["name"], "name")
    if "email" in settings:
        checked["email"] = check_email(settings["email"], "email")
    if "timezone" in settings:
        check_timezone(settings["timezone"], "timezone")
    if "services" in settings:
        checked["services"] = lines(settings["services"], "services", most=MOST_SERVICES, longest=SERVICE.limit)
    if "max_load" in settings and not 0 <= settings["max_load"] <= HIGHEST_LOAD:
        raise InvalidInput(f"`maxLoad` must be from 0 to {HIGHEST_LOAD}.", ("maxLoad",))
    return checked


def check_role(actor: Actor, before: Role | None, after: Role, *, other_owners: int) -> None:
    """Return if the actor may make a developer of one role one of another, without leaving nobody as OWNER.

    Raises: PermissionDenied, Conflict.
    """
    actor.require_rank(after)
    if before is None:
        return
    actor.require_rank(before)
    if before is Role.OWNER and after is not Role.OWNER and not other_owners:
        raise Conflict("This is the only OWNER: make another one first.")


def check_manager(developer_id: UUID, manager_id: UUID | None, managers: Mapping[UUID, UUID | None]) -> None:
    """Return if nobody becomes their own manager, however far up; `managers` says whose manager is who.

    Raises: InvalidInput.
    """
    above, seen = manager_id, set()
    while above is not None and above not in seen:
        if above == developer_id:
            raise InvalidInput("A developer cannot be above their own manager.", ("managerId",))
        seen.add(above)
        above = managers.get(above)


@dataclass(frozen=True, slots=True)
class DutySpan:
    """A span `[starts_at, ends_at)` of duty; without an end it goes on until somebody ends it."""

    starts_at: datetime
    ends_at: datetime | None = None


def change_duty(
    current: DutySpan | None, *, on_call: bool, until: datetime | None, at: datetime
) -> tuple[DutySpan | None, bool]:
    """What the span of duty that holds at `at` becomes, none if it leaves no trace, and whether that is a change.

    Raises: InvalidInput.
    """
    if until is not None and not on_call:
        raise InvalidInput("`until` goes with `onCall: true`.", ("until",))
    if until is not None and until <= at:
        raise InvalidInput("`until` must lie in the future.", ("until",))
    if on_call:
        wanted = DutySpan(current.starts_at if current else at, until)
        return wanted, wanted != current
    if current is None:
        return None, False
    return (DutySpan(current.starts_at, at) if current.starts_at < at else None), True


def check_email(text: str, *path: str) -> str:
    """The text without blanks around it, if it looks like a mail address.

    Raises: InvalidInput at `path`.
    """
    email = one_line(text, *path, most=_LONGEST_EMAIL)
    if not _EMAIL.fullmatch(email):
        raise InvalidInput(f"`{path[-1]}` must look like name@example.com.", path)
    return email
