from uuid import uuid4

import pytest

from domain.access import Role
from domain.errors import Conflict, InvalidInput, NobodyOnCall, NotFound
from domain.issue import ActivityKind
from domain.notification import NotificationKind, NotificationStatus
from models import Activity, AuditEntry, Developer, Issue, Notification
from resolvers.issue.assign import assign_issue, unassign_issue
from resolvers.resources import Resources
from tests.support.factories.developer import make_developer, make_team
from tests.support.mailbox import BY_MAIL
from tests.support.rows import all_rows, only_row
from tests.support.triage import make_scene


async def test_the_one_named_has_it_and_is_told(mailing: Resources):
    scene = await make_scene(mailing)
    bob = await scene.join(name="Bob")
    issue = await assign_issue(
        mailing, scene.actor, issue_id=scene.issue.id, developer_id=bob.id, note="You know this."
    )
    assert (issue.assignee_id, issue.assignment_reason) == (bob.id, "named by Ann")
    assert (issue.assigned_at, issue.team_id is not None) == (mailing.clock.now(), True)
    assigned, notified = await all_rows(mailing, Activity)
    assert (assigned.kind, assigned.note) == (ActivityKind.ASSIGNED, "You know this.")
    assert assigned.details == {"developerId": str(bob.id), "developer": "Bob", "reason": "named by Ann"}
    assert notified.kind is ActivityKind.NOTIFIED
    mail = await only_row(mailing, Notification, BY_MAIL)
    assert (mail.kind, mail.recipient_id, mail.status) == (
        NotificationKind.ASSIGNMENT,
        bob.id,
        NotificationStatus.PENDING,
    )
    assert mail.reason == "Ann gave the issue to you: You know this."
    entry = await only_row(mailing, AuditEntry)
    assert entry.before["assigneeId"] is None
    assert entry.after["assigneeId"] == str(bob.id)
    (given,) = await all_rows(mailing, Developer, Developer.id == bob.id)
    assert given.last_assigned_at == mailing.clock.now()


async def test_who_takes_it_is_not_told(res: Resources):
    scene = await make_scene(res)
    await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=scene.ann.id)
    assert await all_rows(res, Notification, BY_MAIL) == []


async def test_each_hand_over_is_told(res: Resources):
    scene = await make_scene(res)
    bob = await scene.join()
    for developer in (bob, scene.ann, bob):
        await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=developer.id)
    assert [row.recipient_id for row in await all_rows(res, Notification, BY_MAIL)] == [bob.id, bob.id]


async def test_routing_chooses_where_nobody_is_named(res: Resources):
    scene = await make_scene(res)
    cyd = await scene.join(services=("checkout",), on_call=True)
    issue = await assign_issue(res, scene.actor, issue_id=scene.issue.id)
    assert issue.assignee_id == cyd.id
    assert issue.assignment_reason == "knows checkout, on call, 0 of 10 open issues"
    content = (await only_row(res, Notification, BY_MAIL)).content
    assert content["reason"] == "Routing gave the issue to you (knows checkout, on call, 0 of 10 open issues)."


async def test_without_anybody_on_call_it_says_why(res: Resources):
    scene = await make_scene(res)
    await scene.join(services=("checkout",))
    with pytest.raises(NobodyOnCall, match=r"^Nobody who knows checkout is on call\. Name a developer\.$"):
        await assign_issue(res, scene.actor, issue_id=scene.issue.id)
    assert (await only_row(res, Issue)).assignee_id is None


async def test_routing_gives_away_nothing_that_somebody_has(res: Resources):
    scene = await make_scene(res)
    await scene.join(services=("checkout",), on_call=True)
    await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=scene.ann.id)
    with pytest.raises(Conflict, match="Ann has it already"):
        await assign_issue(res, scene.actor, issue_id=scene.issue.id)


async def test_routing_chooses_within_the_team_that_is_named(res: Resources):
    scene = await make_scene(res)
    await scene.join(services=("checkout",), on_call=True)
    dan = await make_developer(res, services=("checkout",), on_call=True)
    team = await make_team(res, members=(dan,), projects=(scene.project,))
    issue = await assign_issue(res, scene.actor, issue_id=scene.issue.id, team_id=team.id)
    assert (issue.assignee_id, issue.team_id) == (dan.id, team.id)


async def test_a_team_can_be_named_besides_and_changed_alone(res: Resources):
    scene = await make_scene(res)
    one, other = [await make_team(res, projects=(scene.project,)) for _ in range(2)]
    for team in (one, other):
        issue = await assign_issue(
            res, scene.actor, issue_id=scene.issue.id, developer_id=scene.ann.id, team_id=team.id
        )
        assert issue.team_id == team.id


async def test_a_team_without_the_project_is_not_there(res: Resources):
    scene = await make_scene(res)
    team = await make_team(res, members=(scene.ann,))
    for team_id in (team.id, uuid4()):
        with pytest.raises(NotFound, match="No such Team"):
            await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=scene.ann.id, team_id=team_id)


async def test_nobody_out_of_sight_can_be_named(res: Resources):
    scene = await make_scene(res)
    stranger = await make_developer(res)
    for developer_id in (stranger.id, uuid4()):
        with pytest.raises(NotFound, match="No such Developer"):
            await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=developer_id)


async def test_nobody_who_may_only_look_can_be_named(res: Resources):
    scene = await make_scene(res)
    viewer = await scene.join(role=Role.VIEWER, name="Vic")
    with pytest.raises(InvalidInput, match="Vic may not triage this project") as refused:
        await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=viewer.id)
    assert refused.value.path == ("developerId",)


async def test_unassigning_keeps_the_team_and_says_who_had_it(res: Resources):
    scene = await make_scene(res)
    assigned = await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=scene.ann.id)
    issue = await unassign_issue(res, scene.actor, issue_id=scene.issue.id, note="Not mine.")
    assert (issue.assignee_id, issue.assignment_reason, issue.assigned_at) == (None, None, None)
    assert issue.team_id == assigned.team_id
    step = (await all_rows(res, Activity))[-1]
    assert (step.kind, step.note, step.details) == (ActivityKind.UNASSIGNED, "Not mine.", {"developer": "Ann"})
