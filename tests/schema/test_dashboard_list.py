"""The list of a dashboard: each issue with whose it is, its newest event and its chart."""

import pytest
from sqlmodel import col, update

from domain.access import system
from models import IssueCounter
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, counted_statements

DASHBOARD = """{ issues(first: 25) { nodes {
  shortId title severity status eventCount userCount lastSeenAt assignee { name isOnCall }
  latestEvent { message environment user { id } } timeline { at count } } pageInfo { endCursor } } }"""


async def test_the_list_of_a_dashboard_takes_at_most_eight_statements(res: Resources):
    project, developer = await make_project(res), await make_developer(res)
    for _ in range(3):
        issue = await make_issue(res, project, assignee_id=developer.id)
        await count_events(res, issue, res.clock.now(), 2)
    with counted_statements(res) as statements:
        page = (await ask(res, acting(developer, project), DASHBOARD))["issues"]["nodes"]
    assert [(node["assignee"]["name"], node["timeline"][-1]["count"]) for node in page] == [(developer.name, 2)] * 3
    assert len(statements) <= 8


@pytest.mark.parametrize(
    ("selected", "are_read"),
    [
        ("message", 0),
        ("message user { id }", 1),
        ("message ... on Event { ... { user { id } } }", 1),
        ("...Who message", 1),
        ("user @skip(if: true) { id } message", 1),
    ],
)
async def test_the_newest_events_are_read_once_with_what_they_hold_if_that_is_selected(
    res: Resources, selected: str, are_read: int
):
    project = await make_project(res)
    for name in ("ada", "eve"):
        issue = await make_issue(res, project)
        event = await make_event(res, issue, payload={"user": {"id": name}})
        async with res.db.transaction() as tx:
            await tx.session.exec(
                update(IssueCounter).where(col(IssueCounter.issue_id) == issue.id).values(last_event_id=event.id)
            )
    fragment = " fragment Who on Event { user { id } }" if "Who" in selected else ""
    with counted_statements(res) as statements:
        document = f"{{ issues {{ nodes {{ latestEvent {{ {selected} }} }} }} }}{fragment}"
        nodes = (await ask(res, system(), document))["issues"]["nodes"]
    assert [text.count("event.payload") for text in statements if "FROM event" in text] == [are_read]
    users = {(node["latestEvent"].get("user") or {}).get("id") for node in nodes}
    assert users == ({"ada", "eve"} if are_read and "@skip" not in selected else {None})
