"""The first values of each tag are noted with its key, and issues are found by them; events by tags and users."""

import pytest

from domain.access import system
from models import Event, GroupingKey, KeyFacet
from resolvers.event.list import list_events
from resolvers.intake import counts, incoming
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


async def test_events_are_found_by_their_own_tags_and_by_whom_they_happened_to(
    writing: Resources, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(incoming, "MOST_TAGS", 2)
    monkeypatch.setattr(counts, "MOST_VALUES", 1)
    project = await make_project(writing)
    for name, user, tags in (
        ("1", {"id": "u-7", "email": "ada@example.org"}, {"browser": "Firefox 120", "region": "eu", "third": "x"}),
        ("2", {"email": "ada@example.org"}, {"browser": "Chrome", "n.1": "50%"}),
        ("3", None, {}),
    ):
        about = {"project": project.slug, "service": "shop", "errorType": "A", "message": "bad", "eventId": name}
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        await log_error(writing, system("test"), {**about, "user": user, "tags": listed})
    for search, names in {
        "tag.browser:Chrome": "2",  # the second value of its key, which the issue does not know
        "tag.browser:*o*": "21",
        "tag.browser:chrome": "",
        "tag.n.1:50%": "2",
        "has:tag.region": "1",
        "!has:tag.region": "32",
        "!tag.region:eu": "32",
        "has:tag.third": "",
        "user:u-7": "1",
        "user:ada@example.org": "2",
        "user:eve": "",
        "has:user": "21",
        "!user:u-7": "32",
        "user:u-7 OR tag.browser:Chrome": "21",
    }.items():
        page = await list_events(writing, system("test"), search=search)
        assert [event.event_id for event in page.items] == list(names), search
    assert [row.noted_tags for row in await all_rows(writing, Event) if row.event_id == "3"] == [None]


async def test_no_more_values_than_the_bound_are_noted_with_a_key(writing: Resources, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counts, "MOST_VALUES", 3)
    monkeypatch.setattr(incoming, "MOST_TAGS", 2)
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
