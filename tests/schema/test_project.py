import pytest

from domain.access import ANONYMOUS, Role
from domain.event import Severity
from models import HourlyCount
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_key
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes, counted_statements

FIELDS = """
  id slug name plan retention redactKeys owner { name } services environments
  ingestKeys { name publicKey dsn isActive createdAt lastUsedAt }
"""
LIST = f"{{ projects {{ {FIELDS} }} }}"
ONE = f"query ($slug: String!) {{ project(slug: $slug) {{ {FIELDS} }} }}"
CREATE = f"""
mutation ($input: CreateProjectInput!) {{
  createProject(input: $input) {{ ... on Project {{ {FIELDS} }} ... on Failure {{ code path }} }}
}}
"""
UPDATE = f"""
mutation ($input: UpdateProjectInput!) {{
  updateProject(input: $input) {{ ... on Project {{ {FIELDS} }} ... on Failure {{ code path }} }}
}}
"""


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, name="Root", role=Role.ADMIN))


def id_of(row) -> str:
    return global_id(type(row).__name__, row.id)


async def test_a_project_is_shown_whole(res: Resources, admin):
    project = await make_project(
        res, slug="shop", name="Shop", redact_keys=["iban"], retention_days=7, owner_id=admin.id
    )
    key = await make_key(res, project, public_key="ab" * 16, revoked_at=START)
    async with res.db.transaction() as tx:
        tx.session.add(
            HourlyCount(
                project_id=project.id, hour=START, service="web", environment="qa", severity=Severity.LOW, event_count=1
            )
        )
    shown = {
        "id": id_of(project), "slug": "shop", "name": "Shop", "plan": "ENTERPRISE", "retention": "P7D", "redactKeys": ["iban"],
        "owner": {"name": "Root"}, "services": ["web"], "environments": ["qa"],
        "ingestKeys": [
            {
                "name": "web", "publicKey": key.public_key, "isActive": False, "createdAt": "2026-03-02T03:00:00Z",
                "lastUsedAt": None, "dsn": f"http://{key.public_key}@127.0.0.1:8470/{project.number}",
            }
        ],
    }  # fmt: skip
    reader = acting(await make_developer(res, role=Role.VIEWER), project)
    assert await ask(res, reader, LIST) == {"projects": [shown]}
    assert await ask(res, reader, ONE, slug="shop") == {"project": shown}
    assert await ask(res, reader, ONE, slug="other") == {"project": None}
    assert await ask_for_codes(res, ANONYMOUS, LIST) == ["UNAUTHENTICATED"]


async def test_more_projects_cost_no_more_statements(res: Resources, admin):
    async def cost() -> int:
        with counted_statements(res) as statements:
            await ask(res, admin, LIST)
        return len(statements)

    await make_key(res, await make_project(res, owner_id=admin.id))
    one = await cost()
    for _ in range(5):
        await make_key(res, await make_project(res, owner_id=admin.id))
    assert await cost() == one == 6


async def test_a_project_is_made_and_changed(res: Resources, admin):
    new = {"slug": "shop", "name": "Shop", "retention": "P30D", "ownerId": global_id("Developer", admin.id)}
    made = (await ask(res, admin, CREATE, input=new))["createProject"]
    assert (made["slug"], made["retention"], made["plan"], made["owner"]) == (
        "shop",
        "P30D",
        "ENTERPRISE",
        {"name": "Root"},
    )
    changed = await ask(
        res, admin, UPDATE, input={"projectId": made["id"], "plan": "PRO", "redactKeys": ["iban"], "ownerId": None}
    )
    assert changed["updateProject"] == {**made, "plan": "PRO", "redactKeys": ["iban"], "owner": None}


async def test_the_bound_on_the_count_of_events_is_set_and_taken_away(res: Resources, admin):
    project = await make_project(res)
    query = UPDATE.replace("retention", "maxEvents")
    for given, count in (({"maxEvents": 5000}, 5000), ({"name": "X"}, 5000), ({"maxEvents": None}, None)):
        changed = await ask(res, admin, query, input={"projectId": id_of(project), **given})
        assert changed["updateProject"]["maxEvents"] == count


async def test_failures_are_answers_and_what_is_forbidden_an_error(res: Resources, admin):
    project = await make_project(res, slug="shop")
    taken = await ask(res, admin, CREATE, input={"slug": "shop", "name": "Shop"})
    assert taken["createProject"] == {"code": "CONFLICT", "path": None}
    wrong = await ask(res, admin, UPDATE, input={"projectId": id_of(project), "retention": "PT1H"})
    assert wrong["updateProject"] == {"code": "INVALID_INPUT", "path": ["input", "retention"]}
    few = await ask(res, admin, UPDATE, input={"projectId": id_of(project), "maxEvents": 999})
    assert few["updateProject"] == {"code": "INVALID_INPUT", "path": ["input", "maxEvents"]}
    gone = await ask(res, admin, UPDATE, input={"projectId": global_id("Project", admin.id), "name": "X"})
    assert gone["updateProject"] == {"code": "NOT_FOUND", "path": None}
    ann = acting(await make_developer(res), project)
    assert await ask_for_codes(res, ann, UPDATE, input={"projectId": id_of(project), "name": "X"}) == ["FORBIDDEN"]
