"""Streams through the schema: what they select, and that those who watch the same share one execution."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest

from core.db import _codecs
from domain.access import Scope, system
from domain.issue import ActivityKind
from resolvers.stream import find_position
from resolvers.timeline import record_activity
from schema.root import build_schema
from schema.sharing import SAME_FOR_ALL
from tests.support.actors import acting
from tests.support.cutting import cut_connections
from tests.support.factories.access import make_api_token
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.feed import log_event, make_feed_row
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.feed import PATIENCE_S, reading_feed
from tests.support.graphql import ask, ask_for_codes, counted_statements
from tests.support.subscribing import subscribed

ALL = system()
EVENTS = """subscription($service: [String!], $after: Cursor, $deep: Boolean = true) {
  errorLogged(filter: {service: $service}, after: $after) { __typename
    ... on ErrorLogged { cursor isNew isRegression event { id message exceptions { type } }
      issue { id eventCount project @include(if: $deep) { slug } } }
    ... on StreamPosition { cursor at isLive }
    ... on StreamReset { cursor reason } } }"""
ALERTS = """subscription($project: String) { alertChanged(project: $project) { __typename
  ... on AlertChanged { cursor step level at alert { status issue { shortId } } } } }"""
CHANGES = """subscription { issueChanged { __typename
  ... on IssueChanged { cursor issue { id version } activity { kind note actor { __typename } } } } }"""


async def test_an_event_is_shown_with_what_was_selected(res):
    issue = await make_issue(res, await make_project(res, slug="shop"), events=0)
    async with reading_feed(res), subscribed(res, ALL, EVENTS) as subscriber:
        position = await subscriber.item()
        assert (position["__typename"], position["isLive"]) == ("StreamPosition", True)
        await log_event(res, issue, is_new=True)
        item = await subscriber.item()
        assert (item["isNew"], item["isRegression"], item["event"]["message"]) == (True, False, "bad total")
        assert item["issue"]["project"]["slug"] == "shop"


async def test_a_change_is_shown_with_its_step(res):
    issue = await make_issue(res, await make_project(res), events=0)
    async with reading_feed(res), subscribed(res, ALL, CHANGES) as subscriber:
        await subscriber.item()
        async with res.db.transaction() as tx:
            row = await tx.session.get(type(issue), issue.id, with_for_update={"key_share": True})
            record_activity(res, tx, ALL, row, ActivityKind.COMMENTED, note="mine")
        item = await subscriber.item()
        assert item["activity"] == {"kind": "COMMENTED", "note": "mine", "actor": {"__typename": "SystemActor"}}
        assert item["issue"]["version"] == issue.version + 1


async def test_a_step_of_an_alert_is_shown_with_the_alert_to_all_who_watch_the_same_in_one_execution(res):
    shop = await make_project(res, slug="shop")
    issue = await make_issue(res, shop)
    people = [acting(await make_developer(res), shop) for _ in range(3)]
    async with reading_feed(res), AsyncExitStack() as stack:
        # The project belongs to the stream: it need not be the same.
        asked = [{}, {"project": "shop"}, {}]
        subscribers = [
            await stack.enter_async_context(subscribed(res, actor, ALERTS, **each))
            for actor, each in zip(people, asked, strict=True)
        ]
        for subscriber in subscribers:
            await subscriber.item()
        with counted_statements(res) as statements:
            alert = await make_alert(res, issue)
            items = [await subscriber.row() for subscriber in subscribers]
        assert all(item is items[0] for item in items)
        assert (items[0]["step"], items[0]["level"], items[0]["at"]) == ("TRIGGERED", 0, "2026-03-02T03:00:00Z")
        assert items[0]["alert"] == {"status": "TRIGGERED", "issue": {"shortId": issue.short_id}}
        assert len([sql for sql in statements if "FROM alert" in sql]) == 1
        assert alert.status == "TRIGGERED"


async def test_many_who_watch_the_same_cost_one_execution(res):
    issue = await make_issue(res, await make_project(res), events=0)
    async with reading_feed(res), AsyncExitStack() as stack:
        # Filters and cursors belong to the streams: they need not be the same.
        after = (await find_position(res, ALL)).encode()
        variables = [{}, {"service": ["checkout"]}, {"service": ["checkout", "search"]}, {"after": after}] * 5
        subscribers = [await stack.enter_async_context(subscribed(res, ALL, EVENTS, **each)) for each in variables]
        for subscriber in subscribers:
            await subscriber.item()
        with counted_statements(res) as alone:
            async with subscribed(res, ALL, EVENTS) as one:
                await one.item()
                await log_event(res, issue)
                await one.row()
        items = [await subscriber.row() for subscriber in subscribers]
        assert all(item == items[0] for item in items)
        with counted_statements(res) as together:
            await log_event(res, issue)
            items = [await subscriber.row() for subscriber in subscribers]
        assert all(item is items[0] for item in items)
        assert len(together) <= len(alone)


async def test_each_is_shown_people_and_their_tokens_as_they_may_see_them(res):
    shop = await make_project(res)
    ada, ben = await make_developer(res), await make_developer(res)
    await make_team(res, members=(ada, ben), projects=(shop,))
    await make_api_token(res, ada, Scope.READ)
    issue = await make_issue(res, shop, events=0, assignee_id=ada.id)
    document = EVENTS.replace("issue {", "issue { assignee { apiTokens { name } }")
    async with (
        reading_feed(res),
        subscribed(res, acting(ada, shop), document) as hers,
        subscribed(res, acting(ben, shop), document) as his,
    ):
        for subscriber in (hers, his):
            await subscriber.item()
        await log_event(res, issue)
        shown = [(await subscriber.row())["issue"]["assignee"]["apiTokens"] for subscriber in (hers, his)]
    assert shown == [[{"name": "ci"}], []]


async def test_two_of_the_same_rights_share_what_shows_no_people(res):
    shop = await make_project(res)
    ada, ben = await make_developer(res), await make_developer(res)
    issue = await make_issue(res, shop, events=0)
    async with (
        reading_feed(res),
        subscribed(res, acting(ada, shop), EVENTS) as hers,
        subscribed(res, acting(ben, shop), EVENTS) as his,
    ):
        for subscriber in (hers, his):
            await subscriber.item()
        await log_event(res, issue)
        assert await hers.row() is await his.row()


def test_the_types_that_all_see_alike_are_types_of_the_contract():
    assert {name for name in SAME_FOR_ALL if build_schema()._schema.get_type(name) is None} == set()


async def test_what_differs_in_the_selection_or_in_rights_is_not_shared(res):
    shop = await make_project(res)
    issue = await make_issue(res, shop, events=0)
    confined = replace(ALL, project_ids=frozenset({shop.id}))
    weaker = replace(ALL, scopes=frozenset({Scope.READ}))
    async with (
        reading_feed(res),
        subscribed(res, ALL, EVENTS) as whole,
        subscribed(res, ALL, EVENTS, deep=False) as shallow,
        subscribed(res, confined, EVENTS) as other,
        subscribed(res, weaker, EVENTS) as third,
    ):
        for subscriber in (whole, shallow, other, third):
            await subscriber.item()
        await log_event(res, issue)
        items = [await subscriber.row() for subscriber in (whole, shallow, other, third)]
        assert "project" in items[0]["issue"]
        assert "project" not in items[1]["issue"]
        assert items[0] == items[2] == items[3]
        assert len({id(item) for item in items}) == 4


@pytest.fixture
async def held(res, database_url):
    """An event that is told while whoever reads a project waits; it gives how to throw out those who wait.

    The lock must be younger than the event's transaction, or it would hold up the feed as well.
    """
    project = await make_project(res, slug="shop")
    issue = await make_issue(res, project)
    event_id = await res.db.raw.fetchval("SELECT id FROM event")
    async with AsyncExitStack() as stack:
        writing, locking, looking = [await asyncpg.connect(database_url) for _ in range(3)]
        for connection in (writing, locking, looking):
            stack.push_async_callback(connection.close)
        await _codecs(writing)

        @asynccontextmanager
        async def hold():
            async with locking.transaction():
                async with writing.transaction():
                    await make_feed_row(writing, res, project, issue_id=issue.id, subject_id=event_id)
                    await locking.execute("LOCK TABLE project IN ACCESS EXCLUSIVE MODE")
                res.feed.wake()
                yield throw_out

        async def throw_out() -> None:
            async with asyncio.timeout(PATIENCE_S):
                while not await cut_connections(looking, that_wait=True):
                    await asyncio.sleep(0.01)

        yield hold


async def test_one_who_goes_away_leaves_the_others_their_result(res, held):
    async with reading_feed(res), subscribed(res, ALL, EVENTS) as leaving, subscribed(res, ALL, EVENTS) as staying:
        await leaving.item()
        await staying.item()
        async with held():
            waiting = [asyncio.create_task(subscriber.item()) for subscriber in (leaving, staying)]
            await asyncio.sleep(0.3)
            await leaving.close()
            assert not waiting[1].done()
        assert (await waiting[1])["issue"]["project"]["slug"] == "shop"
        await asyncio.gather(waiting[0], return_exceptions=True)


async def test_an_item_whose_fields_cannot_be_read_for_a_moment_is_not_lost(res, held):
    async with reading_feed(res), subscribed(res, ALL, EVENTS) as one, subscribed(res, ALL, EVENTS) as other:
        await one.item()
        await other.item()
        async with held() as throw_out:
            waiting = [asyncio.create_task(subscriber.item()) for subscriber in (one, other)]
            await throw_out()
        items = await asyncio.gather(*waiting)
        assert [item["issue"]["project"]["slug"] for item in items] == ["shop", "shop"]


async def test_the_position_is_null_with_a_reason_for_who_may_not_read(res):
    actor = replace(ALL, scopes=frozenset({Scope.INGEST}))
    assert await ask_for_codes(res, actor, "{ streamPosition }") == ["FORBIDDEN"]
    answer = await ask(res, ALL, "{ streamPosition again: streamPosition }")
    assert answer["streamPosition"] == answer["again"]
