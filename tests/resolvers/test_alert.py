from datetime import timedelta
from uuid import uuid4

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertStatus
from domain.errors import Conflict, InvalidInput, NobodyOnCall, NotFound, PermissionDenied
from domain.feed import FeedKind
from domain.issue import ActivityKind, IssueStatus
from domain.page import PageRequest
from models import Activity, Alert, AuditEntry, Escalation, FeedRow, Issue
from resolvers.alert import (
    acknowledge_alert,
    alerts_by_id,
    escalate_alert,
    list_alerts,
    open_alerts_by_issue_id,
    resolve_alert,
)
from resolvers.escalation.loaders import escalations_by_alert_id, escalations_by_id, escalations_by_issue_id
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.triage import make_scene

VERBS = {acknowledge_alert: "acknowledgeAlert", escalate_alert: "escalateAlert", resolve_alert: "resolveAlert"}
every_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)


@every_verb
async def test_each_verb_leaves_a_step_an_audit_entry_and_the_feed(res: Resources, verb):
    scene = await make_scene(res)
    await make_developer(res, role=Role.OWNER)
    alert = await make_alert(res, scene.issue)
    answered = await verb(res, scene.actor, alert_id=alert.id, note="Because.")
    entry, steps = await only_row(res, AuditEntry), await all_rows(res, Activity)
    assert answered.id == alert.id
    assert (entry.action, entry.target_kind, entry.target_id) == (VERBS[verb], "Alert", alert.id)
    assert steps[0].note == "Because."
    assert [row.subject_id for row in await all_rows(res, FeedRow, FeedRow.kind == FeedKind.ISSUE_CHANGED)] == [
        step.id for step in steps
    ]
    assert (await only_row(res, Issue)).version == scene.issue.version + len(steps)


@every_verb
async def test_nobody_may_who_only_looks_or_sees_it_not(res: Resources, verb):
    scene = await make_scene(res)
    alert = await make_alert(res, scene.issue)
    with pytest.raises(PermissionDenied):
        await verb(res, acting(await make_developer(res, role=Role.VIEWER), scene.project), alert_id=alert.id)
    with pytest.raises(NotFound, match="No such Alert"):
        await verb(res, acting(await make_developer(res), await make_project(res)), alert_id=alert.id)
    with pytest.raises(NotFound):
        await verb(res, scene.actor, alert_id=uuid4())
    with pytest.raises(InvalidInput):
        await verb(res, scene.actor, alert_id=alert.id, note="\0")


@every_verb
async def test_what_is_over_is_over(res: Resources, verb):
    scene = await make_scene(res)
    alert = await make_alert(res, scene.issue, status=AlertStatus.RESOLVED, resolved_at=res.clock.now())
    with pytest.raises(Conflict, match="This alert is over"):
        await verb(res, scene.actor, alert_id=alert.id)


async def test_taking_the_alert_takes_the_issue(res: Resources):
    scene = await make_scene(res)
    alert = await make_alert(res, scene.issue)
    alert = await acknowledge_alert(res, scene.actor, alert_id=alert.id)
    issue = await only_row(res, Issue)
    assert (alert.status, alert.acknowledged_by_id) == (AlertStatus.ACKNOWLEDGED, scene.ann.id)
    assert (issue.acknowledged_at, issue.acknowledged_by_id) == (res.clock.now(), scene.ann.id)
    with pytest.raises(Conflict, match="Ann acknowledged it already"):
        await acknowledge_alert(res, scene.actor, alert_id=alert.id)


async def test_resolving_the_alert_leaves_the_issue_open(res: Resources):
    scene = await make_scene(res)
    alert = await make_alert(res, scene.issue)
    alert = await resolve_alert(res, scene.actor, alert_id=alert.id)
    assert (alert.status, alert.resolved_at) == (AlertStatus.RESOLVED, res.clock.now())
    assert (await only_row(res, Issue)).status is IssueStatus.UNRESOLVED
    step = await only_row(res, Activity)
    assert (step.kind, step.details) == (ActivityKind.ALERT_RESOLVED, {"alertId": str(alert.id)})


async def test_escalating_the_alert_needs_no_words(res: Resources):
    scene = await make_scene(res)
    bob = await scene.join()
    alert = await make_alert(res, scene.issue)
    with pytest.raises(NobodyOnCall):
        await escalate_alert(res, scene.actor, alert_id=alert.id)
    alert = await escalate_alert(res, scene.actor, alert_id=alert.id, to_developer_id=bob.id)
    step = await only_row(res, Escalation)
    assert (alert.level, step.to_ids, step.reason) == (1, [bob.id], "Ann calls for help.")


async def test_lists_are_newest_first_and_of_what_is_in_sight(res: Resources, clock: ManualClock):
    scene, elsewhere = await make_scene(res), await make_project(res)
    await make_alert(res, await make_issue(res, elsewhere))
    made = []
    for status in (AlertStatus.RESOLVED, AlertStatus.RESOLVED, AlertStatus.TRIGGERED):
        made.insert(0, await make_alert(res, scene.issue, status=status))
        await clock.advance(timedelta(seconds=1))
    other = await make_alert(res, await make_issue(res, scene.project))
    page = await list_alerts(res, scene.actor, page=PageRequest(2))
    assert [alert.id for alert in page.items] == [other.id, made[0].id]
    rest = await list_alerts(res, scene.actor, page=PageRequest(2, after=page.cursors[-1]))
    assert [alert.id for alert in rest.items] == [made[1].id, made[2].id]
    assert (page.has_next, rest.has_next) == (True, False)
    ringing = await list_alerts(res, scene.actor, page=PageRequest(), status=[AlertStatus.TRIGGERED])
    assert [alert.id for alert in ringing.items] == [other.id, made[0].id]
    assert (await list_alerts(res, scene.actor, page=PageRequest(), status=[])).items == []


async def test_loaders_keep_the_order_of_their_keys_and_to_what_is_in_sight(res: Resources):
    scene, elsewhere = await make_scene(res), await make_project(res)
    bob = await scene.join()
    over = await make_alert(res, scene.issue, status=AlertStatus.RESOLVED)
    alert = await make_alert(res, scene.issue)
    hidden = await make_alert(res, await make_issue(res, elsewhere))
    await escalate_alert(res, scene.actor, alert_id=alert.id, to_developer_id=bob.id)
    step = await only_row(res, Escalation)
    found = await alerts_by_id(res, scene.actor, [hidden.id, alert.id, over.id])
    assert [row and row.id for row in found] == [None, alert.id, over.id]
    ringing = await open_alerts_by_issue_id(res, scene.actor, [hidden.issue_id, scene.issue.id])
    assert [row and row.id for row in ringing] == [None, alert.id]
    assert await escalations_by_alert_id(res, scene.actor, [over.id, alert.id, hidden.id]) == [[], [step], []]
    assert await escalations_by_issue_id(res, scene.actor, [hidden.issue_id, scene.issue.id]) == [[], [step]]
    assert await escalations_by_id(res, scene.actor, [uuid4(), step.id]) == [None, step]
    stranger = acting(await make_developer(res), elsewhere)
    assert await escalations_by_id(res, stranger, [step.id]) == [None]
    assert await all_rows(res, Alert) != []
