"""One telling of figures, the same object for all in a process who asked for the same and may see the same."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.shelf import Shelf
from domain.access import Actor
from domain.event import Severity
from domain.stats import Question, StatsFilter
from domain.tick import Counted


@dataclass(eq=False)
class Minute:
    """What the last whole minute had, counted once for all filters and rights."""

    counted: Shelf[None, list[Counted]] = field(default_factory=Shelf)


@dataclass(eq=False)
class Tick:
    """What was asked, as of `at`, by somebody with the rights of `actor`; figures are computed once, when wanted.

    `results` keeps what is made of it, for as long as somebody has the tick in hand.
    """

    at: datetime
    beat: datetime
    filter: StatsFilter
    actor: Actor
    minute: Minute
    of_issue: Shelf[UUID, dict[Severity, int]] = field(default_factory=Shelf)
    answers: Shelf[Question, Any] = field(default_factory=Shelf)
    results: dict[Hashable, Any] = field(default_factory=dict)


def tick_key(beat: datetime, every: timedelta, filter: StatsFilter, actor: Actor) -> Hashable:
    """What two callers have in common who get the same tick: the time, the question, and the rights."""
    return beat, every, filter, actor.scopes, actor.project_ids
