"""Patterns: one template of a message in several issues, and where it is going."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

# The one week is compared to the one before.
SPAN = timedelta(days=7)
FEWEST_ISSUES = 2
_RISING_FROM, _FALLING_FROM = 1.5, 2 / 3


class Trend(StrEnum):
    """Where it is going, as one week compares to the one before; what needs most attention last."""

    GONE = "GONE"
    FALLING = "FALLING"
    STEADY = "STEADY"
    NEW = "NEW"
    RISING = "RISING"

    @property
    def rank(self) -> int:
        """Its place among all, 0 for what needs least attention."""
        return list(Trend).index(self)


class PatternOrder(StrEnum):
    """What patterns are sorted by."""

    EVENT_COUNT = "EVENT_COUNT"
    LAST_SEEN = "LAST_SEEN"
    TREND = "TREND"


def pattern_digest(error_type: str, template: str) -> bytes:
    """What says that two issues are of one pattern."""
    return sha256(f"{error_type}\0{template}".encode()).digest()


def trend_of(recent: int, before: int, *, first_seen_at: datetime, now: datetime) -> Trend:
    """Where it is going, with so many events in the last week and in the one before."""
    if not recent:
        return Trend.GONE
    if now - first_seen_at < SPAN:
        return Trend.NEW
    if recent >= _RISING_FROM * before:
        return Trend.RISING
    return Trend.FALLING if recent <= _FALLING_FROM * before else Trend.STEADY
