"""Merged issues as clients see them: lists, nodes, events and figures agree."""

import pytest

from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.graphql import ask
from tests.support.writing import log

MERGE = (
    "mutation($input: MergeIssuesInput!) { mergeIssues(input: $input) { __typename ... on Failure { message path } } }"
)
SPLIT = """mutation($input: SplitIssueInput!) { splitIssue(input: $input) {
  __typename ... on Failure { message path } ... on Issue { id eventCount } } }"""
LOOK = """query($into: ID!, $away: ID!) {
  issues { totalCount nodes { id eventCount userCount events { totalCount nodes { issue { id } } } } }
  leads: issue(by: { id: $away }) { id }
  node(id: $away) { id ... on Issue {
    eventCount mergedInto { id } grouping { keys } latestEvent { issue { id } } activity { nodes { kind details } } } }
  into: node(id: $into) { ... on Issue { mergedIssues { id } grouping { keys } } }
  all: events { totalCount nodes { issue { id } grouping { keys version } } }
  ofInto: events(filter: { issue: [$into] }) { totalCount }
  ofAway: events(filter: { issue: [$away] }) { totalCount }
  figures: stats(filter: { issue: $into }) { total topIssues { id } }
  none: stats(filter: { issue: $away }) { total }
  whole: stats { total issues topIssues { id } }
}"""


@pytest.fixture
async def world(writing: Resources):
    project, ann = await make_project(writing), await make_developer(writing)
    await make_team(writing, members=(ann,), projects=(project,))
    into = await log(writing, project, user={"id": "a"})
    away = await log(writing, project, message="total is bad", user={"id": "a"})
    return writing, acting(ann, project), [global_id("Issue", one.issue_id) for one in (into, away)]


async def test_all_that_is_shown_follows_the_keys(world):
    res, actor, (into, away) = world
    merged = (await ask(res, actor, MERGE, input={"intoIssueId": into, "issueIds": [away]}))["mergeIssues"]
    assert merged == {"__typename": "Issue"}
    seen = await ask(res, actor, LOOK, into=into, away=away)
    events = {"totalCount": 2, "nodes": [{"issue": {"id": into}}] * 2}
    assert seen["issues"] == {
        "totalCount": 1,
        "nodes": [{"id": into, "eventCount": 2, "userCount": 1, "events": events}],
    }
    assert seen["leads"] == {"id": into}
    assert (seen["node"]["id"], seen["node"]["eventCount"], seen["node"]["mergedInto"]) == (away, 0, {"id": into})
    assert (seen["node"]["grouping"], seen["node"]["latestEvent"]) == ({"keys": []}, {"issue": {"id": into}})
    assert [step["kind"] for step in seen["node"]["activity"]["nodes"]] == ["MERGED", "FIRST_SEEN"]
    assert seen["into"]["mergedIssues"] == [{"id": away}]
    assert {event["issue"]["id"] for event in seen["all"]["nodes"]} == {into}
    assert {event["grouping"]["keys"][0] for event in seen["all"]["nodes"]} == set(seen["into"]["grouping"]["keys"])
    assert (seen["ofInto"]["totalCount"], seen["ofAway"]["totalCount"]) == (2, 0)
    assert (seen["figures"], seen["none"]["total"]) == ({"total": 2, "topIssues": [{"id": into}]}, 0)
    assert seen["whole"] == {"total": 2, "issues": 1, "topIssues": [{"id": into}]}


async def test_the_keys_on_the_timeline_undo_the_merge(world):
    res, actor, (into, away) = world
    await ask(res, actor, MERGE, input={"intoIssueId": into, "issueIds": [away]})
    step = (await ask(res, actor, LOOK, into=into, away=away))["node"]["activity"]["nodes"][0]
    keys = step["details"]["groupingKeys"]
    back = (await ask(res, actor, SPLIT, input={"issueId": into, "groupingKeys": keys}))["splitIssue"]
    assert back == {"__typename": "Issue", "id": away, "eventCount": 1}


async def test_what_is_refused_names_the_field(world):
    res, actor, (into, away) = world
    refused = (await ask(res, actor, MERGE, input={"intoIssueId": into, "issueIds": [into]}))["mergeIssues"]
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["input", "issueIds"])
    refused = (await ask(res, actor, SPLIT, input={"issueId": into, "groupingKeys": ["ab"]}))["splitIssue"]
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["input", "groupingKeys"])
    assert "ab" in refused["message"]
    assert away != into
