from uuid import uuid4

import pytest

from domain.access import Role
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from resolvers.developer.loaders import developers_by_team_id
from resolvers.resources import Resources
from resolvers.team.listing import list_teams, projects_by_team_id, teams_by_developer_id, teams_by_id
from resolvers.team.settings import create_team, update_team
from tests.support.actors import acting
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, role=Role.ADMIN))


async def roster(res: Resources, actor, team) -> tuple[set, set]:
    (members,), (projects,) = (
        await developers_by_team_id(res, actor, [team.id]),
        await projects_by_team_id(res, actor, [team.id]),
    )
    return {member.id for member in members}, {project.id for project in projects}


async def test_a_team_is_made_with_its_members_and_projects(res: Resources, admin):
    ann, project = await make_developer(res), await make_project(res)
    team = await create_team(
        res, admin, slug="pay", name=" Payments ", lead_id=ann.id, member_ids=[ann.id, ann.id], project_ids=[project.id]
    )
    assert (team.slug, team.name, team.lead_id) == ("pay", "Payments", ann.id)
    assert await roster(res, admin, team) == ({ann.id}, {project.id})
    (entry,) = await audit_trail(res, team.id)
    assert (entry.action, entry.after["memberIds"]) == ("createTeam", [str(ann.id)])


async def test_members_and_projects_given_replace_those_there_and_others_stay(res: Resources, admin):
    ann, bob, cat = [await make_developer(res) for _ in range(3)]
    old, new = await make_project(res), await make_project(res)
    team = await make_team(res, name="Pay", members=(ann, bob), projects=(old,), lead_id=ann.id)
    await update_team(res, admin, team_id=team.id, member_ids=[bob.id, cat.id])
    assert await roster(res, admin, team) == ({bob.id, cat.id}, {old.id})
    changed = await update_team(res, admin, team_id=team.id, project_ids=[new.id], lead_id=None, slug="pay")
    assert (changed.slug, changed.name, changed.lead_id) == ("pay", "Pay", None)
    assert await roster(res, admin, team) == ({bob.id, cat.id}, {new.id})
    first, second = await audit_trail(res, team.id)
    assert set(first.after) == {"memberIds"}
    assert set(second.before) == {"slug", "leadId", "projectIds"}


async def test_a_slug_belongs_to_one_team(res: Resources, admin):
    await make_team(res, slug="pay")
    other = await make_team(res)
    with pytest.raises(Conflict):
        await create_team(res, admin, slug="pay", name="Payments")
    with pytest.raises(Conflict):
        await update_team(res, admin, team_id=other.id, slug="pay")


async def test_who_or_what_is_not_there_is_named(res: Resources, admin):
    team = await make_team(res)
    for field, value, path in (
        ("lead_id", uuid4(), "leadId"),
        ("member_ids", [uuid4()], "memberIds"),
        ("project_ids", [uuid4()], "projectIds"),
    ):
        with pytest.raises(InvalidInput) as failure:
            await update_team(res, admin, team_id=team.id, **{field: value})
        assert failure.value.path == (path,)
    with pytest.raises(NotFound):
        await update_team(res, admin, team_id=uuid4(), name="Payments")


async def test_only_an_admin_sets_teams(res: Resources):
    ann, project = await make_developer(res), await make_project(res)
    team = await make_team(res, members=(ann,), projects=(project,))
    with pytest.raises(PermissionDenied):
        await create_team(res, acting(ann, project), slug="pay", name="Payments")
    with pytest.raises(PermissionDenied):
        await update_team(res, acting(ann, project), team_id=team.id, name="Payments")


async def test_teams_are_seen_by_those_who_see_one_of_their_projects(res: Resources, admin):
    ann, ours, theirs = await make_developer(res), await make_project(res), await make_project(res)
    mine = await make_team(res, slug="b", members=(ann,), projects=(ours, theirs))
    near = await make_team(res, slug="a", projects=(ours,))
    far = await make_team(res, slug="c", members=(ann,), projects=(theirs,))
    fresh = await make_team(res, slug="d", members=(ann,))
    actor = acting(ann, ours)
    assert await list_teams(res, actor) == [near, mine, fresh]
    assert await list_teams(res, admin) == [near, mine, far, fresh]
    assert await teams_by_id(res, actor, [far.id, near.id, uuid4()]) == [None, near, None]
    assert await teams_by_developer_id(res, actor, [ann.id, uuid4()]) == [[mine, fresh], []]
    assert await projects_by_team_id(res, actor, [mine.id, far.id]) == [[ours], []]
