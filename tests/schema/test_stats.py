from datetime import timedelta

import pytest

from domain.access import ANONYMOUS, Actor, ActorKind, Scope, system
from domain.event import Severity
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.clock import START
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes, counted_statements

WHOLE = """query ($filter: StatsFilter, $range: TimeRange) { stats(filter: $filter, range: $range) {
  from to total issues newIssues bySeverity { severity count } byStatus { status count }
  byService(first: 1) { name count } byEnvironment { name count }
  timeline(bucket: DAY) { at count bySeverity { severity count } } topIssues(first: 1) { shortId eventCount }
} }"""


async def test_figures_come_out_of_one_snapshot_and_share_what_is_read(res: Resources):
    project = await make_project(res)
    issue = await make_issue(res, project, short_id="SHOP-1", counter={"event_count": 99})
    await count_events(res, issue, START, 3)
    await count_events(res, await make_issue(res, project, service="other", severity=Severity.LOW), START, 1)
    with counted_statements(res) as statements:
        found = (await ask(res, system(), WHOLE))["stats"]
    assert len([each for each in statements if "set_config" not in each]) == 6
    severities = [
        {"severity": severity, "count": {"LOW": 1, "HIGH": 3}.get(severity, 0)}
        for severity in ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")
    ]
    nought = [{**entry, "count": 0} for entry in severities]
    assert found == {
        "from": "2026-03-01T03:00:00Z",
        "to": "2026-03-02T04:00:00Z",
        "total": 4,
        "issues": 2,
        "newIssues": 2,
        "bySeverity": severities,
        "byStatus": [
            {"status": "UNRESOLVED", "count": 2},
            {"status": "RESOLVED", "count": 0},
            {"status": "SNOOZED", "count": 0},
            {"status": "IGNORED", "count": 0},
        ],
        "byService": [{"name": "checkout", "count": 3}],
        "byEnvironment": [{"name": "production", "count": 4}],
        "timeline": [
            {"at": "2026-03-01T00:00:00Z", "count": 0, "bySeverity": nought},
            {"at": "2026-03-02T00:00:00Z", "count": 4, "bySeverity": severities},
        ],
        "topIssues": [{"shortId": "SHOP-1", "eventCount": 99}],
    }
    by_issue = (await ask(res, system(), WHOLE, filter={"issue": global_id("Issue", issue.id)}))["stats"]
    assert (by_issue["from"], by_issue["to"]) == ("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z")
    assert by_issue["total"] == 3


async def test_days_of_a_time_zone_start_at_its_midnight_or_at_the_whole_hour_before(res: Resources):
    await count_events(res, await make_issue(res, await make_project(res)), START, 2)
    document = """query($timezone: String) { stats(range: {last: "PT3H"}) {
      timeline(bucket: DAY, timezone: $timezone) { at count } week: timeline(bucket: WEEK, timezone: $timezone) { at count }
      hours: timeline(timezone: $timezone) { at } } }"""
    for zone, day, week in (
        (None, "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"),
        ("Asia/Kolkata", "2026-03-01T18:00:00Z", "2026-03-01T18:00:00Z"),
        ("America/New_York", "2026-03-01T05:00:00Z", "2026-02-23T05:00:00Z"),
    ):
        found = (await ask(res, system(), document, timezone=zone))["stats"]
        assert found["timeline"] == [{"at": day, "count": 2}]
        assert found["week"] == [{"at": week, "count": 2}]
        assert [hour["at"][11:13] for hour in found["hours"]] == ["00", "01", "02", "03"]


async def test_a_range_is_compared_to_the_one_before(res: Resources):
    issue = await make_issue(res, await make_project(res))
    for hours, count in ((0, 1), (1, 6), (24, 2), (25, 4), (49, 8)):
        await count_events(res, issue, START - hours * timedelta(hours=1), count)
    document = """query ($filter: StatsFilter) { stats(filter: $filter) { total changePercent
      previous { from to total byService { name count } timeline { count } } } }"""
    with counted_statements(res) as statements:
        found = (await ask(res, system(), document))["stats"]
    # In the hours that are over there were 8 events, and 4 in as many before.
    assert (found["total"], found["changePercent"]) == (9, 100.0)
    before = found["previous"]
    assert (before["from"], before["to"]) == ("2026-02-28T02:00:00Z", "2026-03-01T03:00:00Z")
    assert before["total"] == 12
    assert before["byService"] == [{"name": "checkout", "count": 12}]
    assert len(before["timeline"]) == 25
    assert len(statements) == 1 + 5  # the first asks which projects
    by_issue = (
        await ask(
            res,
            system(),
            document.replace("timeline", "timeline(bucket: DAY)"),
            filter={"issue": global_id("Issue", issue.id)},
        )
    )["stats"]
    assert (by_issue["total"], by_issue["previous"]["total"]) == (13, 8)
    assert (await ask(res, system(), '{ stats(range: {last: "P400D"}) { changePercent previous { total } } }'))["stats"] == {
        "changePercent": None, "previous": None,
    }  # fmt: skip


async def test_events_are_counted_by_release_but_not_those_of_one_issue(res: Resources):
    issue = await make_issue(res, await make_project(res))
    for release, count in (("1.0", 1), ("1.1", 3), ("", 5)):
        await count_events(res, issue, START, count, release=release)
    document = (
        "query($filter: StatsFilter) { stats(filter: $filter) { regressions byRelease(first: 1) { name count } } }"
    )
    assert (await ask(res, system(), document))["stats"] == {
        "regressions": 0, "byRelease": [{"name": "1.1", "count": 3}],
    }  # fmt: skip
    by_issue = (await ask(res, system(), document, filter={"issue": global_id("Issue", issue.id)}))["stats"]
    assert by_issue["byRelease"] is None


async def test_only_what_is_selected_is_computed(res: Resources):
    with counted_statements(res) as statements:
        await ask(res, system(), "{ stats { from to } }")
    assert statements == []
    with counted_statements(res) as statements:
        await ask(res, system(), "{ stats { total again: total } }")
    assert len(statements) == 1 + 1  # the first asks which projects


@pytest.mark.parametrize(
    "document",
    [
        '{ stats(range: {last: "P731D"}) { total } }',
        '{ stats(range: {last: "P91D"}) { timeline { at } } }',
        '{ stats { timeline(bucket: DAY, timezone: "Europe/Atlantis") { at } } }',
        '{ stats(range: {last: "P91D"}) { timeline(bucket: DAY, timezone: "Europe/Berlin") { at } } }',
        '{ stats(range: {last: "P2D"}) { timeline(bucket: MINUTE) { at } } }',
        '{ stats(range: {last: "PT0S"}) { total } }',
        "{ stats { byService(first: 201) { name } } }",
        "{ stats { topIssues(first: -1) { id } } }",
        '{ stats(filter: {issue: "SXNzdWU6MDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw"}) { timeline { at } } }',
    ],
)
async def test_what_cannot_be_asked_is_refused(res: Resources, document: str):
    assert await ask_for_codes(res, system(), document) == ["INVALID_INPUT"]


async def test_one_figure_that_is_refused_does_not_take_the_reason_from_the_others(res: Resources):
    issue = await make_issue(res, await make_project(res))
    document = "query ($issue: ID) { stats(filter: {issue: $issue}) { total timeline(bucket: HOUR) { at } } }"
    assert await ask_for_codes(res, system(), document, issue=global_id("Issue", issue.id)) == ["INVALID_INPUT"]


async def test_who_may_not_read_is_told_so(res: Resources):
    key = Actor(ActorKind.INGEST_KEY, scopes=frozenset({Scope.INGEST}), project_ids=None)
    assert await ask_for_codes(res, ANONYMOUS, "{ stats { from } }") == ["UNAUTHENTICATED"]
    assert await ask_for_codes(res, key, "{ stats { from } }") == ["FORBIDDEN"]
