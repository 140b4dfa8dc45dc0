from datetime import timedelta

import pytest

from domain.access import ANONYMOUS, Actor, ActorKind, Scope, system
from domain.event import Severity
from domain.issue import IssueStatus, Resolution
from models import IssueCounter
from resolvers.issue import tag_counts
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import count_events, find_key, make_event, make_facets, make_issue, make_key
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes, counted_statements

NOW = "2026-03-02T03:00:00Z"

WHOLE = """query ($by: IssueBy!) { issue(by: $by) {
  id shortId project { slug } title errorType message culprit service environments severity status isRegression
  firstSeenAt lastSeenAt eventCount userCount firstRelease lastRelease assignee { name } assignmentReason
  team { slug } acknowledgedAt acknowledgedBy { name } resolvedAt resolvedBy { name } resolution
  resolvedInRelease resolutionNote snoozedUntil snoozedUntilEventCount version url
  alert { status } escalations { level } latestEvent { eventId }
  alerts { nodes { status } } activity { nodes { kind } } notifications { nodes { subject } totalCount }
} }"""


async def test_an_issue_says_all_that_is_known_of_it(res: Resources):
    project = await make_project(res, slug="shop")
    developer = await make_developer(res, name="Ada")
    team = await make_team(res, slug="core", members=(developer,), projects=(project,))
    issue = await make_issue(
        res,
        project,
        short_id="CHECKOUT-1F",
        status=IssueStatus.RESOLVED,
        severity=Severity.CRITICAL,
        is_regression=True,
        first_release="1.0",
        assignee_id=developer.id,
        assignment_reason="knows checkout",
        team_id=team.id,
        acknowledged_at=START,
        acknowledged_by_id=developer.id,
        resolved_at=START,
        resolved_by_id=developer.id,
        resolution=Resolution.FIXED,
        resolved_in_release="1.2",
        resolution_note="typo",
        snoozed_until=START,
        snoozed_until_event_count=2**40,
        version=7,
        counter={"event_count": 2**33, "user_count": 3, "last_release": "1.1"},
    )
    await make_facets(res, issue, "environment", "staging", "production")
    await make_facets(res, issue, "environment", "staging", key=await make_key(res, issue))
    await make_alert(res, issue)
    found = (await ask(res, acting(developer, project), WHOLE, by={"shortId": "checkout-if"}))["issue"]
    latest = found.pop("latestEvent")
    assert len(latest["eventId"]) == 32
    assert found == {
        "id": global_id("Issue", issue.id),
        "shortId": "CHECKOUT-1F",
        "project": {"slug": "shop"},
        "title": "ValueError: bad total",
        "errorType": "ValueError",
        "message": "bad total",
        "culprit": "checkout.total",
        "service": "checkout",
        "environments": ["production", "staging"],
        "severity": "CRITICAL",
        "status": "RESOLVED",
        "isRegression": True,
        "firstSeenAt": NOW,
        "lastSeenAt": NOW,
        "eventCount": 2**33,
        "userCount": 3,
        "firstRelease": "1.0",
        "lastRelease": "1.1",
        "assignee": {"name": "Ada"},
        "assignmentReason": "knows checkout",
        "team": {"slug": "core"},
        "acknowledgedAt": NOW,
        "acknowledgedBy": {"name": "Ada"},
        "resolvedAt": NOW,
        "resolvedBy": {"name": "Ada"},
        "resolution": "FIXED",
        "resolvedInRelease": "1.2",
        "resolutionNote": "typo",
        "snoozedUntil": NOW,
        "snoozedUntilEventCount": 2**40,
        "version": 7,
        "url": "http://127.0.0.1:8470/issues/CHECKOUT-1F",
        "alert": {"status": "TRIGGERED"},
        "escalations": [],
        "alerts": {"nodes": [{"status": "TRIGGERED"}]},
        "activity": {"nodes": []},
        "notifications": {"nodes": [], "totalCount": 0},
    }
    by_id = await ask(res, system(), "query ($id: ID!) { issue(by: {id: $id}) { shortId } }", id=found["id"])
    assert by_id == {"issue": {"shortId": "CHECKOUT-1F"}}


PAGE = """query ($first: Int) { issues(first: $first) { nodes {
  shortId lastSeenAt eventCount environments url
  project { slug } assignee { name } team { slug } acknowledgedBy { name } resolvedBy { name } alert { status }
  escalations { level } grouping { keys components { name } }
  latestEvent { eventId line tags { key } project { slug } issue { shortId } }
  events(first: 2) { nodes { eventId } totalCount }
  alerts(first: 2) { nodes { status } } activity(first: 2) { nodes { kind } }
  notifications(first: 2) { nodes { subject } totalCount }
} } }"""


async def test_a_page_costs_the_same_statements_however_many_issues_it_has(res: Resources):
    developers = [await make_developer(res, name=f"dev {number}") for number in range(3)]
    for number in range(12):
        project = await make_project(res)
        team = await make_team(res, members=(developers[0],), projects=(project,))
        developer = developers[number % 3]
        issue = await make_issue(
            res,
            project,
            events=3,
            assignee_id=developer.id,
            team_id=team.id,
            acknowledged_by_id=developer.id,
            resolved_by_id=developers[0].id,
        )
        await make_facets(res, issue, "environment", "staging")
    costs = []
    for first in (2, 12):
        with counted_statements(res) as statements:
            data = await ask(res, system(), PAGE, first=first)
        costs.append(len(statements))
        assert len(data["issues"]["nodes"]) == first
        for node in data["issues"]["nodes"]:
            assert node["environments"] == ["staging"]
            assert node["assignee"]["name"].startswith("dev")
            assert len(node["events"]["nodes"]) == 2
            assert node["events"]["totalCount"] == 3
    assert costs[0] == costs[1]
    assert costs[0] < 22


TAGS = """query ($first: Int) { issues(first: $first) { nodes {
  tagKeys tagValues(key: "region", first: 2) { key value firstSeenAt } kinds: tagValues(key: "kind") { value } } } }"""


async def test_the_tags_of_issues_are_told_with_their_values_in_two_statements_more(res: Resources):
    for _ in range(3):
        issue = await make_issue(res, await make_project(res))
        await make_facets(res, issue, "tag.region", "eu", "asia")
        await make_facets(res, issue, "environment", "staging")
        await res.clock.advance(timedelta(hours=1))
        await make_facets(res, issue, "tag.region", "us", "eu", key=await make_key(res, issue))
        await make_facets(res, issue, "tag.kind", "a")
    for first in (1, 3):
        with counted_statements(res) as statements:
            nodes = (await ask(res, system(), TAGS, first=first))["issues"]["nodes"]
        assert len(statements) == 3
        assert len(nodes) == first
        for node in nodes:
            assert node["tagKeys"] == ["kind", "region"]
            assert [(one["key"], one["value"]) for one in node["tagValues"]] == [("region", "us"), ("region", "asia")]
            assert node["kinds"] == [{"value": "a"}]
    (newest,) = (await ask(res, system(), TAGS, first=1))["issues"]["nodes"]
    assert [one["firstSeenAt"] for one in newest["tagValues"]] == ["2026-03-02T06:00:00Z", "2026-03-02T05:00:00Z"]
    with_key = (
        "query ($key: String!, $first: Int!) { issues { nodes { tagValues(key: $key, first: $first) { value } } } }"
    )
    assert await ask_for_codes(res, system(), with_key, key="region", first=51) == ["INVALID_INPUT"]
    assert await ask_for_codes(res, system(), with_key, key="a\0", first=1) == ["INVALID_INPUT"]
    assert await ask(res, system(), with_key, key="none", first=1) == {"issues": {"nodes": [{"tagValues": []}] * 3}}


RECENT = """query ($first: Int) { issues(first: $first) { nodes {
  regions: tagValues(key: "region") { value recentCount } kinds: tagValues(key: "kind") { value recentCount } } } }"""


async def test_how_often_a_value_came_is_counted_among_the_newest_events_in_one_statement(
    res: Resources, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tag_counts, "MOST_COUNTED", 4)
    for _ in range(3):
        issue = await make_issue(res, await make_project(res), events=0)
        other = await make_key(res, issue)
        await make_facets(res, issue, "tag.region", "eu", "us", "old")
        await make_facets(res, issue, "tag.kind", "eu")
        each = ((None, "old"), (other, "eu"), (None, "us"), (other, "eu"), (None, None))
        for minute, (key, region) in enumerate(each):
            noted = {"region": region, "kind": "eu"} if region else None
            await make_event(res, issue, key=key, at=START + timedelta(minutes=minute), noted_tags=noted)
    for first in (1, 3):
        with counted_statements(res) as statements:
            nodes = (await ask(res, system(), RECENT, first=first))["issues"]["nodes"]
        assert len(statements) == 3
        assert len(nodes) == first
        for node in nodes:
            counts = {one["value"]: one["recentCount"] for one in node["regions"]}
            assert counts == {"eu": 2, "us": 1, "old": 0}
            assert node["kinds"] == [{"value": "eu", "recentCount": 3}]


async def test_only_what_is_selected_is_counted(res: Resources):
    await make_issue(res, await make_project(res))
    with counted_statements(res) as statements:
        await ask(res, system(), "{ issues { nodes { title lastSeenAt eventCount } } }")
    assert len(statements) == 1
    with counted_statements(res) as statements:
        assert await ask(res, system(), "{ issues { totalCount } }") == {"issues": {"totalCount": 1}}
    assert len(statements) == 2


async def test_issues_are_filtered_sorted_and_paged(res: Resources):
    developer = await make_developer(res)
    project = await make_project(res)
    for count in range(4):
        await make_issue(
            res,
            project,
            short_id=f"SHOP-{count}",
            counter={"event_count": count},
            assignee_id=developer.id if count else None,
        )
    document = """query ($assignee: [ID!], $after: String) {
      issues(filter: {assignee: $assignee, firstSeen: {last: "P1D"}, status: [UNRESOLVED], minSeverity: HIGH},
             orderBy: {field: EVENT_COUNT, direction: ASC}, first: 2, after: $after) {
        edges { cursor node { shortId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
      } }"""
    mine = [global_id("Developer", developer.id)]
    first = (await ask(res, system(), document, assignee=mine))["issues"]
    assert [edge["node"]["shortId"] for edge in first["edges"]] == ["SHOP-1", "SHOP-2"]
    assert first["totalCount"] == 3
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": cursors[0],
        "endCursor": cursors[1],
    }
    second = (await ask(res, system(), document, assignee=mine, after=cursors[1]))["issues"]
    assert [edge["node"]["shortId"] for edge in second["edges"]] == ["SHOP-3"]
    assert second["pageInfo"]["hasPreviousPage"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("first: 201", "INVALID_INPUT"),
        ("first: -1", "INVALID_INPUT"),
        ("first: 1, last: 1", "INVALID_INPUT"),
        ('after: "x"', "INVALID_INPUT"),
        ('filter: {lastSeen: {last: "PT1H", since: "2026-01-01T00:00:00Z"}}', "INVALID_INPUT"),
        ('filter: {assignee: ["x"]}', "INVALID_INPUT"),
        ('filter: {assignee: ["SXNzdWU6MDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw"]}', "NOT_FOUND"),
        ('filter: {service: ["a\\u0000b"]}', "INVALID_INPUT"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_a_code(res: Resources, arguments: str, code: str):
    assert await ask_for_codes(res, system(), f"{{ issues({arguments}) {{ totalCount nodes {{ id }} }} }}") == [code]


async def test_too_many_values_are_refused(res: Resources):
    document = "query ($service: [String!]) { issues(filter: {service: $service}) { nodes { id } } }"
    assert await ask_for_codes(res, system(), document, service=["a"] * 101) == ["INVALID_INPUT"]


async def test_who_may_not_read_is_told_so(res: Resources):
    key = Actor(ActorKind.INGEST_KEY, scopes=frozenset({Scope.INGEST}), project_ids=None)
    document = '{ issues { totalCount } issue(by: {shortId: "A-1"}) { id } }'
    assert await ask_for_codes(res, ANONYMOUS, document) == ["UNAUTHENTICATED", "UNAUTHENTICATED"]
    assert await ask_for_codes(res, key, document) == ["FORBIDDEN", "FORBIDDEN"]


async def test_an_issue_out_of_sight_is_none(res: Resources):
    hidden = await make_issue(res, await make_project(res), short_id="SHOP-1")
    actor = acting(await make_developer(res), await make_project(res))
    for by in ({"shortId": "SHOP-1"}, {"id": global_id("Issue", hidden.id)}):
        assert await ask(res, actor, "query ($by: IssueBy!) { issue(by: $by) { id } }", by=by) == {"issue": None}


async def test_one_way_to_name_an_issue_is_enough_and_needed(res: Resources):
    for by in ("{}", '{id: "x", shortId: "y"}', "{id: null}"):
        assert await ask_for_codes(res, system(), f"{{ issue(by: {by}) {{ id }} }}") == ["BAD_REQUEST"]


async def test_the_grouping_is_explained_by_the_newest_event(res: Resources):
    issue = await make_issue(res, await make_project(res), events=0)
    key = await find_key(res, issue)
    other = await make_key(res, issue)
    frame = {"function": "total", "module": "shop.cart", "filename": "cart.py", "in_app": True, "line": 7}
    payload = {"exceptions": [{"type": "ValueError", "message": "bad total", "frames": [frame]}]}
    event = await make_event(res, issue, payload=payload)
    document = """query ($id: ID!) { issue(by: {id: $id}) {
      grouping { version keys components { name value counted reason } } } }"""
    id = global_id("Issue", issue.id)
    without = (await ask(res, system(), document, id=id))["issue"]["grouping"]
    assert without == {"version": 1, "keys": [key.hash.hex(), other.hash.hex()], "components": []}
    await point_to(res, issue, event.id)
    components = (await ask(res, system(), document, id=id))["issue"]["grouping"]["components"]
    counted = {part["name"]: part["value"] for part in components if part["counted"]}
    assert counted["service"] == "checkout"
    assert any("shop.cart" in value for value in counted.values())
    assert all(part["reason"] for part in components)


async def point_to(res: Resources, issue, event_id) -> None:
    async with res.db.transaction() as tx:
        counter = await tx.session.get(IssueCounter, issue.id)
        counter.last_event_id = event_id


async def test_a_developers_issues_are_theirs(res: Resources):
    project = await make_project(res)
    developers = [await make_developer(res) for _ in range(3)]
    for developer in developers[:2]:
        await make_issue(res, project, assignee_id=developer.id)
        await make_issue(res, project, assignee_id=developer.id, status=IssueStatus.IGNORED)
    document = """{ developers { nodes {
      assigned(first: 1) { totalCount nodes { assignee { name } lastSeenAt } }
      ignored: assigned(status: [IGNORED]) { totalCount nodes { status } } } } }"""
    with counted_statements(res) as statements:
        nodes = (await ask(res, system(), document))["developers"]["nodes"]
    assert sorted(node["assigned"]["totalCount"] for node in nodes) == [0, 2, 2]
    assert sorted(len(node["assigned"]["nodes"]) for node in nodes) == [0, 1, 1]
    assert sorted(len(node["ignored"]["nodes"]) for node in nodes) == [0, 1, 1]
    assert len(statements) < 10


async def test_an_issue_shows_how_often_it_occurred_on_each_day(res: Resources):
    project = await make_project(res)
    quiet, issue = await make_issue(res, project), await make_issue(res, project)
    today = res.clock.now()
    await count_events(res, issue, today - timedelta(days=1), 4)
    await count_events(res, issue, today - timedelta(days=1), 2, severity=Severity.LOW)
    await count_events(res, issue, today, 1)
    await count_events(res, issue, today - timedelta(days=3), 9)
    query = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue {
      timeline(last: "P2D") { at count bySeverity { severity count } } } } }"""
    ids = [global_id("Issue", each.id) for each in (issue, quiet)]
    asked, loud = (await ask(res, acting(await make_developer(res), project), query, ids=ids))["nodes"], 6
    counts = [[point["count"] for point in node["timeline"]] for node in asked]
    assert counts == [[0, loud, 1], [0, 0, 0]]
    assert asked[0]["timeline"][1]["bySeverity"][1] == {"severity": "LOW", "count": 2}
    assert asked[0]["timeline"][1]["at"] == "2026-03-01T00:00:00Z"


async def test_an_issue_has_no_timeline_by_the_hour(res: Resources):
    project = await make_project(res)
    await make_issue(res, project)
    actor = acting(await make_developer(res), project)
    assert await ask_for_codes(res, actor, "{ issues { nodes { timeline(bucket: HOUR) { at } } } }") == [
        "INVALID_INPUT"
    ]
