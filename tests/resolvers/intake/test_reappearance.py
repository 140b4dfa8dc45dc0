"""What a new event does to an issue that was put away."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from sqlmodel import select

from core.clock import ManualClock
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from models import Activity, Issue, Triage
from resolvers.intake.log import log_errors
from resolvers.resources import Resources
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.writing import a_report, log, reporter


async def put_away(res: Resources, issue_id, **values: object) -> None:
    async with res.db.transaction() as tx:
        issue = await tx.session.get_one(Issue, issue_id)
        for name, value in values.items():
            setattr(issue, name, value)


async def look(res: Resources, issue_id) -> tuple[Issue, list[ActivityKind]]:
    async with res.db.reading() as session:
        issue = await session.get_one(Issue, issue_id)
        activities = (await session.exec(select(Activity).order_by(Activity.id))).all()
        return issue, [activity.kind for activity in activities]


@pytest.mark.parametrize(
    ("resolution", "release", "regresses"),
    [
        ({}, None, True),
        ({"resolved_in_release": "2.0.0"}, "1.9.9", False),
        ({"resolved_in_release": "2.0.0"}, "2.0.0", True),
        ({"resolved_in_release": "2.0.0"}, "2.0.1", True),
        ({"resolved_after_release": "2.0.0"}, "2.0.0", False),
        ({"resolved_after_release": "2.0.0"}, "2.0.1", True),
    ],
)
async def test_a_resolved_issue_seen_again(writing: Resources, clock: ManualClock, resolution, release, regresses):
    project = await make_project(writing)
    first = await log(writing, project, severity="HIGH")
    await put_away(
        writing, first.issue_id, status=IssueStatus.RESOLVED, resolved_at=clock.now(), resolution="FIXED", **resolution
    )
    await clock.advance(timedelta(hours=1))
    again = await log(writing, project, severity="HIGH", **({"release": release} if release else {}))

    issue, activities = await look(writing, first.issue_id)
    assert again.issue_id == first.issue_id
    assert again.is_regression is regresses
    assert issue.status is (IssueStatus.UNRESOLVED if regresses else IssueStatus.RESOLVED)
    assert issue.is_regression is regresses
    assert (issue.resolved_at is None) is regresses
    assert activities == [ActivityKind.FIRST_SEEN, *([ActivityKind.REGRESSED] if regresses else [])]
    assert issue.version == (2 if regresses else 1)


async def test_a_regression_that_matters_is_left_to_the_worker(writing: Resources, clock: ManualClock):
    project = await make_project(writing)
    first = await log(writing, project, severity="LOW")
    await put_away(writing, first.issue_id, status=IssueStatus.RESOLVED, resolved_at=clock.now())
    await log(writing, project, severity="CRITICAL")
    async with writing.db.reading() as session:
        (triage,) = (await session.exec(select(Triage))).all()
    assert (triage.trigger, triage.severity) == ("REGRESSION", "CRITICAL")


async def test_a_snooze_ends_at_its_count(writing: Resources):
    project = await make_project(writing)
    first = await log(writing, project)
    await put_away(writing, first.issue_id, status=IssueStatus.SNOOZED, snoozed_until_event_count=3)
    await log(writing, project)
    assert (await look(writing, first.issue_id))[0].status is IssueStatus.SNOOZED
    await log(writing, project)
    issue, activities = await look(writing, first.issue_id)
    assert (issue.status, issue.snoozed_until_event_count) == (IssueStatus.UNRESOLVED, None)
    assert activities == [ActivityKind.FIRST_SEEN, ActivityKind.WOKEN]


async def test_an_ignored_issue_stays_ignored(writing: Resources):
    project = await make_project(writing)
    first = await log(writing, project)
    await put_away(writing, first.issue_id, status=IssueStatus.IGNORED)
    again = await log(writing, project)
    assert (again.issue_id, again.is_regression) == (first.issue_id, False)
    assert (await look(writing, first.issue_id))[0].status is IssueStatus.IGNORED


def frames(*names: str) -> list[dict]:
    """An exception of these calls; those with a star are the application's own."""
    calls = [{"function": name.strip("*"), "filename": "a.py", "inApp": name.endswith("*")} for name in names]
    return [{"type": "ValueError", "frames": calls}]


async def test_an_event_that_another_of_its_batch_leads_to_an_issue_waits_for_who_changes_it(
    writing: Resources, database_url: str
):
    project = await make_project(writing)
    first = await log(writing, project, severity="LOW", exceptions=frames("m*", "n", "l"))
    # The second has a new key in common with the first, and none that the issue owns.
    reports = [
        a_report(severity="LOW", exceptions=frames("m*", "n*", "l")),
        a_report(severity="CRITICAL", exceptions=frames("m*", "n*", "k")),
    ]
    person = await asyncpg.connect(database_url)
    async with person.transaction():
        before = writing.clock.now() - timedelta(hours=1)
        await person.execute("UPDATE issue SET status = 'RESOLVED', resolved_at = $1", before)
        logging = asyncio.create_task(log_errors(writing, reporter(project), reports))
        while not await person.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            await asyncio.sleep(0.01)
    await person.close()
    assert [logged.stored.issue_id for logged in await logging] == [first.issue_id] * 2
    issue = await only_row(writing, Issue)
    assert (issue.status, issue.resolved_at, issue.severity) == (IssueStatus.UNRESOLVED, None, Severity.CRITICAL)
    assert issue.is_regression
    steps = [step.kind for step in await all_rows(writing, Activity)]
    assert steps == ["FIRST_SEEN", "REGRESSED", "SEVERITY_CHANGED"]


async def test_an_issue_that_an_event_wakes_calls_for_somebody(writing: Resources):
    project = await make_project(writing)
    first = await log(writing, project, severity="HIGH")
    await put_away(writing, first.issue_id, status=IssueStatus.SNOOZED, snoozed_until_event_count=3)
    for _ in range(2):
        await log(writing, project, severity="HIGH")
    assert [row.trigger for row in await all_rows(writing, Triage)] == ["NEW_ISSUE", "EVENT_COUNT"]


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_issue_that_turns_out_to_matter_calls_for_somebody_once(writing: Resources, at_once):
    project = await make_project(writing)
    reports = [a_report(severity=severity) for severity in ("LOW", "MEDIUM", "HIGH", "LOW", "CRITICAL")]
    for batch in [reports] if at_once else [[report] for report in reports]:
        await log_errors(writing, reporter(project), batch)
    issue, triage = await only_row(writing, Issue), await only_row(writing, Triage)
    assert (triage.trigger, triage.severity) == ("NEW_ISSUE", "HIGH")
    assert [(step.kind, step.details) for step in await all_rows(writing, Activity)] == [
        ("FIRST_SEEN", None),
        ("SEVERITY_CHANGED", {"from": "LOW", "to": "MEDIUM"}),
        ("SEVERITY_CHANGED", {"from": "MEDIUM", "to": "HIGH"}),
        ("SEVERITY_CHANGED", {"from": "HIGH", "to": "CRITICAL"}),
    ]
    assert (issue.severity, issue.version, issue.status) == (Severity.CRITICAL, 4, IssueStatus.UNRESOLVED)


async def test_one_that_is_put_away_and_turns_out_worse_stays_away(writing: Resources, clock: ManualClock):
    project = await make_project(writing)
    first = await log(writing, project, severity="LOW")
    await put_away(writing, first.issue_id, status=IssueStatus.IGNORED)
    await log(writing, project, severity="CRITICAL")
    issue, steps = await look(writing, first.issue_id)
    assert (issue.status, issue.severity) == (IssueStatus.IGNORED, Severity.CRITICAL)
    assert steps == [ActivityKind.FIRST_SEEN, ActivityKind.SEVERITY_CHANGED]
    assert await all_rows(writing, Triage) == []
