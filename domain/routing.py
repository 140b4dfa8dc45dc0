"""Who should get an issue? Somebody who knows the service, is on call and has room: the least loaded of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A developer who knows the service. `load` counts the open issues that are theirs.

    `on_call_until` says when their duty ends, and is none where no end is set.
    """

    developer_id: UUID
    is_on_call: bool
    on_call_until: datetime | None
    load: int
    max_load: int
    last_assigned_at: datetime | None

    @property
    def has_room(self) -> bool:
        """Whether one more issue is within their maximum."""
        return self.load < self.max_load


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen, or none, and the reason for a person to read."""

    developer_id: UUID | None
    reason: str


def choose(candidates: Sequence[Candidate], *, service: str) -> Choice:
    """Choose the least loaded who is on call and has room; among equals, the one who was given none for longest."""
    on_call = [candidate for candidate in candidates if candidate.is_on_call]
    fit = [candidate for candidate in on_call if candidate.has_room]
    if fit:
        chosen = min(fit, key=_preference)
        return Choice(chosen.developer_id, _praise(chosen, service))
    if on_call:
        return Choice(None, f"everybody on call who knows {service} has as many open issues as they may")
    if candidates:
        return Choice(None, f"nobody who knows {service} is on call")
    return Choice(None, f"nobody in the project knows {service}")


def likely(candidates: Sequence[Candidate], count: int) -> list[UUID]:
    """Who would be chosen for so many issues one after the other, each once; who has none of them yet goes first."""
    fit = sorted((one for one in candidates if one.is_on_call and one.has_room), key=_preference)
    return [one.developer_id for one in fit[:count]]


def _preference(candidate: Candidate) -> tuple[int, datetime, UUID]:
    return candidate.load, candidate.last_assigned_at or _NEVER, candidate.developer_id


def _praise(chosen: Candidate, service: str) -> str:
    until = "" if chosen.on_call_until is None else f" until {chosen.on_call_until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"knows {service}, on call{until}, {chosen.load} of {chosen.max_load} open issues"
