from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.errors import InvalidInput, NotFound
from domain.page import PageRequest
from models import Project
from resolvers.issue.resolve import resolve_issue
from resolvers.release_comparison import Change, compare_two_releases, count_changed, list_changed
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.graphql import ask
from tests.support.writing import log, running_writer

HOUR = timedelta(hours=1)


async def changed(res: Resources, project: Project, base: str, head: str) -> dict[Change, list[str]]:
    compared = await compare_two_releases(res, system(), project=project.slug, base=base, head=head)
    found = {}
    for change in Change:
        page = await list_changed(res, system(), compared, change, PageRequest())
        assert await count_changed(res, system(), compared, change) == len(page.items)
        found[change] = sorted(issue.error_type for issue, _ in page.items)
    return found


async def test_each_issue_is_new_or_fixed_or_came_back_by_where_it_was_seen(res: Resources, clock: ManualClock):
    project = await make_project(res)

    async def seen(release: str, *types: str) -> list:
        await clock.advance(HOUR)
        return [await log(res, project, errorType=kind, message=kind, release=release) for kind in types]

    async with running_writer(res):
        await seen("0.9", "Old")
        _, fixed, back, _ = await seen("1.0", "Stays", "Fixed", "Back", "Gone")
        for stored in (fixed, back):
            await resolve_issue(res, system(), issue_id=stored.issue_id)
        await seen("1.1", "Between")
        await seen("2.0", "New", "Stays", "Back", "Between", "Old")
    assert await changed(res, project, "1.0", "2.0") == {
        Change.NEW: ["Between", "New"],
        Change.FIXED: ["Fixed"],
        Change.REGRESSED: ["Back"],
    }
    assert (await changed(res, project, "1.1", "2.0"))[Change.NEW] == ["New"]


async def test_what_cannot_be_compared_is_refused(res: Resources):
    project, other = await make_project(res), await make_project(res)
    async with running_writer(res):
        for release in ("1", "2"):
            await log(res, project, release=release)
    for actor, names, refusal in (
        (system(), (project.slug, "1", ""), InvalidInput),
        (system(), (project.slug, "1", "3"), NotFound),
        (system(), (other.slug, "1", "2"), NotFound),
        (acting(await make_developer(res), other), (project.slug, "1", "2"), NotFound),
    ):
        slug, base, head = names
        with pytest.raises(refusal):
            await compare_two_releases(res, actor, project=slug, base=base, head=head)


async def test_the_lists_are_pages_with_their_count(res: Resources):
    project = await make_project(res)
    async with running_writer(res):
        await log(res, project, release="1")
        for kind in ("A", "B", "C"):
            await log(res, project, errorType=kind, message=kind, release="2")
    document = """query ($after: String) { releaseComparison(project: "%s", base: "1", head: "2") { base head
      newIn(first: 2, after: $after) { nodes { errorType } totalCount pageInfo { hasNextPage endCursor } } } }"""
    first = (await ask(res, system(), document % project.slug))["releaseComparison"]
    assert (first["base"], first["head"], first["newIn"]["totalCount"]) == ("1", "2", 3)
    second = await ask(res, system(), document % project.slug, after=first["newIn"]["pageInfo"]["endCursor"])
    types = [node["errorType"] for part in (first, second["releaseComparison"]) for node in part["newIn"]["nodes"]]
    assert sorted(types) == ["A", "B", "C"]
