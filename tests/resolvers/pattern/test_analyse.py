"""Patterns are found in the issues of a project, and kept up to date."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.event import Severity
from domain.pattern import Trend
from models import Issue, Pattern, PatternIssue, Project
from resolvers.pattern import analyse
from resolvers.pattern.analyse import analyse_patterns
from resolvers.resources import Resources
from tests.support.factories.issue import count_events, make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row

DAY = timedelta(days=1)


async def failed(res: Resources, project: Project, number: int, service: str = "checkout", **facts: object) -> Issue:
    """An issue whose message differs from the others by a number."""
    counter = {"event_count": 10 * number}
    return await make_issue(res, project, message=f"order {number} failed", service=service, counter=counter, **facts)


async def members(res: Resources) -> set[object]:
    async with res.db.reading() as session:
        return {
            row[0]
            for row in await session.rows(PatternIssue.__table__.select().with_only_columns(PatternIssue.issue_id))
        }


async def test_issues_whose_messages_differ_by_a_number_are_one_pattern(res: Resources, clock: ManualClock):
    project = await make_project(res)
    issues = [await failed(res, project, 1), await failed(res, project, 2, "billing", severity=Severity.CRITICAL)]
    await make_issue(res, project, message="something else")
    await failed(res, project, 3, error_type="KeyError")
    for issue, endpoint in zip(issues, ("/pay", "/pay"), strict=True):
        event = await make_event(res, issue, payload={"endpoint": endpoint})
        await res.db.raw.execute("UPDATE issue_counter SET last_event_id = $2 WHERE issue_id = $1", issue.id, event.id)
        await count_events(res, issue, clock.now(), 4)
    assert await analyse_patterns(res) == {"projects": 1, "patterns": 1}
    row = await only_row(res, Pattern)
    assert (row.template, row.error_type) == ("order <int> failed", "ValueError")
    assert (row.event_count, row.issue_count, row.services) == (30, 2, ["billing", "checkout"])
    assert row.endpoints == [["/pay", 2]]
    assert {severity: count for severity, count in row.severities.items() if count} == {"HIGH": 4, "CRITICAL": 4}
    assert (row.trend, row.change_percent) == (Trend.NEW, None)
    assert await members(res) == {issue.id for issue in issues}


async def test_projects_keep_their_patterns_to_themselves(res: Resources):
    for _ in range(2):
        project = await make_project(res)
        await failed(res, project, 1)
    assert await analyse_patterns(res) == {"projects": 2, "patterns": 0}


async def test_a_pattern_stays_the_same_and_follows_what_happens(res: Resources, clock: ManualClock):
    project = await make_project(res)
    issues = [await failed(res, project, number) for number in (1, 2)]
    await count_events(res, issues[0], clock.now(), 8)
    await analyse_patterns(res)
    first = await only_row(res, Pattern)
    await clock.advance(7 * DAY)
    await count_events(res, issues[1], clock.now(), 12)
    await analyse_patterns(res)
    risen = await only_row(res, Pattern)
    assert (risen.id, risen.detected_at) == (first.id, first.detected_at)
    assert (risen.trend, risen.trend_rank, risen.change_percent) == (Trend.RISING, Trend.RISING.rank, 50)
    await clock.advance(14 * DAY)
    await analyse_patterns(res)
    assert (await only_row(res, Pattern)).trend is Trend.GONE


async def test_what_is_no_pattern_any_more_is_forgotten(res: Resources):
    project = await make_project(res)
    kept, merged = [await failed(res, project, number) for number in (1, 2)]
    await analyse_patterns(res)
    await res.db.raw.execute("UPDATE issue SET merged_into_id = $2 WHERE id = $1", merged.id, kept.id)
    assert (await analyse_patterns(res))["patterns"] == 0
    assert await all_rows(res, Pattern) == []
    assert await members(res) == set()


async def test_many_issues_are_read_in_steps(res: Resources, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(analyse, "_STEP", 2)
    project = await make_project(res)
    for number in range(1, 8):
        await failed(res, project, number)
    await analyse_patterns(res)
    assert (await only_row(res, Pattern)).issue_count == 7
