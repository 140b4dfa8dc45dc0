from datetime import timedelta

import pytest

from core.ids import uuid7
from domain.access import ANONYMOUS, ActorKind, system
from domain.errors import InvalidInput, Unauthenticated
from domain.issue import ActivityKind, IssueStatus
from domain.page import PageRequest
from models import Activity
from resolvers.issue.assigned import Assigned, AssignedPage, assigned_counts, assigned_pages
from resolvers.issue.pages import (
    activity_pages_by_issue,
    alert_pages_by_issue,
    event_counts_by_issue_id,
    event_pages_by_issue,
    notification_counts_by_issue_id,
    notification_pages_by_issue,
)
from resolvers.pages import PageKey
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_event, make_issue, make_key
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements


async def test_each_issue_has_its_own_page_whatever_key_its_events_came_by(res: Resources):
    project = await make_project(res)
    issues = [await make_issue(res, project, events=0) for _ in range(3)]
    ids = []
    for issue in issues[:2]:
        key = await make_key(res, issue)
        pairs = [(await make_event(res, issue), await make_event(res, issue, key=key)) for _ in range(3)]
        ids.append(sorted((event.id for pair in pairs for event in pair), reverse=True))
    keys = [PageKey(issue.id, PageRequest(4)) for issue in issues]
    with counted_statements(res) as statements:
        first, second, none = await event_pages_by_issue(res, system(), keys)
    assert len(statements) == 1
    for page, expected in ((first, ids[0]), (second, ids[1])):
        assert [event.id for event in page.items] == expected[:4]
        assert page.has_next
    assert (none.items, none.has_next, none.has_previous) == ([], False, False)
    assert await event_counts_by_issue_id(res, system(), [issue.id for issue in issues]) == [6, 6, 0]


async def test_pages_of_one_issue_can_be_walked_both_ways(res: Resources):
    issue = await make_issue(res, await make_project(res), events=5)
    (whole,) = await event_pages_by_issue(res, system(), [PageKey(issue.id, PageRequest(9))])
    requests = [
        PageRequest(2),
        PageRequest(2, after=whole.cursors[1]),
        PageRequest(2, before=whole.cursors[4], backward=True),
        PageRequest(2, backward=True),
        PageRequest(0),
    ]
    pages = await event_pages_by_issue(res, system(), [PageKey(issue.id, request) for request in requests])
    spans = [whole.cursors[start:end] for start, end in ((0, 2), (2, 4), (2, 4), (3, 5), (0, 0))]
    assert [page.cursors for page in pages] == spans
    assert [page.has_next for page in pages] == [True, True, True, False, True]
    assert [page.has_previous for page in pages] == [False, True, True, True, False]
    with pytest.raises(InvalidInput):
        await event_pages_by_issue(res, system(), [PageKey(issue.id, PageRequest(after="x"))])


async def test_what_is_out_of_sight_has_empty_pages(res: Resources):
    hidden = await make_issue(res, await make_project(res))
    actor = acting(await make_developer(res), await make_project(res))
    async with res.db.transaction() as tx:
        tx.session.add(
            Activity(
                id=uuid7(START),
                project_id=hidden.project_id,
                issue_id=hidden.id,
                kind=ActivityKind.FIRST_SEEN,
                actor_kind=ActorKind.SYSTEM,
                at=START,
            )
        )
    key = PageKey(hidden.id, PageRequest())
    for pages in (event_pages_by_issue, activity_pages_by_issue, alert_pages_by_issue, notification_pages_by_issue):
        (page,) = await pages(res, actor, [key])
        assert page.items == []
        with pytest.raises(Unauthenticated):
            await pages(res, ANONYMOUS, [key])
    (page,) = await activity_pages_by_issue(res, system(), [key])
    assert [step.kind for step in page.items] == [ActivityKind.FIRST_SEEN]
    for counts in (event_counts_by_issue_id, notification_counts_by_issue_id):
        assert await counts(res, actor, [hidden.id]) == [0]


async def test_developers_have_their_own_issues_by_state_the_latest_seen_first(res: Resources):
    project = await make_project(res)
    developers = [await make_developer(res) for _ in range(2)]
    issues = [
        await make_issue(
            res,
            project,
            assignee_id=developer.id,
            status=status,
            counter={"last_seen_at": START - timedelta(minutes=minutes)},
        )
        for developer in developers
        for minutes, status in enumerate((IssueStatus.UNRESOLVED, IssueStatus.RESOLVED))
    ]
    keys = [Assigned(developer.id, None) for developer in developers]
    keys.append(Assigned(developers[0].id, (IssueStatus.RESOLVED,)))
    pages = await assigned_pages(res, system(), [AssignedPage(key, PageRequest()) for key in keys])
    assert [[issue.id for issue in page.items] for page in pages] == [
        [issues[0].id, issues[1].id],
        [issues[2].id, issues[3].id],
        [issues[1].id],
    ]
    assert await assigned_counts(res, system(), keys) == [2, 2, 1]
    stranger = acting(developers[0], await make_project(res))
    assert await assigned_counts(res, stranger, keys) == [0, 0, 0]
    assert [page.items for page in await assigned_pages(res, stranger, [AssignedPage(keys[0], PageRequest())])] == [[]]
