"""Who should get an issue? Somebody who knows the service, is on call and has room: the least loaded of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A developer who may get the issue. `load` counts the open issues that are theirs.

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
    """Who was chosen, or none, and the reason for a person to read; for which team, where that is said."""

    developer_id: UUID | None
    reason: str
    team_id: UUID | None = None


def choose(candidates: Sequence[Candidate], *, service: str) -> Choice:
    """Choose of those who know the service the least loaded who is on call and has room.

    Among equals it is the one who was given none for longest.
    """
    if chosen := _least_loaded(candidates):
        return Choice(chosen.developer_id, f"knows {service}, {_praise(chosen)}")
    if any(candidate.is_on_call for candidate in candidates):
        return Choice(None, f"everybody on call who knows {service} has as many open issues as they may")
    if candidates:
        return Choice(None, f"nobody who knows {service} is on call")
    return Choice(None, f"nobody in the project knows {service}")


def choose_of(candidates: Sequence[Candidate], *, whose: str) -> Choice:
    """Choose of these the least loaded who is on call and has room, whatever they know; `whose` says why of these."""
    if chosen := _least_loaded(candidates):
        return Choice(chosen.developer_id, f"{whose}: {_praise(chosen)}")
    if any(candidate.is_on_call for candidate in candidates):
        return Choice(None, f"{whose}, where everybody on call has as many open issues as they may")
    return Choice(None, f"{whose}, where nobody is on call")


def likely(candidates: Sequence[Candidate], count: int) -> list[UUID]:
    """Who would be chosen for so many issues one after the other, each once; who has none of them yet goes first."""
    fit = sorted((one for one in candidates if one.is_on_call and one.has_room), key=_preference)
    return [one.developer_id for one in fit[:count]]


def _preference(candidate: Candidate) -> tuple[int, datetime, UUID]:
    return candidate.load, candidate.last_assigned_at or _NEVER, candidate.developer_id


def _least_loaded(candidates: Sequence[Candidate]) -> Candidate | None:
    fit = [candidate for candidate in candidates if candidate.is_on_call and candidate.has_room]
    return min(fit, key=_preference, default=None)


def _praise(chosen: Candidate) -> str:
    until = "" if chosen.on_call_until is None else f" until {chosen.on_call_until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"on call{until}, {chosen.load} of {chosen.max_load} open issues"
