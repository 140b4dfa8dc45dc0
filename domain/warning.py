"""Telling administrators of what is wrong once, again while it lasts, and when it is over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stands:
    """Since when something is wrong, and when administrators were told of it last."""

    began_at: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be told: what is new, what lasts and was told a day ago, and what is over."""

    new: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    over: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.new or self.again or self.over)


def judge(wrong: Collection[str], fine: Collection[str], known: Mapping[str, Stands], now: datetime) -> Verdict:
    """What is to be told, where these are wrong and those are fine by now; what is neither stays as it was.

    What lasts is told again only after a day.
    """
    lasting = [name for name in wrong if name in known]
    return Verdict(
        new=tuple(name for name in wrong if name not in known),
        again=tuple(name for name in lasting if now - known[name].told_at >= AGAIN_AFTER),
        over=tuple(name for name in fine if name in known),
    )
