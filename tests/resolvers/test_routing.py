import asyncio
from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.ids import uuid7
from domain.access import Role, system
from domain.issue import ActivityKind, IssueStatus
from domain.routing import Choice
from models import Activity, Developer, Duty, Issue, Project
from resolvers.resources import Resources
from resolvers.routing import can_be_assigned, choose_assignee, fallback_owner, give_issue
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows, only_row


async def choose(res: Resources, project: Project, service: str = "checkout") -> Choice:
    async with res.db.transaction() as tx:
        return await choose_assignee(res, tx, project_id=project.id, service=service)


async def test_who_knows_the_service_and_is_on_call_is_chosen(res: Resources):
    project, developer = await make_on_call(res)
    choice = await choose(res, project)
    assert choice == Choice(developer.id, "knows checkout, on call, 0 of 10 open issues")


async def test_nobody_is_chosen_for_a_service_that_nobody_knows(res: Resources):
    project, _ = await make_on_call(res)
    assert await choose(res, project, "billing") == Choice(None, "nobody in the project knows billing")


@pytest.mark.parametrize(
    ("role", "in_team", "chosen"),
    [
        (Role.DEVELOPER, True, True),
        (Role.DEVELOPER, False, False),
        (Role.VIEWER, True, False),
        (Role.ADMIN, False, True),
        (Role.OWNER, False, True),
    ],
)
async def test_only_who_may_triage_in_the_project_is_chosen(res: Resources, role, in_team, chosen):
    project = await make_project(res)
    developer = await make_developer(res, services=("checkout",), on_call=True, role=role)
    await make_team(res, members=(developer,), projects=(project,) if in_team else ())
    assert (await choose(res, project)).developer_id == (developer.id if chosen else None)
    async with res.db.transaction() as tx:
        assert await can_be_assigned(tx, developer_id=developer.id, project_id=project.id) is chosen


async def test_duty_counts_from_its_start_until_just_before_its_end(res: Resources, clock: ManualClock):
    project, developer = await make_on_call(res, on_call=False)
    starts_at, ends_at = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    async with res.db.transaction() as tx:
        tx.session.add(Duty(id=uuid7(starts_at), developer_id=developer.id, starts_at=starts_at, ends_at=ends_at))
    chosen = []
    for _ in range(3):
        chosen.append((await choose(res, project)).developer_id)
        await clock.advance(timedelta(hours=1))
    assert chosen == [None, developer.id, None]


async def test_of_several_duties_the_one_that_ends_last_is_told(res: Resources, clock: ManualClock):
    project, developer = await make_on_call(res, on_call=False)
    at = clock.now()
    async with res.db.transaction() as tx:
        for hours in (2, 6, 4):
            ends_at = at + timedelta(hours=hours)
            tx.session.add(Duty(id=uuid7(at), developer_id=developer.id, starts_at=at, ends_at=ends_at))
    assert "until 2026-03-02 09:00 UTC" in (await choose(res, project)).reason


async def test_only_open_issues_are_a_load_and_those_of_other_projects_too(res: Resources):
    project, busy = await make_on_call(res)
    free = await join_on_call(res, project)
    await make_issue(res, await make_project(res), assignee_id=busy.id)
    for status in (IssueStatus.RESOLVED, IssueStatus.SNOOZED, IssueStatus.IGNORED):
        await make_issue(res, project, assignee_id=free.id, status=status)
    assert (await choose(res, project)).developer_id == free.id


async def give_one(res: Resources, project: Project) -> None:
    issue_id = (await make_issue(res, project)).id
    async with res.db.transaction() as tx:
        issue = await tx.session.get_one(Issue, issue_id, with_for_update={"key_share": True})
        choice = await choose_assignee(res, tx, project_id=project.id, service="checkout")
        if choice.developer_id:
            developer = await tx.session.get_one(Developer, choice.developer_id)
            await give_issue(res, tx, system(), issue, developer, reason=choice.reason)


async def test_choices_at_once_in_several_projects_never_exceed_a_maximum(res: Resources):
    project, first = await make_on_call(res, max_load=3)
    second = await join_on_call(res, project, max_load=2)
    other = await make_project(res)
    await make_team(res, members=(first, second), projects=(other,))
    await asyncio.gather(*(give_one(res, where) for where in (project, other) * 5))
    owners = [issue.assignee_id for issue in await all_rows(res, Issue)]
    assert owners.count(first.id) == 3
    assert owners.count(second.id) == 2
    assert owners.count(None) == 5


async def test_giving_an_issue_says_to_whom_and_why(res: Resources, clock: ManualClock):
    project, developer = await make_on_call(res)
    before = await make_issue(res, project)
    async with res.db.transaction() as tx:
        issue = await tx.session.get_one(Issue, before.id)
        await give_issue(res, tx, system(), issue, await tx.session.get_one(Developer, developer.id), reason="why")
    after, activity = await only_row(res, Issue), await only_row(res, Activity)
    assert (after.assignee_id, after.assignment_reason, after.assigned_at) == (developer.id, "why", clock.now())
    assert after.team_id is not None
    assert after.version == before.version + 1
    assert (await only_row(res, Developer)).last_assigned_at == clock.now()
    assert activity.kind is ActivityKind.ASSIGNED
    assert activity.details == {"developerId": str(developer.id), "developer": developer.name, "reason": "why"}


async def test_the_projects_owner_answers_for_it_else_the_first_owner(res: Resources, clock: ManualClock):
    async def found(project: Project) -> Developer | None:
        async with res.db.transaction() as tx:
            return await fallback_owner(tx, project_id=project.id)

    ownerless = await make_project(res)
    assert await found(ownerless) is None
    first = await make_developer(res, role=Role.OWNER)
    await clock.advance(timedelta(seconds=1))
    later = await make_developer(res, role=Role.OWNER)
    assert await found(ownerless) == first
    assert await found(await make_project(res, owner_id=later.id)) == later


async def test_an_owner_who_may_not_triage_the_project_does_not_answer_for_it(res: Resources):
    first = await make_developer(res, role=Role.OWNER)
    for role in (Role.VIEWER, Role.DEVELOPER):
        stranger = await make_developer(res, role=role)
        project = await make_project(res, owner_id=stranger.id)
        async with res.db.transaction() as tx:
            assert await fallback_owner(tx, project_id=project.id) == first
    await make_team(res, members=(stranger,), projects=(project,))
    async with res.db.transaction() as tx:
        assert await fallback_owner(tx, project_id=project.id) == stranger
