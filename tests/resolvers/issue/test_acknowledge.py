from datetime import timedelta

import pytest

from domain.alert import AlertStatus, AlertTrigger
from domain.errors import Conflict
from models import Alert, AuditEntry
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.rows import only_row
from tests.support.triage import make_scene


async def test_the_open_alert_is_acknowledged_with_it(res: Resources):
    scene = await make_scene(res)
    await make_alert(res, scene.issue, next_escalation_at=res.clock.now())
    issue = await acknowledge_issue(res, scene.actor, issue_id=scene.issue.id)
    alert = await only_row(res, Alert)
    assert (issue.acknowledged_at, issue.acknowledged_by_id) == (res.clock.now(), scene.ann.id)
    assert (alert.status, alert.trigger) == (AlertStatus.ACKNOWLEDGED, AlertTrigger.NEW_ISSUE)
    assert (alert.acknowledged_at, alert.acknowledged_by_id) == (res.clock.now(), scene.ann.id)
    assert alert.next_escalation_at == res.clock.now() + timedelta(seconds=res.settings.acknowledgement_s)
    entry = await only_row(res, AuditEntry)
    assert (entry.before["alert"]["status"], entry.after["alert"]["status"]) == ("TRIGGERED", "ACKNOWLEDGED")


async def test_without_an_open_alert_one_is_opened_acknowledged(res: Resources):
    scene = await make_scene(res)
    await make_alert(res, scene.issue, status=AlertStatus.RESOLVED, resolved_at=res.clock.now())
    await acknowledge_issue(res, scene.actor, issue_id=scene.issue.id, note="Looking.")
    alert = await only_row(res, Alert, Alert.status != AlertStatus.RESOLVED)
    assert (alert.status, alert.trigger, alert.level) == (AlertStatus.ACKNOWLEDGED, AlertTrigger.MANUAL, 0)
    assert (alert.message, alert.severity) == ("Looking.", scene.issue.severity)
    assert (await only_row(res, AuditEntry)).before["alert"] is None


async def test_the_second_is_told_who_was_first(res: Resources):
    scene = await make_scene(res)
    bob = await scene.join()
    await acknowledge_issue(res, scene.actor, issue_id=scene.issue.id)
    with pytest.raises(Conflict, match="Ann acknowledged it already"):
        await acknowledge_issue(res, acting(bob, scene.project), issue_id=scene.issue.id)
