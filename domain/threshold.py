"""Is there so much of something that administrators should look? Bounds on rates and on alerts that nobody has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.stats import HOUR, floor

DAY_HOURS = 24
# Below this share of its bound something is over: near the bound it would begin and end again and again.
_OVER_AT = 0.8


class Threshold(StrEnum):
    """What is bounded."""

    ERRORS = "ERRORS"
    CRITICAL = "CRITICAL"
    RISE = "RISE"
    UNACKNOWLEDGED = "UNACKNOWLEDGED"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that is borne, 0 for any: events and CRITICAL ones an hour, alerts that nobody has.

    A rise is an hour with `rise_factor` times as many events as the mean hour of the day before, at least `rise_floor`.
    """

    errors: int
    critical: int
    rise_factor: float
    rise_floor: int
    unacknowledged: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What there is: events of the last hour, those that are CRITICAL, of the mean hour of the day before, alerts."""

    errors: float
    critical: float
    usual: float
    unacknowledged: int


@dataclass(frozen=True, slots=True)
class Level:
    """How much there is of something, and how much is borne, none: any."""

    value: float
    bound: float | None

    @property
    def is_crossed(self) -> bool:
        """Whether there is more than is borne."""
        return self.bound is not None and self.value > self.bound

    @property
    def is_over(self) -> bool:
        """Whether there is clearly less than is borne."""
        return self.bound is None or self.value <= _OVER_AT * self.bound


def levels(measured: Measured, bounds: Bounds) -> Mapping[Threshold, Level]:
    """How much there is of everything that is bounded."""
    risen = max(bounds.rise_factor * measured.usual, bounds.rise_floor) if bounds.rise_factor else None
    return {
        Threshold.ERRORS: Level(measured.errors, bounds.errors or None),
        Threshold.CRITICAL: Level(measured.critical, bounds.critical or None),
        Threshold.RISE: Level(measured.errors, risen),
        Threshold.UNACKNOWLEDGED: Level(measured.unacknowledged, bounds.unacknowledged or None),
    }


def in_last_hour(by_hour: Mapping[datetime, int], now: datetime) -> float:
    """About how many there were in the last 60 minutes, where whole hours of UTC are counted.

    All of this hour, and of the one before the part that lies in them, as if it had been even.
    """
    this = floor(now, HOUR)
    return by_hour.get(this, 0) + by_hour.get(this - HOUR, 0) * (1 - (now - this) / HOUR)


def usual_hour(by_hour: Mapping[datetime, int], now: datetime) -> float:
    """The mean of the 24 whole hours before the one before this."""
    last = floor(now, HOUR) - HOUR
    return sum(by_hour.get(last - back * HOUR, 0) for back in range(1, DAY_HOURS + 1)) / DAY_HOURS
