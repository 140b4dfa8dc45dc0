"""Where nobody who knows the service is on call: the team, then the policy, then the lead, then who answers for it."""

from datetime import timedelta

import pytest

from core.ids import uuid7
from domain.issue import ActivityKind
from models import Activity, Developer, Issue, Notification, Project, Team, TimeOff
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.factories.triage import make_triage
from tests.support.mailbox import BY_MAIL
from tests.support.rows import all_rows, only_row


async def make_berlin(res: Resources, *members: Developer, lead: Developer | None = None) -> tuple[Project, Team]:
    """A project that Olive answers for, and the one team that has it."""
    olive = await make_developer(res, name="Olive", role="OWNER")
    project = await make_project(res, owner_id=olive.id)
    people = (*members, lead) if lead else members
    return project, await make_team(
        res, name="Berlin", members=people, projects=(project,), lead_id=lead.id if lead else None
    )


async def judge(res: Resources, project: Project) -> tuple[str | None, str | None]:
    """Whose a new issue is after it was judged, and why."""
    await make_triage(res, await make_issue(res, project))
    assert await take_triage(res) == 1
    issue = (await all_rows(res, Issue))[-1]
    names = {one.id: one.name for one in await all_rows(res, Developer)}
    return names.get(issue.assignee_id), issue.assignment_reason


async def test_whoever_of_the_one_team_is_on_call_takes_what_nobody_knows(res: Resources):
    bob = await make_developer(res, name="Bob", on_call=True)
    project, berlin = await make_berlin(res, bob, lead=await make_developer(res, name="Ada"))
    assert await judge(res, project) == (
        "Bob", "nobody in the project knows checkout; Berlin has the project: on call, 0 of 10 open issues",
    )  # fmt: skip
    assert (await only_row(res, Issue)).team_id == berlin.id


async def test_any_schedule_of_the_team_counts_and_none_of_others(res: Resources):
    bob, cleo = await make_developer(res, name="Bob"), await make_developer(res, name="Cleo")
    project, berlin = await make_berlin(res, bob, cleo)
    await make_schedule(res, cleo, services=["mobile"])
    await make_schedule(res, bob, team=berlin, services=["web"])
    assert (await judge(res, project))[0] == "Bob"


async def test_of_several_teams_none_is_the_one(res: Resources):
    bob = await make_developer(res, name="Bob", on_call=True)
    project, _ = await make_berlin(res, bob)
    await make_team(res, projects=(project,))
    assert (await judge(res, project))[0] == "Olive"


async def test_the_policy_is_asked_before_the_lead_who_is_not_on_call(mailing: Resources):
    ada, bob = await make_developer(mailing, name="Ada"), await make_developer(mailing, name="Bob")
    project, _ = await make_berlin(mailing, bob, lead=ada)
    await make_policy(mailing, a_step(5, bob), services=["checkout"])
    assert await judge(mailing, project) == (None, None)
    assert {row.recipient_id for row in await all_rows(mailing, Notification, BY_MAIL)} == {bob.id}


async def test_without_a_policy_the_lead_is_given_it_and_the_timeline_says_so(mailing: Resources):
    ada = await make_developer(mailing, name="Ada")
    project, _ = await make_berlin(mailing, await make_developer(mailing), lead=ada)
    assert await judge(mailing, project) == ("Ada", "leads Berlin, since nobody in the project knows checkout")
    notes = await all_rows(mailing, Activity, Activity.kind == ActivityKind.NOBODY_NOTIFIED)
    assert [note.note for note in notes] == [
        "Nobody on call was told: nobody in the project knows checkout; Ada, who leads Berlin, was told instead."
    ]
    mail = await only_row(mailing, Notification, BY_MAIL)
    assert (mail.recipient_id, mail.content["reason"]) == (
        ada.id, "You lead Berlin, and nobody in the project knows checkout.",
    )  # fmt: skip


@pytest.mark.parametrize("why_not", ["off", "full"])
async def test_a_lead_who_is_off_or_full_is_passed_over(res: Resources, why_not: str):
    ada = await make_developer(res, name="Ada", max_load=0 if why_not == "full" else 10)
    project, _ = await make_berlin(res, lead=ada)
    at = res.clock.now()
    if why_not == "off":
        async with res.db.transaction() as tx:
            tx.session.add(TimeOff(id=uuid7(at), developer_id=ada.id, starts_at=at, ends_at=at + timedelta(days=1)))
    assert (await judge(res, project))[0] == "Olive"


async def test_a_lead_is_given_no_more_than_they_have_room_for(res: Resources):
    project, _ = await make_berlin(res, lead=await make_developer(res, name="Ada", max_load=2))
    for _ in range(5):
        await make_triage(res, await make_issue(res, project))
    assert await take_triage(res) == 5
    names = {one.id: one.name for one in await all_rows(res, Developer)}
    assert sorted(names[issue.assignee_id] for issue in await all_rows(res, Issue)) == ["Ada"] * 2 + ["Olive"] * 3
