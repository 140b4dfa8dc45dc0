import pytest

from domain.access import Role
from domain.alert import AlertStatus, AlertTrigger
from domain.errors import Conflict, InvalidInput, NobodyOnCall, NotFound
from domain.issue import ActivityKind, IssueStatus
from domain.notification import NotificationKind
from models import Activity, Alert, Escalation, Issue, Notification
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.assign import assign_issue
from resolvers.issue.escalate import escalate_issue
from resolvers.resources import Resources
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.mailbox import BY_MAIL
from tests.support.rows import all_rows, only_row
from tests.support.triage import Scene, make_scene


async def make_line(res: Resources) -> tuple[Scene, list]:
    """Bob has the issue; above him are a manager, the lead of his team, and the owner of the project."""
    lead, owner = await make_developer(res, name="Lea"), await make_developer(res, name="Ora", role=Role.OWNER)
    project = await make_project(res, owner_id=owner.id)
    scene = Scene(res, project, owner, await make_issue(res, project))
    manager = await scene.join(name="Max")
    bob = await make_developer(res, name="Bob", manager_id=manager.id)
    await make_team(res, members=(lead, bob), projects=(project,), lead_id=lead.id)
    await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=bob.id)
    return scene, [bob, manager, lead, owner]


async def test_an_alert_is_opened_and_the_manager_told(res: Resources):
    scene, (bob, manager, *_) = await make_line(res)
    issue = await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="It burns.")
    alert, step = await only_row(res, Alert), await only_row(res, Escalation)
    assert (alert.status, alert.trigger, alert.level) == (AlertStatus.TRIGGERED, AlertTrigger.MANUAL, 1)
    assert (alert.message, alert.issue_id) == ("It burns.", issue.id)
    assert (step.alert_id, step.level, step.reason, step.is_automatic) == (alert.id, 1, "It burns.", False)
    assert (step.from_id, step.to_ids) == (bob.id, [manager.id])
    (activity,) = await all_rows(res, Activity, Activity.kind == ActivityKind.ESCALATED)
    assert activity.details == {
        "alertId": str(alert.id),
        "level": 1,
        "developerId": str(manager.id),
        "developer": "Max",
        "developers": ["Max"],
    }
    mail = (await all_rows(res, Notification, BY_MAIL))[-1]
    assert (mail.kind, mail.recipient_id, mail.alert_id) == (NotificationKind.ESCALATION, manager.id, alert.id)
    assert mail.content["reason"] == "Ora escalated it to you: It burns."
    assert issue.assignee_id == bob.id


async def test_it_climbs_past_all_who_were_told_and_then_rings_the_owner_again(res: Resources):
    scene, (bob, manager, lead, owner) = await make_line(res)
    for _ in range(4):
        await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="Still.")
    steps = await all_rows(res, Escalation)
    # The owner is the one who escalates, so that there is nobody new after the lead.
    assert [step.to_ids for step in steps] == [[manager.id], [lead.id], [owner.id], [owner.id]]
    assert [step.from_id for step in steps] == [bob.id, manager.id, lead.id, owner.id]
    assert [step.level for step in steps] == [1, 2, 3, 4]
    assert (await only_row(res, Alert)).level == 4


async def test_the_open_alert_climbs_and_rings_again_also_when_acknowledged(res: Resources):
    scene, _ = await make_line(res)
    await make_alert(res, scene.issue)
    await acknowledge_issue(res, scene.actor, issue_id=scene.issue.id)
    issue = await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="Too hard.")
    alert = await only_row(res, Alert)
    assert (alert.status, alert.level, alert.trigger) == (AlertStatus.TRIGGERED, 1, AlertTrigger.NEW_ISSUE)
    assert (alert.acknowledged_at, issue.acknowledged_at, issue.acknowledged_by_id) == (None, None, None)


async def test_the_one_named_is_told(res: Resources):
    scene, (*_, lead, _) = await make_line(res)
    await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="Help.", to_developer_id=lead.id)
    assert (await only_row(res, Escalation)).to_ids == [lead.id]


async def test_those_who_may_not_triage_are_passed_over(res: Resources):
    scene = await make_scene(res)
    outside = await make_developer(res)
    looker = await scene.join(role=Role.VIEWER)
    bob = await scene.join(manager_id=outside.id)
    team = await make_team(res, members=(bob, looker), projects=(scene.project,), lead_id=looker.id)
    owner = await make_developer(res, role=Role.OWNER)
    await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=bob.id, team_id=team.id)
    await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="Help.")
    assert (await only_row(res, Escalation)).to_ids == [owner.id]


async def test_an_issue_that_nobody_has_goes_to_who_answers_for_the_project(res: Resources):
    scene = await make_scene(res)
    owner = await make_developer(res, role=Role.OWNER)
    await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="Help.")
    step = await only_row(res, Escalation)
    assert (step.from_id, step.to_ids) == (None, [owner.id])


async def test_with_nobody_above_it_says_so_and_opens_nothing(res: Resources):
    scene = await make_scene(res)
    with pytest.raises(NobodyOnCall, match="no manager, no team lead and no owner"):
        await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="Help.")
    assert await all_rows(res, Alert) == []
    assert await all_rows(res, Activity) == []


async def test_nobody_can_be_named_who_is_out_of_sight_or_may_only_look(res: Resources):
    scene = await make_scene(res)
    stranger, looker = await make_developer(res), await scene.join(role=Role.VIEWER)
    with pytest.raises(NotFound):
        await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="!", to_developer_id=stranger.id)
    with pytest.raises(InvalidInput) as refused:
        await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="!", to_developer_id=looker.id)
    assert refused.value.path == ("toDeveloperId",)


async def test_a_resolved_issue_calls_for_nobody(res: Resources):
    scene = await make_scene(res, status=IssueStatus.RESOLVED, resolved_at=res.clock.now())
    with pytest.raises(Conflict, match="reopen it first"):
        await escalate_issue(res, scene.actor, issue_id=scene.issue.id, reason="Help.")
    assert (await only_row(res, Issue)).version == scene.issue.version
