"""Those who come back are told what they missed, which costs little for each item, and for each of them."""

import asyncio
import json
from dataclasses import replace

import pytest

from api.asked import Asked
from api.running import run_operation
from domain.access import system
from resolvers.resources import Resources
from resolvers.stream import find_position
from schema.context import Context
from schema.node import global_id
from schema.root import build_schema
from tests.support.factories.feed import log_event
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.feed import PATIENCE_S, reading_feed
from tests.support.graphql import counted_statements

# Something is loaded for each issue, by a loader.
WATCH = """subscription($after: Cursor) { errorLogged(after: $after) { __typename
  ... on ErrorLogged { event { id } issue { id eventCount } } } }"""
ALL = system()
EVENTS, ISSUES = 48, 5
# Events and issues of what is read together, and then what is loaded for 16 that are told together.
MOST_STATEMENTS = 2 + EVENTS // 16


@pytest.fixture
async def missed(res) -> str:
    """Where those stood who missed some events."""
    project = await make_project(res)
    issues = [await make_issue(res, project, events=0) for _ in range(ISSUES)]
    after = (await find_position(res, ALL)).encode()
    for number in range(EVENTS):
        await log_event(res, issues[number % ISSUES])
    return after


async def come_back(res: Resources, after: str) -> list[str]:
    """The ids of the events that one who comes back is told."""
    told: list[str] = []

    async def take(text: str) -> None:
        item = json.loads(text)["data"]["errorLogged"]
        if item["__typename"] == "ErrorLogged":
            assert item["issue"]["eventCount"] == 0
            told.append(item["event"]["id"])

    context = Context(res, ALL, is_long_lived=True)
    watching = asyncio.create_task(
        run_operation(build_schema(), Asked(WATCH, {"after": after}, None, None), context, take)
    )
    async with asyncio.timeout(PATIENCE_S):
        while len(told) < EVENTS:
            await asyncio.sleep(0.01)
    watching.cancel()
    await asyncio.wait([watching])
    return told


async def test_who_loses_rights_while_reading_is_told_no_more_of_what_that_was(res):
    """Also of what was chosen for them, and executed, before."""
    kept, lost = [await make_issue(res, await make_project(res), events=0) for _ in range(2)]
    after = (await find_position(res, ALL)).encode()
    for number in range(10):
        await log_event(res, (lost, kept)[number % 2])
    issues: list[str] = []
    context = Context(res, ALL, is_long_lived=True)

    async def take(text: str) -> None:
        item = json.loads(text)["data"]["errorLogged"]
        if item["__typename"] == "ErrorLogged":
            issues.append(item["issue"]["id"])
            await asyncio.sleep(0.05)
            context.become(replace(ALL, project_ids=frozenset({kept.project_id})))

    asked = Asked(WATCH, {"after": after}, None, None)
    async with reading_feed(res):
        watching = asyncio.create_task(run_operation(build_schema(), asked, context, take))
        async with asyncio.timeout(PATIENCE_S):
            while len(issues) < 6:  # the last of the ten is of the one that may be seen
                await asyncio.sleep(0.01)
        watching.cancel()
        await asyncio.wait([watching])
    assert issues == [global_id("Issue", lost.id), *[global_id("Issue", kept.id)] * 5]


def selects(statements: list[str]) -> int:
    return sum(text.startswith("SELECT") for text in statements)


async def test_what_is_loaded_for_each_item_is_loaded_for_many_at_once(res, missed):
    async with reading_feed(res):
        with counted_statements(res) as statements:
            assert len(set(await come_back(res, missed))) == EVENTS
    assert selects(statements) <= MOST_STATEMENTS


async def test_many_who_come_back_cost_no_more_statements_than_one(res, missed):
    async with reading_feed(res):
        with counted_statements(res) as statements:
            told = await asyncio.gather(*(come_back(res, missed) for _ in range(12)))
    assert all(each == told[0] for each in told)
    assert selects(statements) <= MOST_STATEMENTS
