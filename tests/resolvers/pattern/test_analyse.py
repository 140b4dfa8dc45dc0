"""Patterns are found in the issues of a project, and kept up to date."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.ids import uuid7
from domain.access import system
from domain.event import Severity
from domain.pattern import Trend
from domain.timetable import ScheduledJob
from models import Issue, Pattern, PatternIssue, Project
from resolvers.pattern import figures, mine
from resolvers.pattern.analyse import analyse_patterns
from resolvers.pattern.figures import AGAIN_AFTER
from resolvers.pattern.listing import patterns_by_id
from resolvers.resources import Resources
from resolvers.timetable.run import run_job
from tests.support.factories.issue import count_events, make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row

DAY = timedelta(days=1)
KNOWN = (Pattern.detected_at.is_not(None),)
STANDING = (Pattern.merged_into_id.is_(None),)


async def failed(res: Resources, project: Project, number: int, service: str = "checkout", **facts: object) -> Issue:
    """An issue whose message differs from the others by a number."""
    counter = {"event_count": 10 * number}
    return await make_issue(res, project, message=f"order {number} failed", service=service, counter=counter, **facts)


async def members(res: Resources, pattern: Pattern) -> set[object]:
    return {row.issue_id for row in await all_rows(res, PatternIssue, PatternIssue.pattern_id == pattern.id)}


async def say(res: Resources, project: Project, *messages: str, **facts: object) -> list[Issue]:
    return [await make_issue(res, project, message=message, **facts) for message in messages]


async def test_issues_whose_messages_differ_by_a_number_are_one_pattern(res: Resources, clock: ManualClock):
    project = await make_project(res)
    issues = [await failed(res, project, 1), await failed(res, project, 2, "billing", severity=Severity.CRITICAL)]
    await make_issue(res, project, message="something else")
    await failed(res, project, 3, error_type="KeyError")
    for issue, endpoint in zip(issues, ("/pay", "/pay"), strict=True):
        event = await make_event(res, issue, payload={"endpoint": endpoint})
        await res.db.raw.execute("UPDATE issue_counter SET last_event_id = $2 WHERE issue_id = $1", issue.id, event.id)
        await count_events(res, issue, clock.now(), 4)
    assert await analyse_patterns(res) == {"issues": 4, "patterns": 3}
    row = await only_row(res, Pattern, *KNOWN)
    assert (row.template, row.error_type) == ("order <int> failed", "ValueError")
    assert (row.event_count, row.issue_count, row.services) == (30, 2, ["billing", "checkout"])
    assert row.endpoints == [["/pay", 2]]
    assert {severity: count for severity, count in row.severities.items() if count} == {"HIGH": 4, "CRITICAL": 4}
    assert (row.trend, row.change_percent) == (Trend.NEW, None)
    assert await members(res, row) == {issue.id for issue in issues}


async def test_projects_keep_their_patterns_to_themselves(res: Resources):
    for _ in range(2):
        project = await make_project(res)
        await failed(res, project, 1)
    await analyse_patterns(res)
    assert await all_rows(res, Pattern, *KNOWN) == []


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


async def test_what_has_one_issue_left_counts_that_alone(res: Resources, clock: ManualClock):
    project = await make_project(res)
    kept, merged = [await failed(res, project, number) for number in (1, 2)]
    await analyse_patterns(res)
    for count, into in ((1, kept.id), (2, None)):
        await res.db.raw.execute("UPDATE issue SET merged_into_id = $2 WHERE id = $1", merged.id, into)
        await clock.advance(AGAIN_AFTER)
        await analyse_patterns(res)
        assert (await only_row(res, Pattern)).issue_count == count


async def test_many_issues_are_read_in_steps(res: Resources, monkeypatch: pytest.MonkeyPatch):
    for module in (mine, figures):
        monkeypatch.setattr(module, "_STEP", 2)
    project = await make_project(res)
    for number in range(1, 8):
        await failed(res, project, number)
        await failed(res, project, number, error_type=f"Type{number}")
    await analyse_patterns(res)
    assert (await only_row(res, Pattern, *KNOWN)).issue_count == 7
    assert len(await all_rows(res, Pattern)) == 8


async def test_a_pattern_keeps_its_id_as_its_template_gets_more_general(res: Resources):
    project = await make_project(res)
    await say(res, project, "no column 'a' in orders", "no column 'b' in orders")
    await analyse_patterns(res)
    first = await only_row(res, Pattern)
    await say(res, project, "no column 'c' in carts", "no column 'd' in carts")
    await analyse_patterns(res)
    known = {row.id: row.template for row in await all_rows(res, Pattern, *KNOWN)}
    assert known[first.id] == "no column <*> in orders"
    await say(res, project, *(f"no column 'a' in {table}" for table in ("users", "carts", "teams")))
    await analyse_patterns(res)
    later = await only_row(res, Pattern, *KNOWN, *STANDING)
    assert (later.id, later.template, later.issue_count) == (first.id, "no column <*> in <*>", 7)
    assert later.detected_at == first.detected_at


async def test_of_two_that_become_one_the_older_stands_and_the_other_leads_to_it(res: Resources):
    project = await make_project(res)
    users = ["bob", "carol", "dave", "erin"]
    for user in users[:3]:
        await say(res, project, f"user {user} is locked", f"user {user} is locked", service=user)
        await analyse_patterns(res)
    old, *others = sorted(await all_rows(res, Pattern), key=lambda row: row.id)
    assert len(others) == 2
    await say(res, project, f"user {users[3]} is locked")
    await analyse_patterns(res)
    stands = await only_row(res, Pattern, *STANDING)
    assert (stands.id, stands.template) == (old.id, "user <*> is locked")
    assert (stands.issue_count, stands.services) == (7, ["bob", "carol", "checkout", "dave"])
    found = await patterns_by_id(res, system(), [old.id, *(row.id for row in others)])
    assert [row and row.id for row in found] == [old.id] * 3
    assert len(await members(res, stands)) == 7


async def test_only_what_came_since_the_last_time_is_looked_at(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await failed(res, project, 1, events=0)
    await clock.advance(10 * DAY)
    assert (await run_job(res, ScheduledJob.ANALYSE_PATTERNS, analyse_patterns)).result == {"issues": 1, "patterns": 1}
    await failed(res, project, 2, events=0)
    await make_issue(res, project, id=uuid7(clock.now() - 6 * DAY), message="from the spool", events=0)
    await make_issue(res, project, id=uuid7(clock.now() - 8 * DAY), message="too old", events=0)
    assert (await run_job(res, ScheduledJob.ANALYSE_PATTERNS, analyse_patterns)).result == {"issues": 2, "patterns": 2}
    assert (await run_job(res, ScheduledJob.ANALYSE_PATTERNS, analyse_patterns)).result == {"issues": 0, "patterns": 0}
    await clock.advance(AGAIN_AFTER)
    assert (await run_job(res, ScheduledJob.ANALYSE_PATTERNS, analyse_patterns)).result == {"issues": 0, "patterns": 1}
