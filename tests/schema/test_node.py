from uuid import uuid4

from core.ids import uuid7
from domain.access import ANONYMOUS, Actor, ActorKind, Role, Scope, system
from resolvers.resources import Resources
from schema.node import Node, global_id
from schema.node_query import LOADERS
from schema.root import build_schema
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes, counted_statements

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
NODE = "query ($id: ID!) { node(id: $id) { __typename id ... on Issue { shortId } ... on Project { slug } } }"


def test_every_kind_of_node_of_the_contract_can_be_fetched():
    kinds = {name for name, kind in build_schema().schema_converter.type_map.items() if is_node(kind)}
    assert {kind.__name__ for kind in LOADERS} == kinds


def is_node(kind) -> bool:
    origin = getattr(kind.definition, "origin", None)
    return isinstance(origin, type) and issubclass(origin, Node) and origin is not Node


async def test_anything_is_fetched_again_by_its_id(res: Resources):
    project = await make_project(res)
    issue = await make_issue(res, project)
    event = await make_event(res, issue)
    developer, team = await make_developer(res, role=Role.OWNER), await make_team(res)
    ids = [
        global_id("Issue", issue.id),
        global_id("Event", event.id),
        global_id("Project", project.id),
        global_id("Developer", developer.id),
        global_id("Team", team.id),
    ]
    found = (await ask(res, acting(developer), NODES, ids=[*ids, ids[0]]))["nodes"]
    assert [node["id"] for node in found] == [*ids, ids[0]]
    assert [node["__typename"] for node in found] == ["Issue", "Event", "Project", "Developer", "Team", "Issue"]
    assert (await ask(res, system(), NODE, id=ids[0]))["node"]["shortId"] == issue.short_id
    assert (await ask(res, system(), NODE, id=ids[2]))["node"]["slug"] == project.slug


async def test_many_of_one_kind_cost_one_statement(res: Resources):
    project = await make_project(res)
    ids = [global_id("Issue", (await make_issue(res, project)).id) for _ in range(5)]
    with counted_statements(res) as statements:
        assert len((await ask(res, system(), NODES, ids=ids))["nodes"]) == 5
    assert len(statements) == 1


async def test_what_is_not_there_out_of_sight_or_of_no_kind_is_none_in_its_place(res: Resources):
    mine = await make_project(res)
    hidden = await make_issue(res, await make_project(res))
    actor = acting(await make_developer(res), mine)
    ids = [global_id(kind.__name__, uuid7(START)) for kind in LOADERS]
    ids += [global_id("Issue", hidden.id), global_id("Project", hidden.project_id), global_id("Unicorn", uuid4())]
    found = (await ask(res, actor, NODES, ids=[*ids, global_id("Project", mine.id)]))["nodes"]
    assert found[:-1] == [None] * len(ids)
    assert found[-1]["__typename"] == "Project"


async def test_what_is_no_id_and_more_than_a_hundred_are_refused(res: Resources):
    for id in ("x", "", "🙂", "SXNzdWU6eA=="):
        assert await ask_for_codes(res, system(), NODE, id=id) == ["INVALID_INPUT"], id
    assert await ask_for_codes(res, system(), NODES, ids=[global_id("Issue", uuid4())] * 101) == ["INVALID_INPUT"]


async def test_a_text_that_is_no_id_spoils_none_of_the_others(res: Resources):
    project = global_id("Project", (await make_project(res)).id)
    found = (await ask(res, system(), NODES, ids=["x", project, "", "🙂", "SXNzdWU6eA=="]))["nodes"]
    assert [node and node["id"] for node in found] == [None, project, None, None, None]


async def test_who_may_not_read_is_told_so_of_every_kind(res: Resources):
    key = Actor(ActorKind.INGEST_KEY, scopes=frozenset({Scope.INGEST}), project_ids=None)
    for kind in [*(kind.__name__ for kind in LOADERS), "Unicorn"]:
        id = global_id(kind, uuid4())
        assert await ask_for_codes(res, ANONYMOUS, NODE, id=id) == ["UNAUTHENTICATED"], kind
        assert await ask_for_codes(res, key, NODE, id=id) == ["FORBIDDEN"], kind
