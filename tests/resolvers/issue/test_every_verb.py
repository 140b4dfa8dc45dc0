"""What all verbs of triage have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from domain.access import ANONYMOUS, Actor, ActorKind, Role, Scope
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied, Unauthenticated
from domain.event import Severity
from domain.feed import FeedKind
from domain.issue import ActivityKind, IssueStatus
from models import Activity, AuditEntry, FeedRow, Issue
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.assign import assign_issue, unassign_issue
from resolvers.issue.comment import comment_on_issue
from resolvers.issue.escalate import escalate_issue
from resolvers.issue.ignore import ignore_issue
from resolvers.issue.resolve import reopen_issue, resolve_issue
from resolvers.issue.severity import set_issue_severity
from resolvers.issue.snooze import snooze_issue
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.triage import Scene, make_scene

Verb = Callable[..., Awaitable[object]]
# Each verb: what it is called in the contract, the step that it leaves, what it is given besides the issue.
VERBS: dict[Verb, tuple[str, ActivityKind, dict[str, object]]] = {
    assign_issue: ("assignIssue", ActivityKind.ASSIGNED, {}),
    unassign_issue: ("unassignIssue", ActivityKind.UNASSIGNED, {}),
    acknowledge_issue: ("acknowledgeIssue", ActivityKind.ACKNOWLEDGED, {}),
    escalate_issue: ("escalateIssue", ActivityKind.ESCALATED, {"reason": "Too hard."}),
    resolve_issue: ("resolveIssue", ActivityKind.RESOLVED, {}),
    reopen_issue: ("reopenIssue", ActivityKind.REOPENED, {}),
    snooze_issue: ("snoozeIssue", ActivityKind.SNOOZED, {"event_count": 100}),
    ignore_issue: ("ignoreIssue", ActivityKind.IGNORED, {}),
    set_issue_severity: ("setIssueSeverity", ActivityKind.SEVERITY_CHANGED, {"severity": Severity.LOW}),
    comment_on_issue: ("commentOnIssue", ActivityKind.COMMENTED, {"body": "I see."}),
}
every_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)


async def make_ready(res: Resources, verb: Verb) -> tuple[Scene, dict[str, object]]:
    """A scene in which the verb succeeds, and what to give it."""
    scene = await make_scene(res, status=IssueStatus.IGNORED if verb is reopen_issue else IssueStatus.UNRESOLVED)
    given = VERBS[verb][2]
    if verb is assign_issue:
        given = {"developer_id": scene.ann.id}
    if verb is unassign_issue:
        await assign_issue(res, scene.actor, issue_id=scene.issue.id, developer_id=scene.ann.id)
    if verb is escalate_issue:
        given = {**given, "to_developer_id": scene.ann.id}
    return scene, {"issue_id": scene.issue.id, **given}


@every_verb
async def test_it_leaves_a_step_an_audit_entry_and_feed_rows_in_order(res: Resources, verb: Verb):
    action, kind, _ = VERBS[verb]
    scene, given = await make_ready(res, verb)
    await verb(res, scene.actor, **given)
    (step,) = await all_rows(res, Activity, Activity.kind == kind)
    assert (step.actor_kind, step.actor_id, step.at) == (ActorKind.DEVELOPER, scene.ann.id, res.clock.now())
    entry = (await all_rows(res, AuditEntry))[-1]
    assert (entry.action, entry.target_kind, entry.target_id) == (action, "Issue", scene.issue.id)
    assert (entry.actor_kind, entry.actor_id, entry.project_id) == (step.actor_kind, step.actor_id, scene.project.id)
    steps, feed = await all_rows(res, Activity), await all_rows(res, FeedRow, FeedRow.kind == FeedKind.ISSUE_CHANGED)
    assert [row.subject_id for row in feed] == [one.id for one in steps]
    assert (await only_row(res, Issue)).version == scene.issue.version + len(steps)


@every_verb
async def test_nobody_may_who_only_looks_or_is_unknown_or_sees_it_not(res: Resources, verb: Verb):
    scene, given = await make_ready(res, verb)
    viewer = acting(await make_developer(res, role=Role.VIEWER), scene.project)
    stranger = acting(await make_developer(res), await make_project(res))
    for actor, refusal in ((viewer, PermissionDenied), (ANONYMOUS, Unauthenticated), (stranger, NotFound)):
        with pytest.raises(refusal):
            await verb(res, actor, **given)
    with pytest.raises(NotFound):
        await verb(res, scene.actor, **{**given, "issue_id": uuid4()})


@every_verb
async def test_what_fails_leaves_nothing(res: Resources, verb: Verb):
    scene, given = await make_ready(res, verb)
    before = [await all_rows(res, table) for table in (Activity, AuditEntry, Issue)]
    wrong = {"body": "\0"} if verb is comment_on_issue else {"reason": ""} if verb is escalate_issue else {"note": "\0"}
    with pytest.raises(InvalidInput):
        await verb(res, scene.actor, **{**given, **wrong})
    assert [await all_rows(res, table) for table in (Activity, AuditEntry, Issue)] == before


@every_verb
async def test_doing_it_again_is_refused_where_it_would_change_nothing(res: Resources, verb: Verb):
    scene, given = await make_ready(res, verb)
    await verb(res, scene.actor, **given)
    if verb in (comment_on_issue, escalate_issue):
        await verb(res, scene.actor, **given)
        return
    with pytest.raises(Conflict):
        await verb(res, scene.actor, **given)


async def test_a_token_acts_for_its_owner(res: Resources):
    scene = await make_scene(res)
    token = Actor(
        ActorKind.TOKEN,
        id=uuid4(),
        developer_id=scene.ann.id,
        role=Role.DEVELOPER,
        scopes=frozenset({Scope.TRIAGE}),
        project_ids=frozenset({scene.project.id}),
        name="ci",
    )
    assert (await acknowledge_issue(res, token, issue_id=scene.issue.id)).acknowledged_by_id == scene.ann.id
    assert (await resolve_issue(res, token, issue_id=scene.issue.id)).resolved_by_id == scene.ann.id
    assert {step.actor_id for step in await all_rows(res, Activity)} == {token.id}
    with pytest.raises(PermissionDenied):
        await reopen_issue(res, replace(token, scopes=frozenset({Scope.READ})), issue_id=scene.issue.id)
