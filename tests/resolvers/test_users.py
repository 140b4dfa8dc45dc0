"""How many users there were: the same before and after they are folded, and nobody twice."""

from hashlib import blake2b

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.event import Severity
from domain.sketch import ERROR
from domain.span import TimeRange
from domain.stats import DAY, HOUR, Figure, Question, StatsFilter
from models import Event, Issue, SeenUser, UserSketch
from resolvers.intake.log import log_errors
from resolvers.resources import Resources
from resolvers.stats import answer_questions, find_coverage
from resolvers.users import fold_users
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.rows import all_rows
from tests.support.writing import a_report, log, reporter


async def users(res: Resources, actor=None, asked: TimeRange | None = None, **filter: object) -> int | None:
    counted = StatsFilter(**filter)
    covered = find_coverage(res, actor or system(), filter=counted, asked=asked or TimeRange())
    (count,) = await answer_questions(
        res, actor or system(), filter=counted, covered=covered, questions=[Question(Figure.USERS)]
    )
    return count


async def test_users_of_all_services_and_days_are_counted_once(writing: Resources, clock: ManualClock):
    res, project = writing, await make_project(writing)
    for service, severity, environment, people in (
        ("shop", "LOW", "production", "ab"), ("shop", "HIGH", "staging", "bc"), ("bank", "HIGH", "production", "cd"),
    ):  # fmt: skip
        for one in people:
            await log(res, project, service=service, severity=severity, environment=environment, user={"id": one})
    await log(res, project)  # of nobody
    asked = (
        ({}, 4), ({"service": ("shop",)}, 3), ({"severity": (Severity.HIGH,)}, 3), ({"environment": ("production",)}, 4),
        ({"service": ("shop",), "min_severity": Severity.HIGH}, 2), ({"service": ()}, 0), ({"project": ("other",)}, 0),
    )  # fmt: skip

    async def check() -> None:
        assert [await users(res, **filter) for filter, _ in asked] == [count for _, count in asked]

    await check()
    assert await fold_users(res) == {"users": 6, "days": 0}
    await check()
    assert await all_rows(res, SeenUser) == []
    # Who comes again, is known to the writer or to none of them, or comes on another day, is nobody new.
    await log(res, project, service="shop", user={"id": "a"})
    await clock.advance(DAY - HOUR)
    await log(res, project, service="shop", severity="LOW", user={"id": "a"})
    await check()
    assert (await fold_users(res))["users"] == 2
    assert await fold_users(res) == {"users": 0, "days": 0}
    await check()
    assert await users(res, acting(await make_developer(res))) == 0


async def test_many_users_are_counted_to_the_error_that_is_stated(writing: Resources, clock: ManualClock):
    project = await make_project(writing)
    for turn in range(4):
        reports = [
            a_report(service=f"s{number % 3}", user={"id": str(number)})
            for number in range(turn * 700, turn * 700 + 1000)
        ]
        for start in range(0, 1000, 100):
            await log_errors(writing, reporter(project), reports[start : start + 100])
        if turn % 2:
            await fold_users(writing)
    assert await users(writing) == pytest.approx(3100, rel=3 * ERROR)


async def test_more_sketches_than_are_in_memory_at_once_are_folded_and_counted(writing: Resources):
    project = await make_project(writing)
    day = writing.clock.now().date()
    digests = [blake2b(str(number).encode(), digest_size=12).digest() for number in range(450)]
    seen = [(project.id, day, f"service {n:03}", "production", "LOW", digest) for n, digest in enumerate(digests)]
    columns = ("project_id", "day", "service", "environment", "severity", "user_hash")
    async with writing.db.raw.acquire() as connection:
        await connection.copy_records_to_table("seen_user", records=seen, columns=columns)
    assert await users(writing) == pytest.approx(450, rel=3 * ERROR)
    assert await fold_users(writing) == {"users": 450, "days": 0}
    assert await users(writing) == pytest.approx(450, rel=3 * ERROR)
    assert len(await all_rows(writing, UserSketch)) == 450


async def test_by_issue_they_are_counted_exactly_and_for_good(writing: Resources, clock: ManualClock):
    project = await make_project(writing)
    for number in range(3):
        await log(writing, project, user={"id": str(number)})
    await log(writing, project, errorType="Other", user={"id": "9"})
    (issue,) = await all_rows(writing, Issue, Issue.error_type == "ValueError")
    await clock.advance(200 * DAY)
    assert await users(writing, issue=issue.id) == 3
    assert await users(writing, acting(await make_developer(writing)), issue=issue.id) == 0


async def test_sketches_go_with_the_hours_of_their_day(writing: Resources, clock: ManualClock):
    await log(writing, await make_project(writing), user={"id": "a"})
    await fold_users(writing)
    await clock.move_to(START + 90 * DAY)
    assert await users(writing, asked=TimeRange(last=90 * DAY)) == 1
    assert (await fold_users(writing))["days"] == 0
    await clock.advance(DAY)
    assert await users(writing, asked=TimeRange(last=91 * DAY)) is None
    assert (await fold_users(writing))["days"] == 1
    assert await all_rows(writing, UserSketch) == []


async def test_what_the_writer_does_not_know_is_seen_again_without_harm(writing: Resources):
    project = await make_project(writing)
    for _ in range(2):
        await log(writing, project, user={"id": "a"})
        await writing.writer.let_go()  # the next connection is another, and nothing is known of it
    assert len(await all_rows(writing, Event)) == 2
    assert await users(writing) == 1
