"""What a schedule is: rotations in which people take turns, and overrides which change that for a while."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class RotationKind(StrEnum):
    """In what the length of a turn is counted."""

    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns of `length` hours, days, weeks or months, the first from `starts_at` on.

    Only on the active days (1 is Monday, 7 Sunday; none given: every day) and in the active hours (none given: all
    day) is anybody on call by it. Hours that pass midnight belong to the day on which they begin.
    """

    kind: RotationKind
    length: int
    starts_at: datetime
    participants: tuple[UUID, ...]
    active_days: frozenset[int] = frozenset()
    active_from: time | None = None
    active_until: time | None = None

    @property
    def is_always_active(self) -> bool:
        """Whether neither days nor hours bound it."""
        return not self.active_days and self.active_from is None


@dataclass(frozen=True, slots=True)
class Override:
    """From `start` on and before `end`, `add` is on call, `remove` is not, or `add` wherever `remove` would be."""

    start: datetime
    end: datetime
    add: UUID | None = None
    remove: UUID | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A span `[start, end)` in which a calendar that is kept elsewhere puts somebody on call."""

    start: datetime
    end: datetime
    developer_id: UUID


@dataclass(frozen=True, slots=True)
class Definition:
    """A schedule: all rotations that are active count, and all that is imported, as if it were one more of them.

    Overrides apply one after the other, in their order.
    """

    zone: ZoneInfo
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()
    imported: tuple[Imported, ...] = ()

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody who may be on call by it."""
        in_turns = {id for rotation in self.rotations for id in rotation.participants}
        in_turns |= {one.developer_id for one in self.imported}
        return frozenset(in_turns | {one.add for one in self.overrides if one.add is not None})


@dataclass(frozen=True, slots=True)
class Shift:
    """A span `[start, end)` in which somebody is on call without a break, by rotations or by an override."""

    developer_id: UUID
    start: datetime
    end: datetime
    is_override: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A span `[start, end)` in which nobody is on call."""

    start: datetime
    end: datetime


# How far ahead the end of a shift is looked for; what ends later has no end in sight.
HORIZON = timedelta(days=100)
