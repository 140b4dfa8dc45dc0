"""Several writers, as several API processes have them, on the same issues at once."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from sqlmodel import select

from core.clock import ManualClock
from domain.issue import IssueStatus
from domain.report import IngestOutcome
from domain.stats import DAY
from models import (
    DailyCount,
    DayCount,
    Event,
    FeedRow,
    GroupingKey,
    HourlyCount,
    Issue,
    IssueCounter,
    KeyUser,
    MinuteCount,
    Project,
)
from resolvers.intake.log import log_errors
from resolvers.partitions import make_partitions
from resolvers.resources import Resources, open_resources
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.project import make_project
from tests.support.rollups import check_hours
from tests.support.spans import check_spans
from tests.support.writing import a_report, log, reporter, running_writer

pytestmark = pytest.mark.usefixtures("clock")  # each of several has a clock of its own: all begin at START

WRITERS = 4
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


async def several(stack: AsyncExitStack, database_url: str, redis_url: str) -> list[Resources]:
    opened = []
    for _ in range(WRITERS):
        res = await stack.enter_async_context(
            open_resources(make_settings(database_url, redis_url, database_connections=6), ManualClock(START))
        )
        await stack.enter_async_context(running_writer(res))
        opened.append(res)
    return opened


def some_report(random_: random.Random) -> dict:
    return a_report(
        service=random_.choice(["checkout", "billing"]),
        errorType=f"Error{random_.randrange(6)}",
        severity=random_.choice(["LOW", "HIGH", "CRITICAL"]),
        environment=random_.choice(["production", "staging"]),
        release=random_.choice(["1.0", "1.1", None]),
        user={"id": str(random_.randrange(30))},
        eventId=random_.choice([None, f"id-{random_.randrange(200)}"]),
    )


async def all_rows(res: Resources, model: type) -> list:
    async with res.db.reading() as session:
        return list((await session.exec(select(model))).all())


async def test_sums_are_exact_whoever_writes_and_triage_beside_them_harms_nothing(database_url, redis_url):
    async with AsyncExitStack() as stack:
        writers = await several(stack, database_url, redis_url)
        project = await make_project(writers[0])
        first = await log(writers[0], project, errorType="Error0", user={"id": "0"})
        triaging = asyncio.create_task(keep_triaging(writers[0], first.issue_id))
        jobs = [
            log_errors(res, reporter(project), [some_report(random.Random(f"{place}{turn}")) for _ in range(25)])
            for place, res in enumerate(writers)
            for turn in range(8)
        ]
        answers = [answer for answered in await asyncio.gather(*jobs) for answer in answered]
        triaging.cancel()
        await asyncio.gather(triaging, return_exceptions=True)
        await check_sums(writers[0], 1 + sum(a.stored.outcome is IngestOutcome.STORED for a in answers))
        assert {answer.stored.outcome for answer in answers} == {IngestOutcome.STORED, IngestOutcome.DUPLICATE}


async def test_writers_that_see_issues_again_on_a_new_day_wait_for_each_other_in_one_order(database_url, redis_url):
    """Who waits in a circle is broken off, and begins anew a second later."""
    chance = random.Random(5)
    async with AsyncExitStack() as stack:
        writers = await several(stack, database_url, redis_url)
        project = await make_project(writers[0])
        await make_partitions(writers[0], [(START + day * DAY).date() for day in range(20)])
        for day in range(20):
            for res in writers:
                await res.clock.move_to(START + day * DAY)
            jobs = [
                log_errors(
                    res, reporter(project), [a_report(errorType=f"Error{n}") for n in chance.sample(range(8), 8)]
                )
                for res in writers
            ]
            await asyncio.gather(*jobs)
        assert await writers[0].db.raw.fetchval(_DEADLOCKS) == 0
        await check_spans(writers[0])


async def check_sums(res: Resources, stored: int) -> None:
    events = await all_rows(res, Event)
    assert len(events) == len({event.event_id for event in events}) == stored
    issue_of = {key.id: key.issue_id for key in await all_rows(res, GroupingKey)}
    by_issue = Counter(issue_of[event.grouping_key_id] for event in events)
    counters = {counter.issue_id: counter for counter in await all_rows(res, IssueCounter)}
    assert {id: counter.event_count for id, counter in counters.items()} == by_issue
    assert set(by_issue) == {issue.id for issue in await all_rows(res, Issue)}
    users = {(issue_of[row.key_id], row.user_hash) for row in await all_rows(res, KeyUser)}
    assert {id: counter.user_count for id, counter in counters.items()} == Counter(id for id, _ in users)
    for rollup in (DailyCount, DayCount, HourlyCount, MinuteCount):
        assert sum(row.event_count for row in await all_rows(res, rollup)) == stored
    await check_spans(res)
    await check_hours(res)
    logged = [row.subject_id for row in await all_rows(res, FeedRow) if row.kind == "EVENT_LOGGED"]
    assert sorted(logged) == sorted(event.id for event in events)


async def keep_triaging(res: Resources, issue_id) -> None:
    """Resolve and reopen the hot issue as fast as it goes, with the lock that use cases take."""
    while True:
        async with res.db.transaction() as tx:
            query = select(Issue).where(Issue.id == issue_id).with_for_update(key_share=True)
            issue = (await tx.session.exec(query)).one()
            issue.status, issue.resolved_at = IssueStatus.RESOLVED, res.clock.now()
            issue.version += 1
            tx.session.add(issue)


async def test_the_same_new_error_through_all_writers_at_once_is_one_issue(database_url, redis_url):
    async with AsyncExitStack() as stack:
        writers = await several(stack, database_url, redis_url)
        project = await make_project(writers[0])
        for turn in range(10):
            stored = await asyncio.gather(*(log(res, project, errorType=f"Turn{turn}") for res in writers))
            assert len({answer.issue_id for answer in stored}) == 1
            assert sum(answer.is_new for answer in stored) == 1


async def test_the_same_reporters_id_through_all_writers_at_once_is_stored_once(database_url, redis_url):
    async with AsyncExitStack() as stack:
        writers = await several(stack, database_url, redis_url)
        project = await make_project(writers[0])
        for _ in range(10):
            name = uuid4().hex
            stored = await asyncio.gather(*(log(res, project, eventId=name) for res in writers))
            outcomes = Counter(answer.outcome for answer in stored)
            assert outcomes == {IngestOutcome.STORED: 1, IngestOutcome.DUPLICATE: WRITERS - 1}
            assert len({answer.issue_id for answer in stored}) == 1


async def test_a_retry_after_a_commit_that_was_not_heard_of_changes_nothing(writing: Resources, monkeypatch):
    project: Project = await make_project(writing)
    stored = await log(writing, project, eventId="once", user={"id": "1"})
    # The connection dies after COMMIT was done, before it was heard of: the same batch is flushed again.
    writer = writing.writer
    incoming = []
    persist = writer._persist

    async def twice(batch):
        incoming.extend(batch)
        await persist(batch)
        return await persist(batch)

    monkeypatch.setattr(writer, "_persist", twice)
    again = await log(writing, project, eventId="twice", user={"id": "1"})
    assert (again.outcome, again.issue_id) == (IngestOutcome.STORED, stored.issue_id)
    await check_sums(writing, 2)
