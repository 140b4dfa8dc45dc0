"""Ignoring, saying how bad it is, commenting."""

import pytest

from domain.alert import AlertStatus
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from models import Activity, Alert, AuditEntry, Issue
from resolvers.issue.comment import comment_on_issue
from resolvers.issue.ignore import ignore_issue
from resolvers.issue.severity import set_issue_severity
from resolvers.resources import Resources
from tests.support.factories.alert import make_alert
from tests.support.rows import only_row
from tests.support.triage import make_scene


async def test_an_ignored_issue_calls_for_nobody(res: Resources):
    scene = await make_scene(res)
    await make_alert(res, scene.issue)
    issue = await ignore_issue(res, scene.actor, issue_id=scene.issue.id, note="Noise.")
    assert issue.status is IssueStatus.IGNORED
    assert (await only_row(res, Alert)).status is AlertStatus.RESOLVED
    assert (await only_row(res, Activity)).note == "Noise."


async def test_a_severity_set_by_hand_stays_and_sorts(res: Resources):
    scene = await make_scene(res)
    issue = await set_issue_severity(res, scene.actor, issue_id=scene.issue.id, severity=Severity.LOW, note="Rare.")
    assert (issue.severity, issue.severity_is_set) == (Severity.LOW, True)
    assert (await only_row(res, Issue)).severity_rank == Severity.LOW.rank
    step, entry = await only_row(res, Activity), await only_row(res, AuditEntry)
    assert (step.note, step.details) == ("Rare.", {"from": "HIGH", "to": "LOW"})
    assert (entry.before, entry.after) == (
        {"severity": "HIGH", "severityIsSet": False},
        {"severity": "LOW", "severityIsSet": True},
    )


async def test_a_comment_is_kept_as_it_was_written(res: Resources):
    scene = await make_scene(res)
    words = "First line.\n\nSecond *line*: <b>ünïcode</b> 🔔"
    step = await comment_on_issue(res, scene.actor, issue_id=scene.issue.id, body=f"  {words}\n")
    assert (step.kind, step.note) == (ActivityKind.COMMENTED, words)
    assert await only_row(res, Activity) == step
    entry = await only_row(res, AuditEntry)
    assert (entry.before, entry.after) == (None, None)


@pytest.mark.parametrize("body", ["", " \n", "x" * 10_001, "nul\0", "half \ud83d"])
async def test_no_comment_is_taken_that_cannot_be_stored(res: Resources, body):
    scene = await make_scene(res)
    with pytest.raises(InvalidInput) as refused:
        await comment_on_issue(res, scene.actor, issue_id=scene.issue.id, body=body)
    assert refused.value.path == ("body",)


async def test_the_longest_comment_is_taken(res: Resources):
    scene = await make_scene(res)
    step = await comment_on_issue(res, scene.actor, issue_id=scene.issue.id, body="x" * 10_000)
    assert step.note == "x" * 10_000
