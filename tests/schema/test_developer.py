from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import ANONYMOUS, Role
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_api_token
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes, counted_statements

LIST = """
query ($service: String, $onCall: Boolean, $first: Int = 50, $after: String) {
  developers(service: $service, onCall: $onCall, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      id name email role timezone services isOnCall onCallUntil currentLoad maxLoad
      manager { name } teams { slug } apiTokens { name }
    }
  }
}
"""
CREATE = """
mutation ($input: CreateDeveloperInput!) {
  createDeveloper(input: $input) {
    ... on Developer { id name email role timezone services maxLoad manager { name } }
    ... on Failure { code path message }
  }
}
"""
UPDATE = """
mutation ($input: UpdateDeveloperInput!) {
  updateDeveloper(input: $input) {
    ... on Developer { name role services manager { name } }
    ... on Failure { code path message }
  }
}
"""
SET_ON_CALL = """
mutation ($input: SetOnCallInput!) {
  setOnCall(input: $input) { ... on Developer { isOnCall onCallUntil } ... on Failure { code path } }
}
"""


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, name="Root", role=Role.ADMIN))


def id_of(row) -> str:
    return global_id(type(row).__name__, row.id)


async def test_a_developer_is_shown_whole(res: Resources, clock: ManualClock):
    project, boss = await make_project(res), await make_developer(res, name="Boss", role=Role.OWNER)
    ann = await make_developer(res, name="Ann", services=("web", "api"), on_call=True, manager_id=boss.id)
    await make_team(res, slug="pay", members=(ann,), projects=(project,))
    await make_issue(res, project, assignee_id=ann.id)
    await make_api_token(res, ann)
    data = await ask(res, acting(ann, project), LIST, service="api", onCall=True)
    assert data["developers"] == {
        "totalCount": 1,
        "pageInfo": {"hasNextPage": False, "endCursor": data["developers"]["pageInfo"]["endCursor"]},
        "nodes": [
            {
                "id": id_of(ann), "name": "Ann", "email": ann.email, "role": "DEVELOPER", "timezone": "UTC",
                "services": ["api", "web"], "isOnCall": True, "onCallUntil": None, "currentLoad": 1, "maxLoad": 10,
                "manager": {"name": "Boss"}, "teams": [{"slug": "pay"}], "apiTokens": [{"name": "ci"}],
            }
        ],
    }  # fmt: skip


async def test_pages_of_people_go_on_where_the_last_one_ended(res: Resources, admin):
    for name in ("Ann", "Bob"):
        await make_developer(res, name=name)
    first = (await ask(res, admin, LIST, first=2))["developers"]
    assert [node["name"] for node in first["nodes"]] == ["Ann", "Bob"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = (await ask(res, admin, LIST, first=2, after=first["pageInfo"]["endCursor"]))["developers"]
    assert [node["name"] for node in rest["nodes"]] == ["Root"]


async def test_a_longer_list_of_people_costs_no_more_statements(res: Resources, admin):
    async def cost() -> int:
        with counted_statements(res) as statements:
            await ask(res, admin, LIST)
        return len(statements)

    project = await make_project(res)
    ann = await make_developer(res, services=("api",), on_call=True, manager_id=admin.id)
    await make_team(res, members=(ann,), projects=(project,))
    one = await cost()
    people = [await make_developer(res, services=("api",), on_call=True, manager_id=ann.id) for _ in range(10)]
    await make_team(res, members=tuple(people), projects=(project,))
    assert await cost() == one
    assert one == 9  # the page, its count, one for each edge, and for duty two: by hand, and by schedules


async def test_one_developer_is_asked_for_by_id(res: Resources):
    ann, eve = await make_developer(res, name="Ann"), await make_developer(res)
    document = "query ($id: ID!) { developer(id: $id) { name } }"
    assert await ask(res, acting(ann), document, id=id_of(ann)) == {"developer": {"name": "Ann"}}
    assert await ask(res, acting(ann), document, id=id_of(eve)) == {"developer": None}
    assert await ask_for_codes(res, acting(ann), document, id="nonsense") == ["INVALID_INPUT"]
    assert await ask_for_codes(res, ANONYMOUS, document, id=id_of(eve)) == ["UNAUTHENTICATED"]


async def test_a_developer_is_made_and_changed(res: Resources, admin):
    boss = await make_developer(res, name="Boss")
    new = {"name": "Ann", "email": "ann@example.com", "services": ["web"], "managerId": id_of(boss), "maxLoad": 2}
    made = (await ask(res, admin, CREATE, input=new))["createDeveloper"]
    id = made.pop("id")
    assert made == {
        "name": "Ann", "email": "ann@example.com", "role": "DEVELOPER", "timezone": "UTC", "services": ["web"],
        "maxLoad": 2, "manager": {"name": "Boss"},
    }  # fmt: skip
    changed = await ask(res, admin, UPDATE, input={"developerId": id, "role": "VIEWER"})
    assert changed["updateDeveloper"] == {
        "name": "Ann", "role": "VIEWER", "services": ["web"], "manager": {"name": "Boss"},
    }  # fmt: skip
    changed = await ask(res, admin, UPDATE, input={"developerId": id, "managerId": None, "services": []})
    assert changed["updateDeveloper"] == {"name": "Ann", "role": "VIEWER", "services": [], "manager": None}


async def test_failures_that_a_caller_can_mend_are_answers(res: Resources, admin):
    ann = await make_developer(res, email="ann@example.com")
    taken = await ask(res, admin, CREATE, input={"name": "A", "email": "Ann@example.com"})
    assert taken["createDeveloper"]["code"] == "CONFLICT"
    wrong = await ask(res, admin, CREATE, input={"name": "A", "email": "a@b.c", "timezone": "Mars"})
    assert (wrong["createDeveloper"]["code"], wrong["createDeveloper"]["path"]) == (
        "INVALID_INPUT",
        ["input", "timezone"],
    )
    circle = await ask(res, admin, UPDATE, input={"developerId": id_of(ann), "managerId": id_of(ann)})
    assert circle["updateDeveloper"]["path"] == ["input", "managerId"]
    gone = await ask(res, admin, UPDATE, input={"developerId": id_of(await make_project(res))})
    assert gone["updateDeveloper"]["code"] == "NOT_FOUND"
    nonsense = await ask(res, admin, UPDATE, input={"developerId": "nonsense"})
    assert nonsense["updateDeveloper"]["path"] == ["input", "developerId"]


async def test_what_a_caller_may_not_do_is_an_error(res: Resources, admin):
    ann = await make_developer(res)
    assert await ask_for_codes(res, acting(ann), CREATE, input={"name": "A", "email": "a@b.c"}) == ["FORBIDDEN"]
    assert await ask_for_codes(res, ANONYMOUS, CREATE, input={"name": "A", "email": "a@b.c"}) == ["UNAUTHENTICATED"]
    owner = {"name": "A", "email": "a@b.c", "role": "OWNER"}
    assert await ask_for_codes(res, admin, CREATE, input=owner) == ["FORBIDDEN"]


async def test_people_go_on_call_and_off(res: Resources, clock: ManualClock):
    ann = await make_developer(res)
    until = (START + timedelta(hours=8)).isoformat()
    on = await ask(res, acting(ann), SET_ON_CALL, input={"developerId": id_of(ann), "onCall": True, "until": until})
    assert on["setOnCall"] == {"isOnCall": True, "onCallUntil": "2026-03-02T11:00:00Z"}
    off = await ask(res, acting(ann), SET_ON_CALL, input={"developerId": id_of(ann), "onCall": False})
    assert off["setOnCall"] == {"isOnCall": False, "onCallUntil": None}
    late = {"developerId": id_of(ann), "onCall": True, "until": START.isoformat()}
    assert (await ask(res, acting(ann), SET_ON_CALL, input=late))["setOnCall"]["path"] == ["input", "until"]
