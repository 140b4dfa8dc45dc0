"""Figures told again and again to those who watch: once in a beat for all who ask the same, never for nobody."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from domain.access import Actor, Scope
from domain.event import Severity
from domain.span import TimeRange
from domain.stats import Coverage, Question, StatsFilter
from domain.tick import SHORTEST, USUAL, Counted, beat_of, check_every, count_by_severity
from resolvers.resources import Resources
from resolvers.stats import answer_questions, count_last_minute, count_last_minute_of_issue, find_coverage
from resolvers.stream import Who
from resolvers.tick import Minute, Tick, tick_key


async def stream_ticks(
    res: Resources, who: Who, *, filter: StatsFilter | None = None, every: timedelta | None = None
) -> AsyncGenerator[list[Tick], None]:
    """A stream of ticks: one at once, then one in each beat of that length; the usual is five seconds.

    One who is slow leaves out the beats that passed meanwhile. Rights are looked at with each.

    Raises: PermissionDenied, InvalidInput.
    """
    who().require(Scope.READ)
    return _ticks(res, who, filter or StatsFilter(), check_every(USUAL if every is None else every))


async def last_minute_of(res: Resources, tick: Tick) -> dict[Severity, int]:
    """How many events of each severity came in the last whole minute before the tick, mildest first.

    Raises: PermissionDenied.
    """
    tick.actor.require(Scope.READ)
    if tick.filter.issue is not None:
        return await _of_issue(res, tick, tick.filter.issue)
    counted = tick.minute.counted

    async def count(_: Sequence[None]) -> list[list[Counted]]:
        return [await count_last_minute(res, tick.at)]

    await counted.stock([None], count)
    return count_by_severity(counted[None], tick.filter, tick.actor.sees)


async def _of_issue(res: Resources, tick: Tick, issue_id: UUID) -> dict[Severity, int]:
    count_one = partial(count_last_minute_of_issue, res, tick.actor, filter=tick.filter, at=tick.at)

    async def count(_: Sequence[UUID]) -> list[dict[Severity, int]]:
        return [await count_one(issue_id=issue_id)]

    await tick.of_issue.stock([issue_id], count)
    return tick.of_issue[issue_id]


def coverage_of(res: Resources, tick: Tick) -> Coverage:
    """The range of the figures of a tick: the last 24 hours.

    Raises: PermissionDenied.
    """
    return find_coverage(res, tick.actor, filter=tick.filter, asked=TimeRange(), now=tick.at)


async def answers_of(res: Resources, tick: Tick, covered: Coverage, questions: Sequence[Question]) -> list[Any]:
    """The answers to these questions; whoever of those who share the tick asks first has them computed.

    Raises: PermissionDenied.
    """

    async def answer(missing: Sequence[Question]) -> list[Any]:
        return await answer_questions(res, tick.actor, filter=tick.filter, covered=covered, questions=missing)

    await tick.answers.stock(questions, answer)
    return [tick.answers[question] for question in questions]


async def _ticks(res: Resources, who: Who, filter: StatsFilter, every: timedelta) -> AsyncGenerator[list[Tick], None]:
    tick: Tick | None = None
    while True:
        now = res.clock.now()
        if tick is not None and tick.beat == beat_of(now, every):
            await res.clock.sleep((tick.beat + every - now).total_seconds())
            continue
        # It is held until the next, so that whoever comes in this beat gets the same.
        tick = _tick_now(res, who(), filter, every)
        yield [tick]


def _tick_now(res: Resources, actor: Actor, filter: StatsFilter, every: timedelta) -> Tick:
    """The tick of this beat, perhaps one that another holds already.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    now = res.clock.now()
    beat = beat_of(now, every)
    minute = res.minutes.setdefault(beat_of(now, SHORTEST), Minute())
    return res.ticks.setdefault(tick_key(beat, every, filter, actor), Tick(now, beat, filter, actor, minute))
