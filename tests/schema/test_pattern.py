from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.pattern import Trend
from models import Pattern, Project
from resolvers.pattern.analyse import analyse_patterns
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.pattern import make_pattern
from tests.support.factories.project import make_project
from tests.support.graphql import ask, counted_statements

LIST = """query($service: String, $by: PatternOrder, $first: Int, $after: String) {
  patterns(service: $service, orderBy: $by, first: $first, after: $after) {
    nodes { template } totalCount pageInfo { hasNextPage endCursor } } }"""
SHOW = """query($id: ID!) { pattern(id: $id) {
  template trend commonEndpoints { name count } severityDistribution { severity count }
  issues(first: 1) { nodes { title } totalCount } timeline(last: "P2D") { at count } } }"""


@pytest.fixture
async def project(res: Resources) -> Project:
    return await make_project(res)


async def some(res: Resources, project: Project, template: str, **facts: object) -> Pattern:
    service = facts.pop("service", "checkout")
    issues = [await make_issue(res, project, title=f"{template} {number}", service=service) for number in range(2)]
    for issue in issues:
        await count_events(res, issue, res.clock.now(), 3)
    return await make_pattern(res, *issues, template=template, **facts)


async def test_patterns_are_listed_in_the_order_that_is_asked_for(res: Resources, project: Project, clock: ManualClock):
    actor = acting(await make_developer(res), project)
    now = clock.now()
    await some(res, project, "a", event_count=1, trend_rank=Trend.RISING.rank, last_seen_at=now)
    await some(res, project, "b", event_count=3, trend_rank=0, last_seen_at=now - timedelta(days=2))
    await some(res, project, "c", event_count=2, last_seen_at=now - timedelta(days=1), service="billing")
    await some(res, await make_project(res), "theirs")

    async def listed(**variables: object) -> str:
        page = (await ask(res, actor, LIST, **variables))["patterns"]
        return "".join(node["template"] for node in page["nodes"])

    assert await listed() == "bca"
    assert await listed(by="TREND") == "acb"
    assert await listed(by="LAST_SEEN") == "acb"
    assert await listed(service="billing") == "c"
    first = (await ask(res, actor, LIST, first=2))["patterns"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert await listed(first=2, after=first["pageInfo"]["endCursor"]) == "a"


async def test_a_pattern_shows_its_issues_and_its_days(res: Resources, project: Project):
    pattern = await some(res, project, "bad <int>")
    id = global_id("Pattern", pattern.id)
    shown = (await ask(res, acting(await make_developer(res), project), SHOW, id=id))["pattern"]
    assert (shown["template"], shown["trend"]) == ("bad <int>", "STEADY")
    assert shown["commonEndpoints"] == [{"name": "/pay", "count": 1}]
    assert [each["count"] for each in shown["severityDistribution"]] == [0, 0, 0, 2, 0]
    assert (shown["issues"]["nodes"], shown["issues"]["totalCount"]) == ([{"title": "bad <int> 1"}], 2)
    assert [point["count"] for point in shown["timeline"]] == [0, 0, 6]
    hidden = acting(await make_developer(res), await make_project(res))
    assert (await ask(res, hidden, SHOW, id=id))["pattern"] is None


ISSUES = """query { issues(orderBy: { field: FIRST_SEEN }, first: 10) { nodes { title pattern { template issueCount }
  alsoHappensIn { project { slug } service issueCount eventCount lastSeenAt } } } }"""


async def test_an_issue_knows_its_pattern_and_where_else_it_happens(res: Resources, project: Project):
    second, hidden = await make_project(res), await make_project(res)
    for where, service in ((project, "checkout"), (project, "billing"), (second, "billing"), (hidden, "billing")):
        await make_issue(res, where, message="order 7 failed", title=f"{service} failed", service=service, events=2)
    await make_issue(res, project, message="alone", title="alone")
    await analyse_patterns(res)
    actor = acting(await make_developer(res), project, second)
    with counted_statements(res) as statements:
        nodes = (await ask(res, actor, ISSUES))["issues"]["nodes"]
    assert len([one for one in statements if "pattern" in one]) == 2
    found = {}
    for node in nodes:
        places = [(one["project"]["slug"], one["service"], one["issueCount"]) for one in node["alsoHappensIn"]]
        found.setdefault(node["title"], []).append((node["pattern"], sorted(places)))
    here, there = project.slug, second.slug
    both = {"template": "order <int> failed", "issueCount": 2}
    assert found["checkout failed"] == [(both, sorted([(here, "billing", 1), (there, "billing", 1)]))]
    assert sorted(found["billing failed"], key=str) == sorted(
        [
            (both, sorted([(here, "checkout", 1), (there, "billing", 1)])),
            (None, sorted([(here, "billing", 1), (here, "checkout", 1)])),
        ],
        key=str,
    )
    assert found["alone"] == [(None, [])]
