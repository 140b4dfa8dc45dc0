import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.access import ANONYMOUS, Role, Scope, system
from domain.errors import InvalidInput, PermissionDenied, Unauthenticated
from domain.event import EventFilter, Severity
from domain.feed import StreamResetReason
from domain.issue import ActivityKind, IssueFilter, IssueStatus
from domain.span import TimeRange
from models import Issue
from resolvers.feed import rows as feed_rows
from resolvers.feed.position import open_feed
from resolvers.feed.replay import Replays
from resolvers.partitions import drop_partitions, make_partitions
from resolvers.resources import Resources, open_resources
from resolvers.stream import (
    EventLogged,
    IssueChanged,
    StreamPosition,
    StreamReset,
    find_position,
    stream_events,
    stream_issue_changes,
)
from resolvers.timeline import record_activity
from tests.support.actors import acting
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer
from tests.support.factories.feed import log_event
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.feed import reading_feed, watching
from tests.support.graphql import counted_statements

ALL = system()


def everybody():
    return ALL


@pytest.fixture
async def issue(res):
    return await make_issue(res, await make_project(res), events=0)


async def take_step(res: Resources, issue: Issue, kind: ActivityKind = ActivityKind.COMMENTED, **changes: object):
    async with res.db.transaction() as tx:
        row = await tx.session.get(Issue, issue.id, with_for_update={"key_share": True})
        for name, value in changes.items():
            setattr(row, name, value)
        return record_activity(res, tx, ALL, row, kind)


def events_of(items: list[EventLogged]) -> list:
    return [item.event.id for item in items]


async def test_a_stream_says_first_where_it_stands_and_then_what_happens(res, issue):
    async with reading_feed(res), watching(stream_events(res, everybody)) as stream:
        first = await stream.next()
        assert isinstance(first, StreamPosition)
        assert first.is_live
        event = await log_event(res, issue, is_new=True)
        item = await stream.next()
        assert isinstance(item, EventLogged)
        assert (item.event.id, item.issue.id, item.row.facts["isNew"]) == (event.id, issue.id, True)
        assert item.row.cursor.position > first.cursor.position


async def test_what_was_committed_before_is_not_told_to_one_who_comes_now(res, issue):
    await log_event(res, issue)
    async with reading_feed(res), watching(stream_events(res, everybody)) as stream:
        await stream.next()
        event = await log_event(res, issue)
        assert events_of(await stream.take(1)) == [event.id]


async def test_replay_and_live_are_the_same(res, issue):
    start = (await find_position(res, ALL)).encode()
    async with reading_feed(res), watching(stream_events(res, everybody)) as live:
        await live.next()
        expected = [(await log_event(res, issue)).id for _ in range(20)]
        heard = await live.take(20)
        async with watching(stream_events(res, everybody, after=start)) as replay:
            replayed = await replay.take(20)
    assert events_of(heard) == events_of(replayed) == expected
    assert [item.row.cursor for item in heard] == [item.row.cursor for item in replayed]


async def test_every_cursor_resumes_just_after_its_row(res, issue):
    start = (await find_position(res, ALL)).encode()
    expected = [(await log_event(res, issue)).id for _ in range(6)]
    async with reading_feed(res):
        async with watching(stream_events(res, everybody, after=start)) as stream:
            items = await stream.take(6)
        for place, item in enumerate(items[:-1], 1):
            async with watching(stream_events(res, everybody, after=item.row.cursor.encode())) as stream:
                assert events_of(await stream.take(6 - place)) == expected[place:]


async def test_a_replay_tells_when_it_has_caught_up(res, issue):
    start = (await find_position(res, ALL)).encode()
    event = await log_event(res, issue)
    async with reading_feed(res), watching(stream_events(res, everybody, after=start)) as stream:
        first, second, third = [await stream.next() for _ in range(3)]
        assert (first.cursor.encode(), first.is_live) == (start, False)
        assert second.event.id == event.id
        assert third.is_live
        assert third.cursor.position == second.row.cursor.position
    async with reading_feed(res), watching(stream_events(res, everybody, after=third.cursor.encode())) as stream:
        assert (await stream.next()).is_live


async def test_a_slow_watcher_goes_back_to_replay_loses_nothing_and_slows_nobody(database_url, redis_url, clock):
    settings = make_settings(database_url, redis_url, stream_buffer=5)
    async with open_resources(settings, clock) as res, reading_feed(res):
        issue = await make_issue(res, await make_project(res), events=0)
        async with (
            watching(stream_events(res, everybody)) as slow,
            watching(stream_events(res, everybody)) as quick,
        ):
            await slow.next()
            await quick.next()
            expected = []
            for _ in range(30):
                expected.append((await log_event(res, issue)).id)
                assert events_of(await quick.take(1)) == expected[-1:]
            assert res.feed.watchers == 1
            assert events_of(await slow.take(30)) == expected
            expected = [(await log_event(res, issue)).id for _ in range(3)]
            assert events_of(await slow.take(3)) == events_of(await quick.take(3)) == expected


async def test_two_processes_tell_the_same_in_the_same_order(res, issue, database_url, redis_url, clock):
    async with (
        open_resources(make_settings(database_url, redis_url), clock) as other,
        reading_feed(res),
        reading_feed(other),
        watching(stream_events(res, everybody)) as here,
        watching(stream_events(other, everybody)) as there,
    ):
        await here.next()
        await there.next()
        written = await asyncio.gather(*(log_event(process, issue) for _ in range(10) for process in (res, other)))
        heard, elsewhere = events_of(await here.take(20)), events_of(await there.take(20))
    assert heard == elsewhere
    assert sorted(heard) == sorted(event.id for event in written)


async def test_silence_is_broken_by_its_position(res, issue, clock):
    period = timedelta(seconds=res.settings.stream_position_s)
    async with reading_feed(res), watching(stream_events(res, everybody)) as stream:
        first = await stream.next()
        for _ in range(2):
            waiting = asyncio.create_task(stream.next())
            await asyncio.sleep(0.05)
            assert not waiting.done()
            await clock.advance(period)
            position = await waiting
            assert isinstance(position, StreamPosition)
            assert position.at == clock.now()
            assert position.cursor.position >= first.cursor.position


async def test_what_is_said_in_between_puts_the_position_off(res, issue, clock):
    period = timedelta(seconds=res.settings.stream_position_s)
    async with reading_feed(res), watching(stream_events(res, everybody)) as stream:
        await stream.next()
        await clock.advance(period * 0.9)
        await log_event(res, issue)
        assert isinstance(await stream.next(), EventLogged)
        waiting = asyncio.create_task(stream.next())
        await asyncio.sleep(0.05)
        await clock.advance(period * 0.5)
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await clock.advance(period * 0.5)
        assert isinstance(await waiting, StreamPosition)


async def test_filters_choose_events(res, issue):
    other = await make_issue(res, await make_project(res), events=0, service="search", severity=Severity.LOW)
    slug = (await make_project(res)).slug
    filters = [
        EventFilter(service=("search",)),
        EventFilter(min_severity=Severity.HIGH),
        EventFilter(issue=(other.id,)),
        EventFilter(project=(slug,)),
        EventFilter(received=TimeRange(last=timedelta(hours=1))),
    ]
    start = (await find_position(res, ALL)).encode()
    mild, bad = await log_event(res, other), await log_event(res, issue)
    expected = [[mild.id], [bad.id], [mild.id], [], [mild.id, bad.id]]
    async with reading_feed(res):
        for filter, ids in zip(filters, expected, strict=True):
            async with watching(stream_events(res, everybody, filter=filter, after=start)) as stream:
                assert events_of(await stream.take(len(ids))) == ids
                assert await stream.is_silent()


async def test_only_new_issues_when_asked(res, issue):
    start = (await find_position(res, ALL)).encode()
    new = await log_event(res, issue, is_new=True)
    await log_event(res, issue)
    async with reading_feed(res), watching(stream_events(res, everybody, only_new_issues=True, after=start)) as stream:
        assert events_of(await stream.take(1)) == [new.id]
        assert await stream.is_silent()


async def test_issue_changes_come_with_their_step(res, issue):
    async with reading_feed(res), watching(stream_issue_changes(res, everybody)) as stream:
        await stream.next()
        await log_event(res, issue)
        step = await take_step(res, issue, ActivityKind.IGNORED, status=IssueStatus.IGNORED)
        (item,) = await stream.take(1)
        assert isinstance(item, IssueChanged)
        assert (item.step.id, item.issue.id, item.issue.status) == (step.id, issue.id, IssueStatus.IGNORED)


async def test_filters_choose_changes_by_the_issue_as_it_is_now(res, issue):
    other = await make_issue(res, await make_project(res), events=0, service="search")
    slug = (await make_project(res)).slug
    start = (await find_position(res, ALL)).encode()
    mine, theirs = await take_step(res, issue), await take_step(res, other)
    expected = [
        (IssueFilter(), [mine.id, theirs.id]),
        (IssueFilter(service=("search",)), [theirs.id]),
        (IssueFilter(status=(IssueStatus.RESOLVED,)), []),
        (IssueFilter(project=(slug,)), []),
        (IssueFilter(has_open_alert=False, unassigned=True), [mine.id, theirs.id]),
    ]
    async with reading_feed(res):
        for filter, steps in expected:
            async with watching(stream_issue_changes(res, everybody, filter=filter, after=start)) as stream:
                assert [item.step.id for item in await stream.take(len(steps))] == steps
                assert await stream.is_silent()


async def test_a_watcher_sees_only_its_projects_and_at_once_no_more_than_now(res):
    mine, theirs = await make_project(res), await make_project(res)
    issue, other = await make_issue(res, mine, events=0), await make_issue(res, theirs, events=0)
    actor = acting(await make_developer(res, role=Role.VIEWER), mine)
    async with reading_feed(res), watching(stream_events(res, lambda: actor)) as stream:
        await stream.next()
        await log_event(res, other)
        event = await log_event(res, issue)
        assert events_of(await stream.take(1)) == [event.id]
        actor = replace(actor, project_ids=frozenset({theirs.id}))
        await log_event(res, issue)
        event = await log_event(res, other)
        assert events_of(await stream.take(1)) == [event.id]


@pytest.mark.parametrize("open_stream", [stream_events, stream_issue_changes])
async def test_who_may_not_read_may_not_watch(res, open_stream):
    with pytest.raises(Unauthenticated):
        await open_stream(res, lambda: ANONYMOUS)
    with pytest.raises(PermissionDenied):
        await open_stream(res, lambda: replace(ALL, scopes=frozenset({Scope.INGEST})))
    with pytest.raises(PermissionDenied):
        await find_position(res, replace(ALL, scopes=frozenset({Scope.INGEST})))


@pytest.mark.parametrize("open_stream", [stream_events, stream_issue_changes])
async def test_garbage_is_no_cursor(res, open_stream):
    with pytest.raises(InvalidInput):
        await open_stream(res, everybody, after="garbage")


async def test_after_a_restore_a_stream_is_told_and_goes_on(res, issue):
    old = (await find_position(res, ALL)).encode()
    await log_event(res, issue)
    async with reading_feed(res), watching(stream_events(res, everybody)) as live:
        await live.next()
        await res.db.raw.execute("UPDATE feed SET xid = '1000000000'")
        await open_feed(res.db)
        event = await log_event(res, issue)
        reset, item = [await live.next() for _ in range(2)]
        assert (type(reset), reset.reason) == (StreamReset, StreamResetReason.RESTORED)
        assert item.event.id == event.id
        async with watching(stream_events(res, everybody, after=old)) as stream:
            reset, item = [await stream.next() for _ in range(2)]
            assert (type(reset), reset.reason) == (StreamReset, StreamResetReason.RESTORED)
            assert item.event.id == event.id


async def test_a_cursor_older_than_the_feed_goes_on_with_what_is_kept(res, issue, clock):
    old = (await find_position(res, ALL)).encode()
    await log_event(res, issue)
    await clock.advance(timedelta(days=res.settings.feed_retention_days + 1))
    await make_partitions(res)
    await drop_partitions(res)
    event = await log_event(res, issue)
    async with reading_feed(res), watching(stream_events(res, everybody, after=old)) as stream:
        reset, item = [await stream.next() for _ in range(2)]
        assert (type(reset), reset.reason) == (StreamReset, StreamResetReason.EXPIRED)
        assert item.event.id == event.id


async def test_where_events_are_no_longer_kept_it_is_said_once(res, issue):
    start = (await find_position(res, ALL)).encode()
    for _ in range(3):
        await log_event(res, issue)
    await res.db.raw.execute("DELETE FROM event")
    event = await log_event(res, issue)
    async with reading_feed(res), watching(stream_events(res, everybody, after=start)) as stream:
        reset, item = await stream.take(2)
        assert (type(reset), reset.reason) == (StreamReset, StreamResetReason.EXPIRED)
        assert item.event.id == event.id


async def test_a_watcher_that_goes_away_leaves_nothing_running(res):
    async with reading_feed(res):
        before = asyncio.all_tasks()
        for _ in range(3):
            async with watching(stream_events(res, everybody)) as stream:
                await stream.next()
                waiting = asyncio.create_task(stream.next())
                await asyncio.sleep(0.01)
                assert res.feed.watchers == 1
                waiting.cancel()
                await asyncio.wait([waiting])
            assert res.feed.watchers == 0
        assert asyncio.all_tasks() == before


async def test_a_stream_that_is_too_far_behind_says_so_and_goes_on_with_what_happens_now(res, issue, monkeypatch):
    monkeypatch.setattr(feed_rows, "MOST_ROWS", 4)
    near = replace(res, replays=Replays(res.db, res.clock, most_rows=10))
    start = (await find_position(res, everybody())).encode()
    for _ in range(20):
        await log_event(res, issue)
    async with reading_feed(res), watching(stream_events(near, everybody, after=start)) as stream:
        reset = await stream.next()
        assert (type(reset), reset.reason) == (StreamReset, StreamResetReason.TOO_FAR_BEHIND)
        event = await log_event(res, issue)
        assert [item.event.id for item in await stream.take(1)] == [event.id]


async def test_one_load_serves_all_who_watch(res, issue):
    async with reading_feed(res):
        streams = [await stream_events(res, everybody) for _ in range(10)]
        for stream in streams:
            await anext(stream)
        event = await log_event(res, issue)
        with counted_statements(res) as statements:
            turns = await asyncio.gather(*(anext(stream) for stream in streams))
        assert [[item.event.id for item in items] for items in turns] == [[event.id]] * len(streams)
        assert len([text for text in statements if text.startswith("SELECT")]) == 2
        for stream in streams:
            await stream.aclose()


async def test_a_restart_of_valkey_loses_nothing(database_url, own_valkey, clock):
    async with open_resources(make_settings(database_url, own_valkey.url), clock) as res, reading_feed(res):
        issue = await make_issue(res, await make_project(res), events=0)
        async with watching(stream_events(res, everybody)) as stream:
            await stream.next()
            expected = [(await log_event(res, issue)).id]
            own_valkey.kill()
            expected += [(await log_event(res, issue)).id for _ in range(3)]
            assert events_of(await stream.take(4)) == expected
            await asyncio.to_thread(own_valkey.start)
            await asyncio.wait_for(res.bus.wait_connected(), 15)
            event = await log_event(res, issue)
            assert events_of(await stream.take(1)) == [event.id]
