"""Which surges figures tell of."""

from typing import Any

import pytest

from domain.access import system
from domain.span import TimeRange
from domain.stats import HOUR, Figure, Question, StatsFilter
from resolvers.issue.merge import merge_issues
from resolvers.resources import Resources
from resolvers.stats import answer_questions, find_coverage
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.factories.surge import make_surge


async def surges(res: Resources, actor: Any = None, asked: TimeRange | None = None, **filter: Any) -> list[Any]:
    """The ids of the surges that the figures of that range tell of."""
    counted, actor = StatsFilter(**filter), actor or system()
    covered = find_coverage(res, actor, filter=counted, asked=asked or TimeRange())
    (found,) = await answer_questions(
        res, actor, filter=counted, covered=covered, questions=[Question(Figure.SURGES, first=3)]
    )
    return [each.id for each in found]


@pytest.fixture
async def project(res: Resources):
    return await make_project(res, slug="shop")


async def test_those_under_way_in_the_range_are_told_newest_first(res: Resources, project):
    now = res.clock.now()
    issue = await make_issue(res, project)
    before = {"began_at": now - 30 * HOUR, "last_seen_at": now - 26 * HOUR}
    await make_surge(res, issue, ended_at=now - 26 * HOUR, **before)
    reaching = await make_surge(res, issue, ended_at=now - 20 * HOUR, **before)
    lasting = await make_surge(res, issue, of_service=True, **before | {"began_at": now - 29 * HOUR})
    latest = await make_surge(res, issue)
    assert await surges(res) == [latest.id, lasting.id, reaching.id]
    assert await surges(res, asked=TimeRange(now - 10 * HOUR, now - 8 * HOUR)) == [lasting.id]


async def test_they_are_confined_to_what_the_filter_names_and_the_actor_sees(res: Resources, project):
    issue, other = await make_issue(res, project, service="billing"), await make_issue(res, await make_project(res))
    ours, whole, theirs = (
        await make_surge(res, issue),
        await make_surge(res, issue, of_service=True),
        await make_surge(res, other),
    )
    assert {*await surges(res)} == {ours.id, whole.id, theirs.id}
    assert {*await surges(res, project=("shop",))} == {ours.id, whole.id}
    assert await surges(res, service=("checkout",)) == [theirs.id]
    assert await surges(res, issue=issue.id) == [ours.id]
    assert {*await surges(res, acting(await make_developer(res), project))} == {ours.id, whole.id}
    assert await surges(res, acting(await make_developer(res))) == []


async def test_an_issue_has_those_of_the_issues_that_were_merged_into_it(res: Resources, project):
    source, target = await make_issue(res, project), await make_issue(res, project)
    surge = await make_surge(res, source)
    await merge_issues(res, system(), into_issue_id=target.id, issue_ids=[source.id])
    assert await surges(res, issue=target.id) == [surge.id]
