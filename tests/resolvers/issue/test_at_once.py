"""Two people act on one issue at the same moment: one wins, the other is told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from domain.access import Actor, Role
from domain.alert import AlertStatus
from domain.errors import Conflict
from domain.event import Severity
from domain.issue import IssueStatus
from models import Activity, Alert, AuditEntry, Issue
from resolvers.alert import acknowledge_alert, escalate_alert, resolve_alert
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.assign import assign_issue, unassign_issue
from resolvers.issue.comment import comment_on_issue
from resolvers.issue.escalate import escalate_issue
from resolvers.issue.ignore import ignore_issue
from resolvers.issue.resolve import reopen_issue, resolve_issue
from resolvers.issue.severity import set_issue_severity
from resolvers.issue.snooze import snooze_issue
from resolvers.resources import Resources
from resolvers.turn import turn_of
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.rows import all_rows, only_row
from tests.support.triage import Scene, at_once, make_scene, until_waiting

Act = Callable[[Scene, Actor], Awaitable[object]]


def acknowledging(scene: Scene, actor: Actor) -> Awaitable[object]:
    return acknowledge_issue(scene.res, actor, issue_id=scene.issue.id)


def assigning(scene: Scene, actor: Actor) -> Awaitable[object]:
    return assign_issue(scene.res, actor, issue_id=scene.issue.id)


def taking(scene: Scene, actor: Actor) -> Awaitable[object]:
    return assign_issue(scene.res, actor, issue_id=scene.issue.id, developer_id=scene.ann.id)


def unassigning(scene: Scene, actor: Actor) -> Awaitable[object]:
    return unassign_issue(scene.res, actor, issue_id=scene.issue.id)


def resolving(scene: Scene, actor: Actor) -> Awaitable[object]:
    return resolve_issue(scene.res, actor, issue_id=scene.issue.id)


def reopening(scene: Scene, actor: Actor) -> Awaitable[object]:
    return reopen_issue(scene.res, actor, issue_id=scene.issue.id)


def snoozing(scene: Scene, actor: Actor) -> Awaitable[object]:
    return snooze_issue(scene.res, actor, issue_id=scene.issue.id, span=timedelta(hours=1))


def ignoring(scene: Scene, actor: Actor) -> Awaitable[object]:
    return ignore_issue(scene.res, actor, issue_id=scene.issue.id)


def escalating(scene: Scene, actor: Actor) -> Awaitable[object]:
    return escalate_issue(scene.res, actor, issue_id=scene.issue.id, reason="Help.")


def rating(scene: Scene, actor: Actor) -> Awaitable[object]:
    return set_issue_severity(scene.res, actor, issue_id=scene.issue.id, severity=Severity.LOW)


def commenting(scene: Scene, actor: Actor) -> Awaitable[object]:
    return comment_on_issue(scene.res, actor, issue_id=scene.issue.id, body="Hm.")


async def make_two(res: Resources, **facts: object) -> tuple[Scene, Actor]:
    """A scene, and a second person; above both, somebody who answers for the project."""
    scene = await make_scene(res, **facts)
    bob = await scene.join(name="Bob", services=("checkout",), on_call=True)
    await make_developer(res, role=Role.OWNER)
    return scene, acting(bob, scene.project)


@pytest.mark.parametrize("act", [acknowledging, assigning, taking, escalating, resolving, snoozing, ignoring, rating])
async def test_of_two_who_do_the_same_one_is_told(res: Resources, act: Act):
    scene, bob = await make_two(res)
    outcomes = await at_once(res, scene.issue, lambda: act(scene, scene.actor), lambda: act(scene, bob))
    assert sorted(isinstance(outcome, Issue) for outcome in outcomes) == [False, True]
    assert sorted(isinstance(outcome, Conflict) for outcome in outcomes) == [False, True]
    assert len(await all_rows(res, AuditEntry)) == 1


@pytest.mark.parametrize(
    ("act", "facts"),
    [(reopening, {"status": IssueStatus.IGNORED}), (unassigning, {"assignee_id": "ann"})],
)
async def test_of_two_who_undo_the_same_one_is_told(res: Resources, act: Act, facts):
    scene, bob = await make_two(res, **{name: value for name, value in facts.items() if value != "ann"})
    if "assignee_id" in facts:
        await taking(scene, scene.actor)
    outcomes = await at_once(res, scene.issue, lambda: act(scene, scene.actor), lambda: act(scene, bob))
    assert sorted(type(outcome) is Conflict for outcome in outcomes) == [False, True]


@pytest.mark.parametrize("other", [acknowledging, escalating, snoozing, ignoring])
async def test_resolving_wins_or_is_done_after_the_other(res: Resources, other: Act):
    scene, bob = await make_two(res)
    await make_alert(res, scene.issue)
    outcomes = await at_once(res, scene.issue, lambda: resolving(scene, scene.actor), lambda: other(scene, bob))
    assert isinstance(outcomes[0], Issue)
    assert isinstance(outcomes[1], Issue | Conflict)
    assert (await only_row(res, Issue)).status is IssueStatus.RESOLVED
    assert (await only_row(res, Alert)).status is AlertStatus.RESOLVED


async def test_those_who_acknowledge_and_escalate_at_once_are_both_heard_in_some_order(res: Resources):
    scene, bob = await make_two(res)
    await make_alert(res, scene.issue)
    await at_once(res, scene.issue, lambda: acknowledging(scene, scene.actor), lambda: escalating(scene, bob))
    issue, alert = await only_row(res, Issue), await only_row(res, Alert)
    assert alert.level == 1
    assert (issue.acknowledged_at is None) == (alert.status is AlertStatus.TRIGGERED)


@pytest.mark.parametrize("has_alert", [False, True])
async def test_those_who_escalate_at_once_call_for_one_person(res: Resources, has_alert):
    scene, bob = await make_two(res)
    if has_alert:
        await escalating(scene, scene.actor)
    acts = [lambda actor=actor: escalating(scene, actor) for actor in (scene.actor, bob, scene.actor)]
    outcomes = await at_once(res, scene.issue, *acts)
    alert = await only_row(res, Alert)
    assert sorted(type(outcome) is Conflict for outcome in outcomes) == [False, True, True]
    assert alert.level == has_alert + 1
    assert await escalate_alert(res, bob, alert_id=alert.id)  # afterwards it is free to go on


async def test_the_alert_and_the_issue_are_taken_in_one_order(res: Resources):
    scene, bob = await make_two(res)
    alert = await make_alert(res, scene.issue)
    outcomes = await at_once(
        res,
        scene.issue,
        lambda: acknowledge_alert(res, scene.actor, alert_id=alert.id),
        lambda: acknowledging(scene, bob),
        lambda: escalate_alert(res, bob, alert_id=alert.id),
        lambda: resolve_alert(res, scene.actor, alert_id=alert.id),
        lambda: resolving(scene, bob),
        lambda: commenting(scene, scene.actor),
    )
    assert all(isinstance(outcome, Issue | Alert | Activity | Conflict) for outcome in outcomes), outcomes
    assert {row.status for row in await all_rows(res, Alert)} == {AlertStatus.RESOLVED}
    assert (await only_row(res, Issue)).status is IssueStatus.RESOLVED


async def test_comments_at_once_are_all_kept_and_counted(res: Resources):
    scene, bob = await make_two(res)
    await at_once(res, scene.issue, *(lambda: commenting(scene, bob) for _ in range(4)))
    assert len(await all_rows(res, Activity)) == 4
    assert (await only_row(res, Issue)).version == scene.issue.version + 4


async def test_who_awaited_an_issue_that_is_merged_now_acts_on_where_it_went_but_waits_for_no_second_one(
    res: Resources,
):
    scene = await make_scene(res)
    target = await make_issue(res, scene.project)

    async def acknowledge_while_it_is_merged() -> asyncio.Task[Issue]:
        async with res.db.raw.acquire() as merging, merging.transaction():
            await merging.execute("SELECT pg_advisory_xact_lock($1)", turn_of(scene.issue.id))
            waiting = asyncio.create_task(acknowledge_issue(res, scene.actor, issue_id=scene.issue.id))
            await until_waiting(merging, 1)
            await merging.execute("UPDATE issue SET merged_into_id = $2 WHERE id = $1", scene.issue.id, target.id)
        return waiting

    async with res.db.raw.acquire() as somebody, somebody.transaction():
        await somebody.execute("SELECT pg_advisory_xact_lock($1)", turn_of(target.id))
        with pytest.raises(Conflict, match="just being merged"):
            await (await acknowledge_while_it_is_merged())
    await res.db.raw.execute("UPDATE issue SET merged_into_id = NULL")
    assert (await (await acknowledge_while_it_is_merged())).id == target.id
