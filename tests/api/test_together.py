"""Those who watch the same are told together: what each hears is what the feed has, whatever they do meanwhile."""

import asyncio
import gc
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from uuid import uuid4

import pytest

from api.asked import Asked
from api.running import run_operation
from domain.access import system
from models import Issue
from resolvers.feed.follower import Follower
from resolvers.resources import Resources
from resolvers.stream import find_position
from schema.context import Context
from schema.root import build_schema
from tests.support.factories.feed import log_event
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.feed import PATIENCE_S, reading_feed

WATCH = """subscription($after: Cursor) { errorLogged(after: $after) { __typename
  ... on ErrorLogged { cursor event { id } } ... on StreamPosition { cursor } ... on StreamReset { cursor reason } } }"""
HISTORY = "SELECT subject_id::text FROM feed WHERE kind = 'EVENT_LOGGED' ORDER BY xid, id"
ALL = system()
WATCHERS, STEPS = 6, 30


class Watcher:
    """One who watches, goes away and comes again, and may be slow."""

    def __init__(self, res: Resources, after: str) -> None:
        self.res = res
        self.cursor = after
        self.heard: list[str] = []
        self.positions = 0
        self.may_take = asyncio.Event()
        self.may_take.set()
        self.turn = asyncio.Lock()
        self.come()

    def come(self) -> None:
        """Watch on from where it stands."""
        self.context = Context(self.res, ALL, is_long_lived=True)
        asked = Asked(WATCH, {"after": self.cursor}, None, None)
        self.task = asyncio.create_task(run_operation(build_schema(), asked, self.context, self._take))

    async def go(self) -> None:
        """Watch no more."""
        self.task.cancel()
        await asyncio.wait([self.task])

    async def _take(self, text: str) -> None:
        await self.may_take.wait()
        item = json.loads(text)["data"]["errorLogged"]
        assert item["__typename"] != "StreamReset"
        self.cursor = item["cursor"]
        if "event" not in item:
            self.positions += 1
        else:
            self.heard.append(item["event"]["id"])


async def history(res: Resources) -> list[str]:
    return [row["subject_id"] for row in await res.db.raw.fetch(HISTORY)]


@asynccontextmanager
async def some_who_watch(res: Resources, count: int):
    after = (await find_position(res, ALL)).encode()
    watchers = [Watcher(res, after) for _ in range(count)]
    try:
        yield watchers
    finally:
        for watcher in watchers:
            await watcher.go()


async def until(is_so) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():
            await asyncio.sleep(0.01)


def members(res: Resources) -> int:
    return sum(len(cohort) for cohort in res.cohorts)


async def all_together(res: Resources, issue: Issue, watchers: list[Watcher]) -> None:
    """The first of all stays alone until it hears something, and then finds the others."""
    await until(lambda: members(res) == len(watchers) - 1)
    await log_event(res, issue)
    await until(lambda: members(res) == len(watchers) and all(watcher.heard for watcher in watchers))


async def all_hear_all(res: Resources, watchers: list[Watcher]) -> None:
    told = len(await history(res))
    await until(lambda: all(len(watcher.heard) >= told for watcher in watchers))
    expected = watchers[0].heard
    assert len(expected) == told == len(set(expected))
    assert all(watcher.heard == expected for watcher in watchers)


@pytest.fixture
async def issue(res):
    return await make_issue(res, await make_project(res), events=0)


async def test_two_who_are_level_are_told_together_and_one_alone_is_not(res, issue):
    async with reading_feed(res), some_who_watch(res, 1) as (alone,):
        await log_event(res, issue)
        await until(lambda: alone.heard)
        assert members(res) == 0
        async with some_who_watch(res, 1) as (other,):
            await until(lambda: members(res) == 1)
            await log_event(res, issue)  # which wakes the first, who finds another
            await until(lambda: len(alone.heard) == 2 and len(other.heard) == 1 and members(res) == 2)
            await log_event(res, issue)
            await until(lambda: len(alone.heard) == 3 and len(other.heard) == 2)
        await log_event(res, issue)
        await until(lambda: len(alone.heard) == 4)
    assert members(res) == 0
    assert not list(res.cohorts)


async def test_who_are_told_together_keep_no_stream_of_their_own(res, issue):
    async with reading_feed(res), some_who_watch(res, 3) as watchers:
        await all_together(res, issue, watchers)
        gc.collect()
        assert sum(type(each) is Follower for each in gc.get_objects()) == 1


async def test_who_goes_on_by_itself_pays_nothing_again(res, issue):
    payer = replace(ALL, id=uuid4())
    async with reading_feed(res), some_who_watch(res, 3) as watchers:
        await all_together(res, issue, watchers)
        for watcher in watchers:
            watcher.context.become(payer)
        await log_event(res, issue)
        await all_hear_all(res, watchers)
        purse = res.admission.purse(payer)
        assert purse is not None
        assert purse.left == purse.limit


async def test_one_who_takes_nothing_holds_up_nobody_and_misses_nothing(res, issue):
    res.cohorts.most_waiting = 64
    async with reading_feed(res), some_who_watch(res, 3) as watchers:
        await all_together(res, issue, watchers)
        slow, *others = watchers
        slow.may_take.clear()
        for _ in range(80):
            await log_event(res, issue)
        await until(lambda: all(len(each.heard) == 81 for each in others))
        assert len(slow.heard) == 1
        slow.may_take.set()
        await all_hear_all(res, watchers)


async def test_whose_rights_change_goes_on_with_those_who_have_the_same(res, issue):
    hidden = await make_issue(res, await make_project(res), events=0)
    async with reading_feed(res), some_who_watch(res, 3) as watchers:
        await all_together(res, issue, watchers)
        watchers[0].context.become(replace(ALL, project_ids=frozenset({issue.project_id})))
        await log_event(res, hidden)
        await log_event(res, issue)
        await until(lambda: len(watchers[0].heard) == 2 and all(len(each.heard) == 3 for each in watchers[1:]))


async def test_who_are_told_together_hear_where_they_stand_when_nothing_happens(res, issue, clock):
    async with reading_feed(res), some_who_watch(res, 2) as watchers:
        await all_together(res, issue, watchers)
        before = [watcher.positions for watcher in watchers]
        for said in (1, 2):
            await clock.advance(timedelta(seconds=res.settings.stream_position_s))
            await until(lambda said=said: [watcher.positions for watcher in watchers] == [n + said for n in before])
        await log_event(res, issue)
        await all_hear_all(res, watchers)


@pytest.mark.parametrize("seed", range(4))
async def test_each_hears_what_the_feed_has_whatever_they_do(res, issue, seed):
    random = Random(seed)
    async with reading_feed(res), some_who_watch(res, WATCHERS) as watchers:

        async def log_some() -> None:
            await asyncio.gather(*(log_event(res, issue) for _ in range(random.randrange(1, 6))))

        async def come_again(watcher: Watcher) -> None:
            async with watcher.turn:
                await watcher.go()
                await asyncio.sleep(random.random() / 50)
                watcher.come()

        async def dawdle(watcher: Watcher) -> None:
            watcher.may_take.clear()
            await asyncio.sleep(random.random() / 20)
            watcher.may_take.set()

        async def change(watcher: Watcher) -> None:
            watcher.context.become(replace(ALL, name=str(random.random())))

        under_way = []
        for _ in range(STEPS):
            act = random.choice((come_again, dawdle, change))
            under_way += [asyncio.create_task(log_some()), asyncio.create_task(act(random.choice(watchers)))]
            await asyncio.sleep(random.random() / 100)
        await asyncio.gather(*under_way)
        await all_hear_all(res, watchers)
        watching = partial(members, res)
        await until(lambda: watching() > 0)
