"""Source maps as a project shows them, and their end."""

from domain.access import Role
from resolvers.resources import Resources
from resolvers.sourcemap.upload import upload_source_map
from tests.domain.sourcemap.encoding import a_map
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes

MAPS = """query ($slug: String!) { project(slug: $slug) { sourceMaps {
  id name release dist debugId size storedBytes sourceCount uploadedAt lastUsedAt
} } }"""
DELETE = """mutation ($id: ID!) {
  deleteSourceMap(input: { sourceMapId: $id }) { ... on SourceMap { name } ... on Failure { code } }
}"""
RAW = a_map([[(4, 0, 9, 0)]])


async def test_a_project_shows_its_maps_newest_first_until_they_are_deleted(res: Resources):
    project, other = await make_project(res), await make_project(res)
    admin = acting(await make_developer(res, role=Role.ADMIN))
    for name in ("first", "second"):
        await upload_source_map(res, admin, RAW, project=project.slug, release="shop@1", dist="7", url=f"~/{name}.js")
    await upload_source_map(res, admin, RAW, project=other.slug, release="shop@1", url="~/other.js")
    shown = (await ask(res, admin, MAPS, slug=project.slug))["project"]["sourceMaps"]
    assert [one["name"] for one in shown] == ["~/second.js", "~/first.js"]
    assert (shown[0]["release"], shown[0]["dist"]) == ("shop@1", "7")
    assert (shown[0]["size"], shown[0]["sourceCount"]) == (len(RAW), 1)
    assert await ask(res, admin, DELETE, id=shown[0]["id"]) == {"deleteSourceMap": {"name": "~/second.js"}}
    assert await ask(res, admin, DELETE, id=shown[0]["id"]) == {"deleteSourceMap": {"code": "NOT_FOUND"}}
    (left,) = (await ask(res, admin, MAPS, slug=project.slug))["project"]["sourceMaps"]
    assert left["name"] == "~/first.js"


async def test_who_is_no_administrator_deletes_none(res: Resources):
    project = await make_project(res)
    actor = acting(await make_developer(res), project)
    await upload_source_map(res, actor, RAW, release="shop@1", url="~/app.js")
    (shown,) = (await ask(res, actor, MAPS, slug=project.slug))["project"]["sourceMaps"]
    assert await ask_for_codes(res, actor, DELETE, id=shown["id"]) == ["FORBIDDEN"]
