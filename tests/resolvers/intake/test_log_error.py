"""What one logged error leaves behind."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from core.clock import ManualClock
from core.settings import Settings
from domain.errors import InvalidInput, LimitExceeded, PermissionDenied
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.report import IngestOutcome
from models import Activity, DailyCount, Event, EventKey, FeedRow, HourlyCount, Issue, IssueCounter, Triage
from resolvers.intake.log import log_error, log_errors
from resolvers.resources import Resources, open_resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.writing import a_report, log, reporter


async def rows(res: Resources, model: type, *conditions: object) -> list:
    async with res.db.reading() as session:
        return list((await session.exec(select(model).where(*conditions))).all())


async def one(res: Resources, model: type, *conditions: object):
    found = await rows(res, model, *conditions)
    assert len(found) == 1
    return found[0]


async def test_a_first_error_leaves_an_event_an_issue_counts_and_news(writing: Resources):
    project = await make_project(writing)
    stored = await log(
        writing, project, severity="CRITICAL", release="1.2", user={"id": "7"}, tags=[{"key": "a", "value": "b"}]
    )

    assert (stored.outcome, stored.is_new, stored.is_regression) == (IngestOutcome.STORED, True, False)
    event = await one(writing, Event)
    assert (event.id, event.event_id, event.service) == (stored.row_id, stored.row_id.hex, "checkout")
    assert event.payload == {"user": {"id": "7"}, "tags": [["a", "b"]]}
    issue = await one(writing, Issue)
    assert (issue.id, issue.short_id, issue.status) == (stored.issue_id, stored.short_id, IssueStatus.UNRESOLVED)
    assert (issue.title, issue.severity, issue.first_release) == ("ValueError: bad total", Severity.CRITICAL, "1.2")
    assert stored.short_id.startswith("CHECKOUT-")
    counter = await one(writing, IssueCounter)
    assert (counter.event_count, counter.user_count, counter.last_seen_at) == (1, 1, START)
    assert (await one(writing, HourlyCount)).event_count == 1
    assert (await one(writing, DailyCount)).event_count == 1
    assert [row.kind for row in await rows(writing, FeedRow)] == ["ISSUE_CHANGED", "EVENT_LOGGED"]
    assert (await one(writing, Activity)).kind is ActivityKind.FIRST_SEEN
    triage = await one(writing, Triage)
    assert (triage.issue_id, triage.event_id, triage.trigger) == (issue.id, event.id, "NEW_ISSUE")


async def test_the_same_error_again_joins_its_issue(writing: Resources, clock: ManualClock):
    project = await make_project(writing)
    first = await log(writing, project, user={"id": "1"})
    await clock.advance(timedelta(minutes=5))
    second = await log(writing, project, user={"id": "2"}, release="2.0", severity="HIGH")
    third = await log(writing, project, user={"id": "2"})

    assert (second.issue_id, second.is_new, third.issue_id) == (first.issue_id, False, first.issue_id)
    counter = await one(writing, IssueCounter)
    assert (counter.event_count, counter.user_count, counter.last_release) == (3, 2, "2.0")
    assert counter.last_seen_at == START + timedelta(minutes=5)
    assert counter.last_event_id == third.row_id
    issue = await one(writing, Issue)
    assert (issue.severity, issue.first_seen_at) == (Severity.HIGH, START)


async def test_severity_set_by_hand_stays(writing: Resources):
    project = await make_project(writing)
    stored = await log(writing, project, severity="LOW")
    async with writing.db.transaction() as tx:
        issue = await tx.session.get_one(Issue, stored.issue_id)
        issue.severity_is_set = True
    await log(writing, project, severity="CRITICAL")
    assert (await one(writing, Issue)).severity is Severity.LOW


async def test_the_reporters_id_twice_is_stored_once_and_answers_with_the_first_ones_issue(writing: Resources):
    project = await make_project(writing)
    first = await log(writing, project, eventId="a-1")
    second = await log(writing, project, eventId="a-1", message="something else")

    assert (second.outcome, second.issue_id, second.row_id) == (IngestOutcome.DUPLICATE, first.issue_id, first.row_id)
    assert len(await rows(writing, Event)) == len(await rows(writing, EventKey)) == 1
    assert (await one(writing, IssueCounter)).event_count == 1


async def test_the_reporters_id_is_its_projects_own(writing: Resources):
    one_project, other = await make_project(writing), await make_project(writing)
    outcomes = [(await log(writing, project, eventId="a-1")).outcome for project in (one_project, other)]
    assert outcomes == [IngestOutcome.STORED, IngestOutcome.STORED]


async def test_the_same_id_in_one_batch_is_stored_once(writing: Resources):
    project = await make_project(writing)
    answers = await log_errors(writing, reporter(project), [a_report(eventId="x")] * 5)
    assert [answer.stored.outcome.value for answer in answers] == ["STORED", *["DUPLICATE"] * 4]
    assert len({answer.stored.issue_id for answer in answers}) == 1


async def test_services_part_issues_environments_and_releases_do_not(writing: Resources):
    project = await make_project(writing)
    issues = [
        (await log(writing, project, **fields)).issue_id
        for fields in ({}, {"environment": "staging"}, {"release": "9"}, {"service": "billing"})
    ]
    assert issues[0] == issues[1] == issues[2] != issues[3]


async def test_each_of_a_batch_is_accepted_or_refused_alone(writing: Resources):
    project = await make_project(writing)
    inputs = [a_report(message=f"number {place}") for place in range(40)]
    inputs[7] = a_report(service="s" * 1000)
    inputs[8] = a_report(project="nowhere")
    answers = await log_errors(writing, reporter(project), inputs)

    assert [place for place, answer in enumerate(answers) if answer.failure] == [7, 8]
    assert answers[7].failure.path == ("service",)
    assert answers[8].failure.path == ("project",)
    assert {answer.stored.outcome for answer in answers} == {IngestOutcome.STORED, IngestOutcome.INVALID}
    assert (await one(writing, IssueCounter)).event_count == 38


async def test_a_row_that_postgresql_does_not_take_answers_invalid_alone(writing: Resources, monkeypatch):
    project = await make_project(writing)
    await log(writing, project)
    async with writing.db.raw.acquire() as connection:
        await connection.execute("ALTER TABLE event ADD CONSTRAINT poison CHECK (error_code <> 'poison')")
    inputs = [a_report(errorCode="poison" if place == 333 else "fine") for place in range(1000)]
    answers = await log_errors(writing, reporter(project), inputs)

    assert [place for place, answer in enumerate(answers) if answer.failure] == [333]
    assert answers[333].stored.outcome is IngestOutcome.INVALID
    assert (await one(writing, IssueCounter)).event_count == 1000
    assert len(await rows(writing, Event)) == 1000


async def test_a_row_that_is_not_taken_spoils_no_other_of_its_event_id(writing: Resources):
    project = await make_project(writing)
    async with writing.db.raw.acquire() as connection:
        await connection.execute("ALTER TABLE event ADD CONSTRAINT poison CHECK (error_code <> 'poison')")
    codes = ["poison", "poison", "fine", "poison", "fine"]
    answers = await log_errors(writing, reporter(project), [a_report(eventId="e", errorCode=code) for code in codes])
    outcomes = [answer.stored.outcome for answer in answers]
    assert outcomes == ["INVALID", "INVALID", "STORED", "DUPLICATE", "DUPLICATE"]
    assert (await one(writing, Event)).error_code == "fine"


async def test_more_than_a_thousand_are_refused_by_name(writing: Resources):
    project = await make_project(writing)
    with pytest.raises(InvalidInput, match="1,000") as refused:
        await log_errors(writing, reporter(project), [a_report()] * 1001)
    assert refused.value.path == ("inputs",)


async def test_a_full_queue_says_when_to_come_again(database_url, redis_url, clock):
    settings = Settings(database_url=database_url, redis_url=redis_url, writer_queue_events=2)
    async with open_resources(settings, clock) as res:
        project = await make_project(res)
        waiting = [asyncio.create_task(log(res, project)) for _ in range(2)]
        while res.writer.depth[0] < 2:
            await asyncio.sleep(0)
        with pytest.raises(LimitExceeded) as refused:
            await log(res, project)
        assert refused.value.retry_after_s > 0
        running = asyncio.create_task(res.writer.run())
        assert {stored.outcome for stored in await asyncio.gather(*waiting)} == {IngestOutcome.STORED}
        res.writer.close()
        await running


async def test_who_may_not_log_is_refused(writing: Resources):
    project = await make_project(writing)
    viewer = acting(await make_developer(writing, role="VIEWER"), project)
    with pytest.raises(PermissionDenied):
        await log_error(writing, viewer, a_report())


async def test_a_developer_of_several_projects_names_one(writing: Resources):
    projects = [await make_project(writing) for _ in range(2)]
    actor = acting(await make_developer(writing), *projects)
    with pytest.raises(InvalidInput) as refused:
        await log_error(writing, actor, a_report())
    assert refused.value.path == ("project",)
    stored = await log_error(writing, actor, a_report(project=projects[1].slug))
    assert (await one(writing, Event, col(Event.id) == stored.row_id)).project_id == projects[1].id
