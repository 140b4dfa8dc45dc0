"""The first values of each tag are noted with its key, and issues are found by them."""

import pytest

from domain.access import system
from models import GroupingKey, KeyFacet
from resolvers.intake import counts
from resolvers.intake.log import log_error
from resolvers.issue.list import list_issues
from resolvers.resources import Resources
from tests.support.factories.project import make_project
from tests.support.rows import all_rows


async def log(res: Resources, project, error_type: str = "ValueError", **tags: str) -> str:
    stored = await log_error(
        res,
        system("test"),
        {
            "project": project.slug,
            "service": "shop",
            "errorType": error_type,
            "message": "bad",
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        },
    )
    return stored.short_id


async def found(res: Resources, search: str) -> list[str]:
    return [issue.short_id for issue, _ in (await list_issues(res, system(), search=search)).items]


async def test_issues_are_found_by_the_tags_of_their_events(writing: Resources):
    project = await make_project(writing)
    one = await log(writing, project, "A", browser="Firefox 120", region="eu")
    assert await log(writing, project, "A", browser="Chrome") == one
    two = await log(writing, project, "B", Browser="Chrome")
    for search, issues in {
        "tag.browser:Chrome": [one],
        'tag.browser:"Firefox 120" tag.region:eu': [one],
        "tag.browser:Fire*": [one],
        "tag.browser:chrome": [],
        "tag.Browser:Chrome": [two],
        "tag.release:eu": [],
        "has:tag.region": [one],
        "!has:tag.region": [two],
        "!tag.browser:Chrome": [two],
        "tag.browser:none OR has:tag.Browser": [two],
    }.items():
        assert await found(writing, search) == issues, search


async def test_no_more_values_than_the_bound_are_noted_with_a_key(writing: Resources, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counts, "MOST_VALUES", 3)
    monkeypatch.setattr(counts, "MOST_TAGS", 2)
    project = await make_project(writing)
    for number in range(5):
        await log(writing, project, request=f"{number}", region="eu", third="never")
    await writing.writer.let_go()  # what is known is forgotten: the bound holds over restarts
    for number in (1, 7, 8):
        await log(writing, project, request=f"{number}", region=f"eu-{number}")
    values = sorted(
        (facet.kind, facet.value) for facet in await all_rows(writing, KeyFacet) if facet.kind != "environment"
    )
    assert values == [
        *(("tag.region", each) for each in ("eu", "eu-1", "eu-7")),
        *(("tag.request", each) for each in "012"),
    ]


async def test_each_key_has_a_bound_of_its_own(writing: Resources, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counts, "MOST_VALUES", 1)
    project = await make_project(writing)
    for error_type in ("A", "B"):
        for value in ("x", "y"):
            await log(writing, project, error_type, tag=value)
    noted = [facet for facet in await all_rows(writing, KeyFacet) if facet.kind == "tag.tag"]
    assert len({facet.key_id for facet in noted}) == len(noted) == 2
    assert {facet.value for facet in noted} == {"x"}
    assert len(await all_rows(writing, GroupingKey)) >= 2
