"""Targets: what holds where, when an issue is due, and that somebody is warned once before it is too late."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.clock import ManualClock
from core.ids import uuid7
from domain.access import ActorKind, Role, system
from domain.errors import NotFound, PermissionDenied
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.notification import NotificationKind
from domain.span import TimeRange
from domain.stats import Figure, Question, StatsFilter
from domain.target import Due, Target
from models import Activity, AuditEntry, Issue, Notification, Project
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.resolve import reopen_issue, resolve_issue
from resolvers.issue.snooze import snooze_issue, wake_snoozed
from resolvers.resources import Resources
from resolvers.stats import answer_questions, find_coverage
from resolvers.target.holding import Dues, dues_by_issue_id, list_targets
from resolvers.target.settings import set_response_targets
from resolvers.target.warn import warn_of_targets
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HIGH = Target(Severity.HIGH, HOUR, 10 * HOUR)


async def seen(res: Resources, project: Project, at: datetime | None = None, **values: Any) -> Issue:
    """An issue that is first seen now, and says so on its timeline."""
    at = at or res.clock.now()
    issue = await make_issue(res, project, first_seen_at=at, **values)
    async with res.db.transaction() as tx:
        tx.session.add(
            Activity(
                id=uuid7(at), project_id=project.id, issue_id=issue.id, kind=ActivityKind.FIRST_SEEN,
                actor_kind=ActorKind.SYSTEM, at=at,
            )
        )  # fmt: skip
    return issue


async def warned(res: Resources) -> list[Notification]:
    """The mails that warn, oldest first."""
    rows = await all_rows(res, Notification, Notification.kind == NotificationKind.TARGET)
    return [row for row in rows if row.channel == "EMAIL"]


async def due_of(res: Resources, issue: Issue) -> Dues:
    (found,) = await dues_by_issue_id(res, system(), [issue.id])
    return found


async def test_a_projects_own_targets_hold_before_those_for_all(res: Resources):
    project, other = await make_project(res), await make_project(res)
    low, own = Target(Severity.LOW, None, DAY), Target(Severity.HIGH, 2 * HOUR, warn_at=0.5)
    await set_response_targets(res, system(), targets=[low, HIGH])
    await set_response_targets(res, system(), targets=[own], project_id=project.id)
    assert await list_targets(res, system(), project=project.slug) == [own, low]
    assert await list_targets(res, system(), project=other.slug) == await list_targets(res, system()) == [HIGH, low]
    issue = await seen(res, project)
    assert await due_of(res, issue) == Dues(Due(START + 2 * HOUR, False))
    assert await due_of(res, await seen(res, other)) == Dues(Due(START + HOUR, False), Due(START + 10 * HOUR, False))
    await set_response_targets(res, system(), targets=[], project_id=project.id)
    assert await list_targets(res, system(), project=project.slug) == [HIGH, low]
    entries = await all_rows(res, AuditEntry, AuditEntry.action == "setResponseTargets")
    assert [entry.project_id for entry in entries] == [None, project.id, project.id]


async def test_only_who_may_administer_sets_targets(res: Resources):
    project, other = await make_project(res), await make_project(res)
    admin = replace(acting(await make_developer(res, role=Role.ADMIN)), project_ids=frozenset({project.id}))
    await set_response_targets(res, admin, targets=[HIGH], project_id=project.id)
    for actor, project_id, refusal in (
        (acting(await make_developer(res), project), project.id, PermissionDenied),
        (admin, None, PermissionDenied),
        (admin, other.id, NotFound),
    ):
        with pytest.raises(refusal):
            await set_response_targets(res, actor, targets=[HIGH], project_id=project_id)


async def test_who_has_it_is_warned_once_for_each_target(mailing: Resources, clock: ManualClock):
    res, project = mailing, await make_project(mailing)
    ada = await make_developer(res, on_call=True, role=Role.ADMIN)
    await set_response_targets(res, system(), targets=[HIGH])
    issue = await seen(res, project, assignee_id=ada.id)
    await seen(res, project, assignee_id=ada.id, severity=Severity.LOW)
    await clock.advance(47 * MINUTE)
    assert await warn_of_targets(res) == 0
    await clock.advance(MINUTE)
    assert sum(await asyncio.gather(*(warn_of_targets(res) for _ in range(4)))) == 1
    assert await warn_of_targets(res) == 0
    (mail,) = await warned(res)
    assert (mail.recipient_id, mail.issue_id) == (ada.id, issue.id)
    assert "within 1 h: by 2026-03-02 04:00 UTC this one, and 12 min are left. The issue is yours." in mail.reason
    await clock.advance(8 * HOUR)
    assert await warn_of_targets(res) == 1
    assert "to be resolved within 10 h" in (await warned(res))[1].reason


async def test_what_was_done_in_time_warns_nobody_and_what_comes_back_warns_again(
    mailing: Resources, clock: ManualClock
):
    res, project = mailing, await make_project(mailing)
    ada = await make_developer(res, on_call=True, role=Role.OWNER)
    await set_response_targets(res, system(), targets=[HIGH])
    issue = await seen(res, project, assignee_id=ada.id)
    await acknowledge_issue(res, acting(ada), issue_id=issue.id)
    await clock.advance(5 * HOUR)
    assert await warn_of_targets(res) == 0
    assert await due_of(res, issue) == Dues(Due(START + HOUR, False), Due(START + 10 * HOUR, False))
    await snooze_issue(res, acting(ada), issue_id=issue.id, span=HOUR)
    assert (await due_of(res, issue)).acknowledge is None
    await clock.advance(HOUR)
    await wake_snoozed(res)
    assert await due_of(res, issue) == Dues(Due(START + 7 * HOUR, False), Due(START + 10 * HOUR, False))
    await clock.advance(50 * MINUTE)
    assert await warn_of_targets(res) == 1
    await resolve_issue(res, acting(ada), issue_id=issue.id)
    await clock.advance(DAY)
    assert await warn_of_targets(res) == 0
    await reopen_issue(res, acting(ada), issue_id=issue.id)
    await clock.advance(2 * HOUR)
    assert (await due_of(res, issue)).acknowledge == Due(clock.now() - HOUR, True)
    assert await warn_of_targets(res) == 1
    assert len(await warned(res)) == 2


async def test_where_nobody_has_it_who_is_on_call_is_warned_and_else_who_answers_for_the_project(
    mailing: Resources, clock: ManualClock
):
    res = mailing
    owner = await make_developer(res, role=Role.OWNER)
    project = await make_project(res)
    bob = await make_developer(res, on_call=True, services=("checkout",))
    away = await make_developer(res)
    await make_team(res, members=(bob, away), projects=(project,))
    await set_response_targets(res, system(), targets=[HIGH])
    await seen(res, project)
    await seen(res, project, service="other", assignee_id=away.id)
    await seen(res, await make_project(res))
    await clock.advance(HOUR)
    assert await warn_of_targets(res) == 3
    told = [row.recipient_id for row in await warned(res)]
    assert sorted(told) == sorted([bob.id, away.id, bob.id, owner.id])


async def test_what_was_missed_long_ago_warns_nobody_when_a_target_is_set(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await make_developer(res, role=Role.OWNER)
    for hours in (24, 26):
        await seen(res, project, START - hours * HOUR)
    await set_response_targets(res, system(), targets=[Target(Severity.HIGH, HOUR)])
    assert await warn_of_targets(res) == 1


async def test_the_share_that_was_in_time_is_of_what_is_over_or_done(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await set_response_targets(res, system(), targets=[Target(Severity.HIGH, HOUR, 3 * HOUR)])
    in_time, late, *_ = [await seen(res, project) for _ in range(4)]
    await seen(res, project, severity=Severity.LOW)
    ignored = await seen(res, project, START - 2 * HOUR, status=IssueStatus.UNRESOLVED)
    await clock.advance(HOUR / 2)
    await acknowledge_issue(res, system(), issue_id=in_time.id)
    await resolve_issue(res, system(), issue_id=ignored.id)
    await clock.advance(HOUR)
    await acknowledge_issue(res, system(), issue_id=late.id)
    await resolve_issue(res, system(), issue_id=late.id)
    await seen(res, project)
    covered = find_coverage(res, system(), filter=StatsFilter(), asked=TimeRange())
    questions = [Question(Figure.ACKNOWLEDGED_IN_TIME), Question(Figure.RESOLVED_IN_TIME)]
    found = await answer_questions(res, system(), filter=StatsFilter(), covered=covered, questions=questions)
    # Acknowledged: one in time, one late, two never, one resolved too late. Resolved: two in time, others not over.
    assert found == [1 / 5, 1.0]
