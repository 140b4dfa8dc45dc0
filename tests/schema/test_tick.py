"""Figures that tick, through the schema: one execution and one text for all who ask the same."""

from contextlib import AsyncExitStack
from datetime import timedelta

from core.clock import ManualClock
from domain.access import system
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, counted_statements
from tests.support.subscribing import subscribed

ALL = system()
TICKS = """subscription($filter: StatsFilter, $every: Duration) { statsTicked(filter: $filter, every: $every) {
  at perMinute bySeverity { severity count } stats { from to total topIssues { title } } } }"""
FEWER = "subscription { statsTicked { perMinute stats { total } } }"


async def test_a_tick_has_the_last_minute_and_the_figures_of_the_last_day(res: Resources, clock: ManualClock):
    issue = await make_issue(res, await make_project(res))
    await count_events(res, issue, clock.now(), 3)
    await clock.advance(timedelta(minutes=1))
    stats = (await ask(res, ALL, "{ stats { from to total topIssues { title } } }"))["stats"]
    async with subscribed(res, ALL, TICKS) as subscriber:
        tick = await subscriber.item()
        assert (tick["perMinute"], tick["bySeverity"][3]) == (3.0, {"severity": "HIGH", "count": 3})
        assert (tick["at"], tick["stats"]) == ("2026-03-02T03:01:00Z", stats)
        await count_events(res, issue, clock.now(), 2)
        await clock.advance(timedelta(seconds=5))
        assert (await subscriber.item())["stats"]["total"] == stats["total"] + 2


async def test_many_who_ask_the_same_cost_one_execution_in_each_beat(res: Resources, clock: ManualClock):
    project = await make_project(res)
    people = [await make_developer(res) for _ in range(4)]
    with counted_statements(res) as alone:
        async with subscribed(res, ALL, TICKS) as one:
            await one.item()
    async with AsyncExitStack() as stack:
        same = [await stack.enter_async_context(subscribed(res, acting(each, project), TICKS)) for each in people]
        fewer = await stack.enter_async_context(subscribed(res, acting(people[0], project), FEWER))
        for _ in range(2):
            with counted_statements(res) as together:
                items = [await subscriber.item() for subscriber in same]
                assert all(item is items[0] for item in items)
                # Another document, too, finds what was computed.
                assert (await fewer.item())["stats"]["total"] == items[0]["stats"]["total"]
            assert len(together) == len(alone)
            await clock.advance(timedelta(seconds=5))


async def test_nothing_is_computed_that_is_not_selected(res: Resources):
    with counted_statements(res) as statements:
        async with subscribed(res, ALL, "subscription { statsTicked { at stats { from to } } }") as one:
            await one.item()
    assert statements == []
