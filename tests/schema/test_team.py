import pytest

from domain.access import ANONYMOUS, Role
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes, counted_statements

LIST = "{ teams { id slug name lead { name } members { name } projects { slug } } }"
CREATE = """
mutation ($input: CreateTeamInput!) {
  createTeam(input: $input) {
    ... on Team { id slug name lead { name } members { name } projects { slug } } ... on Failure { code path }
  }
}
"""
UPDATE = """
mutation ($input: UpdateTeamInput!) {
  updateTeam(input: $input) {
    ... on Team { slug lead { name } members { name } projects { slug } } ... on Failure { code path }
  }
}
"""


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, name="Root", role=Role.ADMIN))


def id_of(row) -> str:
    return global_id(type(row).__name__, row.id)


async def test_teams_are_shown_as_far_as_the_caller_may_see(res: Resources):
    ours, theirs = await make_project(res, slug="ours"), await make_project(res, slug="theirs")
    ann, eve = await make_developer(res, name="Ann"), await make_developer(res, name="Eve")
    pay = await make_team(res, slug="pay", name="Payments", members=(ann,), projects=(ours, theirs), lead_id=eve.id)
    await make_team(res, members=(eve,), projects=(theirs,))
    shown = {
        "id": id_of(pay), "slug": "pay", "name": "Payments", "lead": None, "members": [{"name": "Ann"}],
        "projects": [{"slug": "ours"}],
    }  # fmt: skip
    assert await ask(res, acting(ann, ours), LIST) == {"teams": [shown]}
    assert await ask_for_codes(res, ANONYMOUS, LIST) == ["UNAUTHENTICATED"]


async def test_more_teams_cost_no_more_statements(res: Resources, admin):
    async def cost() -> int:
        with counted_statements(res) as statements:
            await ask(res, admin, LIST)
        return len(statements)

    async def make_one() -> None:
        ann = await make_developer(res)
        await make_team(res, members=(ann,), projects=(await make_project(res),), lead_id=ann.id)

    await make_one()
    one = await cost()
    for _ in range(5):
        await make_one()
    assert await cost() == one == 4


async def test_a_team_is_made_and_changed(res: Resources, admin):
    ann, project = await make_developer(res, name="Ann"), await make_project(res, slug="shop")
    new = {
        "slug": "pay",
        "name": "Payments",
        "leadId": id_of(ann),
        "memberIds": [id_of(ann)],
        "projectIds": [id_of(project)],
    }
    made = (await ask(res, admin, CREATE, input=new))["createTeam"]
    id = made.pop("id")
    assert made == {
        "slug": "pay", "name": "Payments", "lead": {"name": "Ann"}, "members": [{"name": "Ann"}], "projects": [{"slug": "shop"}],
    }  # fmt: skip
    changed = await ask(res, admin, UPDATE, input={"teamId": id, "slug": "money", "projectIds": []})
    assert changed["updateTeam"] == {
        "slug": "money", "lead": {"name": "Ann"}, "members": [{"name": "Ann"}], "projects": [],
    }  # fmt: skip
    changed = await ask(res, admin, UPDATE, input={"teamId": id, "leadId": None, "memberIds": []})
    assert changed["updateTeam"] == {"slug": "money", "lead": None, "members": [], "projects": []}


async def test_failures_are_answers_and_what_is_forbidden_an_error(res: Resources, admin):
    ann = await make_developer(res)
    team = await make_team(res, slug="pay")
    taken = await ask(res, admin, CREATE, input={"slug": "pay", "name": "Payments"})
    assert taken["createTeam"] == {"code": "CONFLICT", "path": None}
    wrong = await ask(res, admin, UPDATE, input={"teamId": id_of(team), "memberIds": [global_id("Developer", team.id)]})
    assert wrong["updateTeam"] == {"code": "INVALID_INPUT", "path": ["input", "memberIds"]}
    gone = await ask(res, admin, UPDATE, input={"teamId": global_id("Team", ann.id)})
    assert gone["updateTeam"] == {"code": "NOT_FOUND", "path": None}
    assert await ask_for_codes(res, acting(ann), UPDATE, input={"teamId": id_of(team)}) == ["FORBIDDEN"]
