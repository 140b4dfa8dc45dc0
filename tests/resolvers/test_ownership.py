"""An issue goes to who owns the code, the tag or the service, as the rules of its project say."""

from uuid import uuid4

import pytest
from sqlmodel import select

from domain.access import system
from domain.errors import InvalidInput
from domain.event import Severity
from domain.ownership import OwnershipRule
from domain.policy import Target, TargetKind
from models import AuditEntry, Developer, Event, Issue, IssueCounter, Project, Team
from resolvers.issue.assign import assign_issue
from resolvers.project.settings import update_project
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.graphql import counted_statements
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows, only_row

BILLING = {"exceptions": [{"frames": [{"filename": "billing/total.py", "in_app": True}]}], "tags": [["tier", "gold"]]}


async def own(res: Resources, project: Project, *rules: OwnershipRule) -> None:
    await update_project(res, system(), project_id=project.id, ownership_rules=rules)


def of_team(team: Team, **facts: object) -> OwnershipRule:
    return OwnershipRule((Target(TargetKind.TEAM, team.id),), **facts)


async def make_case(res: Resources, project: Project, payload: dict | None = None, **facts: object) -> Issue:
    """A new issue whose event has that payload, left to be judged."""
    issue = await make_issue(res, project, **facts)
    async with res.db.transaction() as tx:
        counter = await tx.session.get_one(IssueCounter, issue.id)
        event = (await tx.session.exec(select(Event).where(Event.id == counter.last_event_id))).one()
        event.payload = {**event.payload, **(payload or BILLING)}
        tx.session.add(event)
    await make_triage(res, issue, event_id=counter.last_event_id)
    return issue


async def make_payments(res: Resources, project: Project, **facts: object) -> tuple[Developer, Team]:
    """Somebody on call who knows none of the services, and their team, which has the project."""
    developer = await make_developer(res, **{"on_call": True, **facts})
    return developer, await make_team(res, name="Payments", members=(developer,), projects=(project,))


async def given(res: Resources, issue: Issue) -> tuple[object, ...]:
    found = next(one for one in await all_rows(res, Issue) if one.id == issue.id)
    return found.assignee_id, found.team_id, found.assignment_reason


async def test_an_issue_goes_to_who_of_the_owning_team_is_on_call(res: Resources):
    project, _ = await make_on_call(res)
    cleo, payments = await make_payments(res, project)
    await own(res, project, of_team(payments, path="billing/*"))
    its, other = await make_case(res, project), await make_case(res, project, {"exceptions": []})
    assert await take_triage(res) == 2
    assert await given(res, its) == (
        cleo.id, payments.id, "path billing/* belongs to Payments: on call, 0 of 10 open issues",
    )  # fmt: skip
    assert (await given(res, other))[2] == "knows checkout, on call, 0 of 10 open issues"


async def test_who_is_owner_by_name_is_chosen_least_loaded_first(res: Resources):
    project, busy = await make_on_call(res, name="Ada")
    free = await join_on_call(res, project, name="Bob", services=())
    await make_issue(res, project, assignee_id=busy.id)
    owners = tuple(Target(TargetKind.DEVELOPER, one.id) for one in (busy, free))
    await own(res, project, OwnershipRule(owners, tag=("tier", "g*"), service="checkout"))
    issue = await make_case(res, project)
    await take_triage(res)
    assert (await given(res, issue))[::2] == (
        free.id, "tag tier g*, service checkout belongs to Ada and Bob: on call, 0 of 10 open issues",
    )  # fmt: skip


async def test_where_no_owner_can_take_it_who_knows_the_service_does(res: Resources):
    project, ada = await make_on_call(res)
    _, payments = await make_payments(res, project, on_call=False)
    await make_developer(res, on_call=True)  # on call, but not of the team
    await own(res, project, of_team(payments, path="billing/*"))
    issue = await make_case(res, project)
    await take_triage(res)
    assert (await given(res, issue))[0] == ada.id


async def test_an_owner_who_is_full_or_may_not_triage_gets_nothing(res: Resources):
    project, ada = await make_on_call(res)
    _, payments = await make_payments(res, project, max_load=0)
    stranger = await make_developer(res, on_call=True)
    await own(
        res, project, of_team(payments, path="billing/*"),
        OwnershipRule((Target(TargetKind.DEVELOPER, stranger.id),), service="*"),
    )  # fmt: skip
    issues = await make_case(res, project), await make_case(res, project, {"exceptions": []})
    await take_triage(res)
    assert [(await given(res, issue))[0] for issue in issues] == [ada.id, ada.id]


async def test_why_nobody_of_the_owners_could_be_told_is_said(res: Resources):
    project = await make_project(res, owner_id=(await make_developer(res, name="Olive", role="OWNER")).id)
    _, payments = await make_payments(res, project, on_call=False)
    await own(res, project, of_team(payments, path="billing/*"))
    issue = await make_case(res, project)
    await take_triage(res)
    assert (
        "path billing/* belongs to Payments, where nobody is on call, and nobody in the project knows"
        in ((await given(res, issue))[2])
    )


async def test_what_is_assigned_by_hand_to_whom_routing_chooses_follows_the_rules_too(res: Resources):
    project, _ = await make_on_call(res)
    cleo, payments = await make_payments(res, project)
    await own(res, project, of_team(payments, path="billing/*"))
    issue = await make_case(res, project, severity=Severity.LOW)
    assert (await assign_issue(res, system(), issue_id=issue.id)).assignee_id == cleo.id


async def test_rules_cost_no_statement_for_each_issue(res: Resources):
    project, _ = await make_on_call(res, max_load=1000)
    _, payments = await make_payments(res, project, max_load=1000)
    await own(res, project, of_team(payments, path="billing/*"))
    taken = []
    for count in (2, 20):
        for _ in range(count):
            await make_case(res, project)
        with counted_statements(res) as seen:
            assert await take_triage(res) == count
        taken.append(len(seen))
    assert taken[1] <= taken[0]


async def test_rules_are_in_the_audit_and_owners_must_be_there(res: Resources):
    project = await make_project(res)
    _, payments = await make_payments(res, project)
    await own(res, project, of_team(payments, path="billing/*"))
    stored = (await only_row(res, Project)).ownership_rules
    assert stored[0]["owners"] == [{"kind": "TEAM", "id": str(payments.id)}]
    assert (await all_rows(res, AuditEntry))[-1].after["ownershipRules"] == stored
    gone = OwnershipRule((Target(TargetKind.DEVELOPER, uuid4()),), path="*")
    with pytest.raises(InvalidInput) as refusal:
        await own(res, project, of_team(payments, path="billing/*"), gone)
    assert refusal.value.path == ("ownershipRules", "1")
