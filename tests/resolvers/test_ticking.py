"""Ticks of figures: shared by those who ask the same, exact, and none for nobody."""

import asyncio
import gc
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import ANONYMOUS, system
from domain.errors import InvalidInput, Unauthenticated
from domain.event import Severity
from domain.stats import StatsFilter
from models import Issue, Project
from resolvers.resources import Resources
from resolvers.ticking import last_minute_of, stream_ticks
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.feed import watching
from tests.support.graphql import counted_statements

ALL = system()
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def by(actor):
    return lambda: actor


async def happen(res: Resources, project: Project, events: int, **overrides: object) -> Issue:
    """An issue with so many events now, which are counted."""
    issue = await make_issue(res, project, events=events, **overrides)
    await count_events(res, issue, res.clock.now(), events)
    return issue


async def per_minute(res: Resources, actor=ALL, **filter: object) -> int:
    async with watching(stream_ticks(res, by(actor), filter=StatsFilter(**filter))) as stream:
        return sum((await last_minute_of(res, await stream.next())).values())


async def test_the_last_whole_minute_is_counted_exactly(res: Resources, clock: ManualClock):
    project = await make_project(res)
    for seconds, events in ((-0.001, 1), (0, 2), (59.999, 4), (60, 8)):
        await clock.move_to(START + timedelta(seconds=seconds))
        await happen(res, project, events, severity=Severity.CRITICAL if events == 4 else Severity.LOW)
    counts = []
    for seconds in (60, 119.9, 120, 180):
        await clock.move_to(START + timedelta(seconds=seconds))
        counts.append(await per_minute(res))
    assert counts == [6, 6, 8, 0]
    await clock.move_to(START + MINUTE)
    async with watching(stream_ticks(res, by(ALL))) as stream:
        found = await last_minute_of(res, await stream.next())
    assert list(found.items()) == [
        (Severity.INFO, 0), (Severity.LOW, 2), (Severity.MEDIUM, 0), (Severity.HIGH, 0), (Severity.CRITICAL, 4),
    ]  # fmt: skip


async def test_each_part_of_the_filter_and_the_rights_decide_what_is_counted(res: Resources, clock: ManualClock):
    shop, other = await make_project(res, slug="shop"), await make_project(res)
    wanted = await happen(res, shop, 3, service="billing", severity=Severity.CRITICAL)
    await happen(res, other, 5, severity=Severity.LOW)
    await clock.advance(MINUTE)
    for passing in (
        {"project": ("shop",)}, {"service": ("billing",)}, {"severity": (Severity.CRITICAL,)},
        {"min_severity": Severity.HIGH}, {"issue": wanted.id},
        {"project": ("shop",), "environment": ("production",), "issue": wanted.id},
    ):  # fmt: skip
        assert await per_minute(res, **passing) == 3, passing
    assert await per_minute(res, environment=("staging",)) == 0
    ann = await make_developer(res)
    assert await per_minute(res, acting(ann, other)) == 5
    assert await per_minute(res, acting(ann, other), issue=wanted.id) == 0
    assert await per_minute(res, acting(ann)) == 0


async def test_a_tick_comes_at_once_and_then_with_each_beat_and_never_more_often(res: Resources, clock: ManualClock):
    async with watching(stream_ticks(res, by(ALL), every=5 * SECOND)) as stream:
        await clock.advance(2 * SECOND)
        times = [(await stream.next()).at - START]
        coming = asyncio.ensure_future(stream.next())
        for _ in range(3):
            await asyncio.sleep(0)
            assert not coming.done()
            await clock.advance(SECOND)
        times.append((await coming).at - START)
        await clock.advance(17 * SECOND)  # who is slow leaves out what passed meanwhile
        times.append((await stream.next()).at - START)
    assert times == [2 * SECOND, 5 * SECOND, 22 * SECOND]


async def test_who_asks_the_same_with_the_same_rights_gets_the_same_tick_computed_once(res: Resources):
    ann, bob, project = await make_developer(res), await make_developer(res), await make_project(res)
    same = (acting(ann, project), acting(bob, project))
    async with AsyncExitStack() as stack:

        async def tick(actor, **asked: object):
            stream = await stack.enter_async_context(watching(stream_ticks(res, by(actor), **asked)))
            return await stream.next()

        ticks = [await tick(actor) for actor in same * 3]
        assert all(each is ticks[0] for each in ticks)
        with counted_statements(res) as statements:
            await asyncio.gather(*(last_minute_of(res, each) for each in ticks))
        assert len(statements) == 1
        others = [
            await tick(ALL), await tick(acting(ann)), await tick(same[0], every=SECOND),
            await tick(same[0], filter=StatsFilter(service=("checkout",))),
        ]  # fmt: skip
        assert len({id(each) for each in (ticks[0], *others)}) == 5
        with counted_statements(res) as statements:
            await asyncio.gather(*(last_minute_of(res, each) for each in others))
        assert statements == []  # the minute is counted for all filters and rights at once
    del ticks, others
    gc.collect()
    assert (len(res.ticks), len(res.minutes)) == (0, 0)


async def test_rights_are_looked_at_with_each_tick(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await happen(res, project, 3)
    await clock.advance(MINUTE)
    ann = await make_developer(res)
    actor = [acting(ann, project)]
    async with watching(stream_ticks(res, lambda: actor[0])) as stream:
        assert sum((await last_minute_of(res, await stream.next())).values()) == 3
        actor[0] = acting(ann)
        await clock.advance(5 * SECOND)
        assert sum((await last_minute_of(res, await stream.next())).values()) == 0
        actor[0] = ANONYMOUS
        await clock.advance(5 * SECOND)
        with pytest.raises(Unauthenticated):
            await stream.next()


async def test_what_may_not_be_asked_is_refused_at_once(res: Resources):
    with pytest.raises(Unauthenticated):
        await stream_ticks(res, by(ANONYMOUS))
    with pytest.raises(InvalidInput):
        await stream_ticks(res, by(ALL), every=61 * SECOND)
