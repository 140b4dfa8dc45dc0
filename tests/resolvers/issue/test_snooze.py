import asyncio
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import ActorKind
from domain.alert import AlertStatus
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from models import Activity, Alert, FeedRow, Issue
from resolvers.issue.assign import assign_issue
from resolvers.issue.ignore import ignore_issue
from resolvers.issue.snooze import snooze_issue, wake_snoozed
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.factories.alert import make_alert
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.mailbox import Mailbox, send_due
from tests.support.rows import all_rows, only_row
from tests.support.triage import Scene, make_scene

HOUR = timedelta(hours=1)


async def test_it_sleeps_and_nobody_is_called_for(res: Resources):
    scene = await make_scene(res)
    await make_alert(res, scene.issue)
    end = res.clock.now() + HOUR
    issue = await snooze_issue(res, scene.actor, issue_id=scene.issue.id, until=end, note="Tomorrow.")
    assert (issue.status, issue.snoozed_until, issue.snoozed_until_event_count) == (IssueStatus.SNOOZED, end, None)
    assert (await only_row(res, Alert)).status is AlertStatus.RESOLVED
    step = await only_row(res, Activity)
    assert (step.note, step.details) == ("Tomorrow.", {"until": end.isoformat(), "untilEventCount": None})


async def test_it_sleeps_for_a_span(res: Resources):
    scene = await make_scene(res)
    issue = await snooze_issue(res, scene.actor, issue_id=scene.issue.id, span=HOUR)
    assert issue.snoozed_until == res.clock.now() + HOUR


async def test_it_sleeps_until_it_has_had_more_events_than_now(res: Resources):
    scene = await make_scene(res, events=3)
    with pytest.raises(InvalidInput, match="must be over 3"):
        await snooze_issue(res, scene.actor, issue_id=scene.issue.id, event_count=3)
    issue = await snooze_issue(res, scene.actor, issue_id=scene.issue.id, event_count=4)
    assert (issue.snoozed_until, issue.snoozed_until_event_count) == (None, 4)


async def test_ignoring_ends_the_snooze_so_that_nothing_wakes_it(res: Resources, clock: ManualClock):
    scene = await make_scene(res)
    await snooze_issue(res, scene.actor, issue_id=scene.issue.id, span=HOUR)
    issue = await ignore_issue(res, scene.actor, issue_id=scene.issue.id)
    assert (issue.status, issue.snoozed_until) == (IssueStatus.IGNORED, None)
    await clock.advance(2 * HOUR)
    assert await wake_snoozed(res) == 0


async def test_it_wakes_when_its_time_has_come_and_not_before(res: Resources, clock: ManualClock):
    scene = await make_scene(res)
    slept = await snooze_issue(res, scene.actor, issue_id=scene.issue.id, span=HOUR)
    await clock.advance(HOUR - timedelta(seconds=1))
    assert await wake_snoozed(res) == 0
    await clock.advance(timedelta(seconds=1))
    assert await wake_snoozed(res) == 1
    issue = await only_row(res, Issue)
    assert (issue.status, issue.snoozed_until, issue.version) == (IssueStatus.UNRESOLVED, None, slept.version + 1)
    step = (await all_rows(res, Activity))[-1]
    assert (step.kind, step.actor_kind, step.at) == (ActivityKind.WOKEN, ActorKind.SYSTEM, clock.now())
    assert step.details == {"until": clock.now().isoformat()}
    assert [row.subject_id for row in await all_rows(res, FeedRow)][-1] == step.id
    assert await wake_snoozed(res) == 0


async def test_a_snooze_until_a_count_is_not_ended_by_time(res: Resources, clock: ManualClock):
    scene = await make_scene(res)
    await snooze_issue(res, scene.actor, issue_id=scene.issue.id, event_count=5)
    await clock.advance(timedelta(days=400))
    assert await wake_snoozed(res) == 0


async def test_each_wakes_once_also_when_two_workers_do_it(res: Resources):
    project = await make_project(res)
    for _ in range(12):
        await make_issue(res, project, events=0, status=IssueStatus.SNOOZED, snoozed_until=res.clock.now())
    assert sum(await asyncio.gather(wake_snoozed(res), wake_snoozed(res))) == 12
    assert len(await all_rows(res, Activity)) == 12


async def test_one_that_somebody_holds_is_left_for_the_next_time(res: Resources):
    scene = await make_scene(res, status=IssueStatus.SNOOZED, snoozed_until=res.clock.now())
    async with res.db.raw.acquire() as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM issue FOR NO KEY UPDATE")
        assert await wake_snoozed(res) == 0
    assert await wake_snoozed(res) == 1
    assert (await only_row(res, Issue)).id == scene.issue.id


@pytest.mark.parametrize(
    ("severity", "calls"), [(Severity.CRITICAL, True), (Severity.HIGH, True), (Severity.MEDIUM, False)]
)
async def test_one_that_matters_calls_for_somebody_when_its_time_has_come(
    mailing: Resources, mailbox: Mailbox, clock: ManualClock, severity, calls
):
    scene = await make_scene(mailing, events=2, severity=severity, assignee_id=None)
    await take_issue(scene)
    await snooze_issue(mailing, scene.actor, issue_id=scene.issue.id, span=HOUR)
    await clock.advance(HOUR)
    await wake_snoozed(mailing)
    assert await take_triage(mailing) == calls
    await send_due(mailing)
    alerts = await all_rows(mailing, Alert)
    assert [(alert.trigger, alert.status) for alert in alerts] == [("UNRESOLVED_FOR", "TRIGGERED")] * calls
    assert mailbox.recipients == [scene.ann.email] * calls


async def take_issue(scene: Scene) -> None:
    await assign_issue(scene.res, scene.actor, issue_id=scene.issue.id, developer_id=scene.ann.id)
