"""Spans of time as callers ask for them, and as queries use them: half-open, `[since, until)`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.errors import InvalidInput

# What every store can hold; nothing was received outside.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` on and before `until`; without one of them it is open on that side."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A span as a caller wrote it: between two instants, or the `last` so much before now."""

    since: datetime | None = None
    until: datetime | None = None
    last: timedelta | None = None

    def resolve(self, now: datetime, *path: str) -> Span:
        """The span that is meant; `path` is where the caller wrote it.

        Raises: InvalidInput where the parts contradict each other.
        """
        if self.last is not None:
            return Span(self._start(self.last, now, path))
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise InvalidInput("`until` must be after `since`.", (*path, "until"))
        return Span(_held(self.since), _held(self.until))

    def _start(self, last: timedelta, now: datetime, path: tuple[str, ...]) -> datetime:
        if self.since is not None or self.until is not None:
            raise InvalidInput("Give `last` alone, or `since` and `until`.", (*path, "last"))
        if last <= timedelta(0):
            raise InvalidInput("`last` must be longer than nothing.", (*path, "last"))
        try:
            return max(now - last, _EARLIEST)
        except OverflowError as error:
            raise InvalidInput("`last` reaches back too far.", (*path, "last")) from error


def _held(at: datetime | None) -> datetime | None:
    return None if at is None else min(max(at, _EARLIEST), _LATEST).astimezone(UTC)
