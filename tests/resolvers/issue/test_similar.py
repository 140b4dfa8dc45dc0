"""Candidates for a merge, and why events landed where they did."""

import pytest

from domain.errors import InvalidInput
from models import Event
from resolvers.event.loaders import EventRef
from resolvers.issue.grouping import explanations_by_event_ref, explanations_by_issue_id
from resolvers.issue.merge import merge_issues
from resolvers.issue.similar import SimilarTo, similar_issues
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements
from tests.support.rows import all_rows
from tests.support.writing import log


def stack(*functions: str) -> list[dict]:
    return [{"type": "ValueError", "frames": [{"function": name, "filename": "shop/pay.py"} for name in functions]}]


async def make_world(res: Resources):
    project, ann = await make_project(res), await make_developer(res)
    await make_team(res, members=(ann,), projects=(project,))
    return project, acting(ann, project)


async def near(res: Resources, actor, issue_id, first: int = 5) -> list:
    (found,) = await similar_issues(res, actor, [SimilarTo(issue_id, first)])
    return [issue.id for issue in found]


async def test_issues_of_nearly_the_same_stack_come_first_and_others_not_at_all(writing: Resources):
    project, actor = await make_world(writing)
    one = await log(writing, project, exceptions=stack("main", "cart", "pay", "charge"))
    same = await log(writing, project, exceptions=stack("main", "basket", "pay", "charge"), errorType="KeyError")
    words = await log(writing, project, message="bad total of 7", exceptions=stack("cart", "pay"))
    await log(writing, project, message="no such user", errorType="LookupError")
    elsewhere = await make_project(writing)
    await log(writing, elsewhere, exceptions=stack("main", "cart", "pay", "send"))
    found = await near(writing, actor, one.issue_id)
    assert set(found) == {same.issue_id, words.issue_id}
    assert await near(writing, actor, one.issue_id, first=1) == found[:1]


async def test_an_issue_that_was_merged_away_is_no_candidate(writing: Resources):
    project, actor = await make_world(writing)
    one, two, three = [
        await log(writing, project, message=f"bad total in {word}") for word in ("cart", "basket", "bag")
    ]
    assert set(await near(writing, actor, one.issue_id)) == {two.issue_id, three.issue_id}
    await merge_issues(writing, actor, into_issue_id=three.issue_id, issue_ids=[two.issue_id])
    assert await near(writing, actor, one.issue_id) == [three.issue_id]


async def test_many_issues_cost_as_many_statements_as_one(writing: Resources):
    project, actor = await make_world(writing)
    ids = [(await log(writing, project, message=f"bad total in {word}")).issue_id for word in ("cart", "basket", "bag")]
    with counted_statements(writing) as one:
        await similar_issues(writing, actor, [SimilarTo(ids[0], 5)])
    with counted_statements(writing) as many:
        await similar_issues(writing, actor, [SimilarTo(id, 5) for id in ids])
    assert len(many) == len(one)


async def test_what_is_out_of_sight_has_none_and_too_many_are_refused(writing: Resources):
    project, actor = await make_world(writing)
    one = await log(writing, project)
    await log(writing, project, message="bad total 2 x")
    stranger = acting(await make_developer(writing))
    assert await near(writing, stranger, one.issue_id) == []
    with pytest.raises(InvalidInput, match="20"):
        await near(writing, actor, one.issue_id, first=21)


async def test_every_event_says_by_which_key_it_came_and_an_issue_without_keys_says_so(writing: Resources):
    project, actor = await make_world(writing)
    one, two = await log(writing, project), await log(writing, project, message="other", fingerprint=["mine"])
    events = await all_rows(writing, Event)
    found = await explanations_by_event_ref(writing, actor, [EventRef(project.id, event.id) for event in events])
    assert [len(each.keys) for each in found] == [1, 1]
    assert {part.reason for part in found[1].components if part.name == "fingerprint"} == {"set by the reporter"}
    await merge_issues(writing, actor, into_issue_id=one.issue_id, issue_ids=[two.issue_id])
    (away, here) = await explanations_by_issue_id(writing, actor, [two.issue_id, one.issue_id])
    assert (away.keys, len(here.keys)) == ([], 2)
    stranger = acting(await make_developer(writing))
    assert await explanations_by_event_ref(writing, stranger, [EventRef(project.id, events[0].id)]) == [None]
