from datetime import timedelta

import pytest

from domain.access import system
from resolvers.event import asked
from resolvers.resources import Resources
from schema.context import Context
from schema.root import build_schema
from tests.support.clock import START
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask

SEARCH = """
query($search: String, $filter: IssueFilter) {
  issues(search: $search, filter: $filter, first: 1) { nodes { shortId } totalCount pageInfo { hasNextPage } }
}
"""


EVENTS = """
query($search: String, $after: String) {
  events(search: $search, after: $after) { nodes { message } totalCount pageInfo { hasNextPage endCursor } }
}
"""


async def test_issues_are_searched_and_counted(res: Resources):
    project = await make_project(res)
    for number in range(3):
        await make_issue(res, project, short_id=f"SHOP-{number}", message="timeout" if number else "refused")
    answer = (await ask(res, system(), SEARCH, search="timeouts last:24h", filter={"service": ["checkout"]}))["issues"]
    assert (answer["totalCount"], answer["pageInfo"]["hasNextPage"]) == (2, True)
    assert (await ask(res, system(), SEARCH, search="refused"))["issues"]["nodes"] == [{"shortId": "SHOP-0"}]
    assert (await ask(res, system(), SEARCH, search=f"first:{START.date()}"))["issues"]["totalCount"] == 3


async def test_events_are_searched_and_a_page_leads_on_behind_what_it_looked_at(
    res: Resources, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(asked, "MOST_LOOKED_AT", 2)
    project = await make_project(res)
    issue = await make_issue(res, project, events=0)
    for number in range(5):
        await make_event(res, issue, at=START - timedelta(minutes=number), message=f"order {number} failed")
    found, after = [], None
    while True:
        page = (await ask(res, system(), EVENTS, search="4 service:checkout", after=after))["events"]
        found.append([event["message"] for event in page["nodes"]])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == [[], [], ["order 4 failed"]]
    assert page["totalCount"] == 0  # of the newest two


async def test_what_cannot_be_understood_is_told_with_its_column_wherever_it_is_asked(res: Resources):
    for document in (SEARCH, "query($search: String) { issues(search: $search) { totalCount } }"):
        result = await build_schema().execute(
            document, variable_values={"search": "timeout servce:x"}, context_value=Context(res, system())
        )
        (error,) = result.errors
        assert error.message.startswith("Column 9: there is no key `servce:`. Did you mean `service:`")
        assert (error.extensions["code"], error.extensions["path"]) == ("INVALID_INPUT", ["search"])
