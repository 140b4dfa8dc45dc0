from datetime import timedelta
from uuid import uuid4

import pytest

from domain.access import Role
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.policy import Step, Target, TargetKind
from models import AuditEntry, EscalationPolicy
from resolvers.policy.listing import list_policies, policies_by_id
from resolvers.policy.settings import create_policy, delete_policy, update_policy
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row


async def make_admin(res: Resources):
    return acting(await make_developer(res, role=Role.ADMIN))


async def test_a_policy_is_made_changed_and_taken_away_and_each_is_audited(res: Resources):
    admin, ann, team = await make_admin(res), await make_developer(res), await make_team(res)
    made = await create_policy(res, admin, name="Shop", steps=[a_step(5, ann), a_step(9, team)], services=["b", "a"])
    assert (made.services, made.repeat, made.team_id) == (["a", "b"], 0, None)
    await update_policy(res, admin, policy_id=made.id, repeat=3, team_id=team.id)
    stored = await only_row(res, EscalationPolicy)
    assert (stored.name, stored.repeat, stored.team_id, stored.steps) == ("Shop", 3, team.id, made.steps)
    await delete_policy(res, admin, policy_id=made.id)
    assert await all_rows(res, EscalationPolicy) == []
    created, updated, deleted = await all_rows(res, AuditEntry)
    assert (created.action, created.after["services"]) == ("createEscalationPolicy", ["a", "b"])
    assert (updated.action, updated.before) == ("updateEscalationPolicy", {"repeat": 0, "teamId": None})
    assert (deleted.action, deleted.before["repeat"]) == ("deleteEscalationPolicy", 3)


@pytest.mark.parametrize("kind", [TargetKind.DEVELOPER, TargetKind.TEAM])
async def test_who_is_told_and_whose_it_is_must_be_there(res: Resources, kind: TargetKind):
    admin, step = await make_admin(res), Step(timedelta(0), (Target(kind, uuid4()),))
    with pytest.raises(InvalidInput, match=f"no such {kind.lower()}") as refused:
        await create_policy(res, admin, name="Shop", steps=[step])
    assert refused.value.path == ("steps",)
    ann = await make_developer(res)
    with pytest.raises(InvalidInput) as refused:
        await create_policy(res, admin, name="Shop", steps=[a_step(1, ann)], team_id=uuid4())
    assert refused.value.path == ("teamId",)
    policy = await make_policy(res, a_step(1, ann))
    with pytest.raises(InvalidInput):
        await update_policy(res, admin, policy_id=policy.id, steps=[step])


async def test_a_name_is_one_policys(res: Resources):
    admin, ann = await make_admin(res), await make_developer(res)
    await make_policy(res, a_step(1, ann), name="Shop")
    other = await make_policy(res, a_step(1, ann))
    with pytest.raises(Conflict, match="this name"):
        await create_policy(res, admin, name="Shop", steps=[a_step(1, ann)])
    with pytest.raises(Conflict, match="this name"):
        await update_policy(res, admin, policy_id=other.id, name="Shop")


async def test_only_administrators_may_and_only_what_is_there(res: Resources):
    ann = await make_developer(res)
    policy, actor, admin = await make_policy(res, a_step(1, ann)), acting(ann), await make_admin(res)
    with pytest.raises(PermissionDenied):
        await create_policy(res, actor, name="Shop", steps=[a_step(1, ann)])
    for change in (update_policy, delete_policy):
        with pytest.raises(PermissionDenied):
            await change(res, actor, policy_id=policy.id)
        with pytest.raises(NotFound):
            await change(res, admin, policy_id=uuid4())


async def test_one_sees_the_policies_of_all_and_of_the_teams_in_sight(res: Resources):
    project, ann = await make_project(res), await make_developer(res)
    ours = await make_team(res, members=(ann,), projects=(project,))
    theirs = await make_team(res, projects=(await make_project(res),))
    everybodys = await make_policy(res, a_step(1, ann), name="A")
    team_policy = await make_policy(res, a_step(1, ann), name="B", team_id=ours.id)
    hidden = await make_policy(res, a_step(1, ann), name="C", team_id=theirs.id)
    actor = acting(ann, project)
    assert [policy.name for policy in await list_policies(res, actor)] == ["A", "B"]
    found = await policies_by_id(res, actor, [hidden.id, team_policy.id, everybodys.id])
    assert [policy and policy.name for policy in found] == [None, "B", "A"]
