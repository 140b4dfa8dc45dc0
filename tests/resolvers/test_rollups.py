"""What figures say is what counting the events would say, at any age of the counts."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.errors import InvalidInput
from domain.event import Severity
from domain.span import TimeRange
from domain.stats import (
    DAY,
    HOUR,
    MINUTE,
    Bucket,
    Coverage,
    Figure,
    Question,
    StatsFilter,
    hours_since,
    timeline_question,
)
from models import DayCount, Event, HourlyCount, MinuteCount, Project
from resolvers.intake.log import log_errors
from resolvers.resources import Resources
from resolvers.retention import prune_counts
from resolvers.stats import answer_questions, find_coverage
from tests.support.clock import START
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.rollups import check_hours
from tests.support.rows import all_rows
from tests.support.writing import a_report, reporter

SERVICES, ENVIRONMENTS = ("billing", "checkout", "search"), ("production", "staging")


def some_report(chance: random.Random) -> dict:
    return a_report(
        service=chance.choice(SERVICES),
        environment=chance.choice(ENVIRONMENTS),
        severity=chance.choice(list(Severity)).value,
        release=chance.choice(["1.0", "1.1", None]),
        errorType=f"Error{chance.randrange(5)}",
        user={"id": str(chance.randrange(40))},
    )


def some_filter(chance: random.Random) -> StatsFilter:
    def some(values: Iterable[object]) -> tuple | None:
        return chance.choice([None, None, tuple(chance.sample(list(values), chance.randrange(1, 3)))])

    return StatsFilter(service=some(SERVICES), environment=some(ENVIRONMENTS), severity=some(Severity))


def passing(events: list[Event], filter: StatsFilter, since: datetime, until: datetime) -> list[Event]:
    chosen = filter.service, filter.environment, filter.severities
    return [
        event
        for event in events
        if since <= event.received_at < until
        and all(
            allowed is None or fact in allowed
            for fact, allowed in zip((event.service, event.environment, event.severity), chosen, strict=True)
        )
    ]


async def check(res: Resources, events: list[Event], filter: StatsFilter, covered: Coverage, zone: str = "UTC") -> int:
    """All figures are what counting the events says; return how many timelines were compared."""
    counted = passing(events, filter, covered.since, covered.until)
    timelines = []
    for bucket in Bucket:
        try:
            timelines.append(timeline_question(bucket, covered, zone))
        except InvalidInput:
            continue
    total, severities, services, releases, *found = await answer_questions(
        res,
        system(),
        filter=filter,
        covered=covered,
        questions=[
            Question(Figure.TOTAL),
            Question(Figure.BY_SEVERITY),
            Question(Figure.BY_SERVICE),
            Question(Figure.BY_RELEASE),
            *timelines,
        ],
    )
    assert total == len(counted)
    assert {key: count for key, count in severities.items() if count} == Counter(event.severity for event in counted)
    assert dict(releases) == Counter(event.release for event in counted if event.release)
    assert dict(services) == Counter(event.service for event in counted)
    for question, points in zip(timelines, found, strict=True):
        ends = [*[point.at for point in points], datetime.max.replace(tzinfo=START.tzinfo)]
        naive = [len(passing(counted, StatsFilter(), *ends)) for ends in pairwise(ends)]
        assert [point.count for point in points] == naive, question
    return len(timelines)


@pytest.fixture
async def happened(writing: Resources, clock: ManualClock) -> Callable[[], list[Event]]:
    """Events of a day, some of them in hours that go before others."""
    chance = random.Random(5)
    project: Project = await make_project(writing)
    for _ in range(16):
        await clock.advance(timedelta(seconds=chance.choice([1, 59, 61, 1700, 3600, 7300])))
        await log_errors(writing, reporter(project), [some_report(chance) for _ in range(chance.randrange(1, 40))])
    return await all_rows(writing, Event)


async def test_figures_are_what_counting_the_events_says(writing: Resources, clock: ManualClock, happened: list[Event]):
    chance = random.Random(7)
    timelines = 0
    for _ in range(30):
        since = clock.now() - timedelta(hours=chance.uniform(0, 30))
        asked = TimeRange(since, since + timedelta(hours=chance.uniform(0.01, 30)))
        filter, zone = some_filter(chance), chance.choice(["UTC", "Asia/Kolkata", "Europe/Berlin"])
        covered = find_coverage(writing, system(), filter=filter, asked=asked)
        timelines += await check(writing, happened, filter, covered, zone)
    assert 90 < timelines < 120  # all have three buckets, some minutes too
    await check_hours(writing)
    for asked in (TimeRange(last=90 * DAY), TimeRange(last=91 * DAY), TimeRange(last=730 * DAY)):
        await check(
            writing, happened, StatsFilter(), find_coverage(writing, system(), filter=StatsFilter(), asked=asked)
        )


async def test_figures_stay_as_they_are_while_hours_go(writing: Resources, clock: ManualClock, happened: list[Event]):
    for days in (90, 91, 92, 700):
        await clock.move_to(START + days * DAY)
        for _ in range(2):  # before hours go, and after
            for asked in (TimeRange(last=730 * DAY), TimeRange(START - DAY, START), TimeRange(START, START + DAY)):
                covered = find_coverage(writing, system(), filter=StatsFilter(), asked=asked)
                await check(writing, happened, StatsFilter(), covered)
            await prune_counts(writing)
        kept = await all_rows(writing, HourlyCount)
        assert all(row.hour >= hours_since(clock.now()) - DAY for row in kept)
    assert sum(row.event_count for row in await all_rows(writing, DayCount)) == len(happened)


async def test_counts_go_when_their_time_is_over(res: Resources, clock: ManualClock):
    issue = await make_issue(res, await make_project(res))
    await clock.move_to(START + 30 * MINUTE)
    for back in (timedelta(0), 25 * HOUR, 26 * HOUR, 27 * HOUR, 91 * DAY, 92 * DAY):
        await count_events(res, issue, clock.now() - back, 1)
    assert await prune_counts(res) == {"minutes": 4, "hours": 1, "days": 0, "surges": 0}
    assert len(await all_rows(res, MinuteCount)) == 2
    # One that comes late, from the spool say, is counted to the others of its day.
    await count_events(res, issue, clock.now() - 92 * DAY, 2)
    assert await prune_counts(res) == {"minutes": 1, "hours": 1, "days": 0, "surges": 0}
    days = await all_rows(res, DayCount)
    assert [row.event_count for row in days if row.day <= (clock.now() - 92 * DAY).date()] == [3]
    await clock.advance(640 * DAY)
    assert (await prune_counts(res))["days"] == 2


_ADD = """
INSERT INTO {table} AS c (project_id, {at}, service, environment, severity, event_count)
VALUES ($1, $2, $3, 'production', 'LOW', 1)
ON CONFLICT (project_id, {at}, service, environment, severity{more}) DO UPDATE SET event_count = c.event_count + 1
"""
_HOURS, _MINUTES = (
    _ADD.format(table="hourly_count", at="hour", more=", release"),
    _ADD.format(table="minute_count", at="minute", more=""),
)


async def test_what_a_writer_has_is_left_for_the_next_time_and_nobody_waits_in_a_circle(res: Resources):
    """The writer has what comes first by key, and last in the table, and goes on to what the pruning has had."""
    projects = sorted([(await make_project(res)).id for _ in range(2)])
    at = res.clock.now() - 92 * DAY
    for project_id in reversed(projects):
        for service in ("b", "a"):
            for statement in (_HOURS, _MINUTES):
                await res.db.raw.execute(statement, project_id, at, service)
    async with res.db.raw.acquire() as writer, writer.transaction():
        for statement in (_HOURS, _MINUTES):
            await writer.execute(statement, projects[0], at, "a")
        assert await prune_counts(res) == {"minutes": 3, "hours": 3, "days": 0, "surges": 0}
        for project_id, service in ((projects[0], "b"), (projects[1], "a")):
            for statement in (_HOURS, _MINUTES):
                await writer.execute(statement, project_id, at, service)
    assert await prune_counts(res) == {"minutes": 3, "hours": 3, "days": 0, "surges": 0}
    assert await all_rows(res, HourlyCount) == await all_rows(res, MinuteCount) == []
