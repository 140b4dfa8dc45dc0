from datetime import timedelta
from uuid import uuid4

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.errors import NotFound
from domain.issue import IssueStatus
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Alert, Developer, Issue
from resolvers.access import authenticate
from resolvers.issue.resolve import reopen_issue, resolve_issue
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from resolvers.workload import Workload, list_workload
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_api_token
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, counted_statements

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def of(res: Resources, person: Developer, actor=None, **arguments) -> Workload:
    found = await list_workload(res, actor or system(), **arguments)
    return next(each for each in found if each.developer.id == person.id)


async def page(res: Resources, alert: Alert, person: Developer, at, *, channel=Channel.EMAIL) -> None:
    """A message about the alert that left then."""
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, alert.issue_id, with_for_update={"key_share": True})
        rows = await notify(
            res, tx, kind=NotificationKind.ALERT, issue=held, alert=alert, recipient=person, reason="It is yours.",
            dedup=uuid4().hex,
        )  # fmt: skip
        for row in rows:
            row.status, row.sent_at, row.channel = NotificationStatus.SENT, at, channel


async def test_what_somebody_has_is_counted_by_how_it_stands(res: Resources):
    project, person = await make_project(res), await make_developer(res, max_load=4)
    await make_issue(res, project, assignee_id=person.id)
    taken = await make_issue(res, project, assignee_id=person.id, acknowledged_at=START)
    await make_alert(res, taken, level=2)
    await make_issue(res, project, assignee_id=person.id, status=IssueStatus.RESOLVED)
    found = await of(res, person)
    assert (found.open, found.acknowledged, found.escalated, found.utilisation) == (2, 1, 1, 0.5)
    idle = await of(res, await make_developer(res))
    assert (idle.open, idle.pages, idle.median_time_to_resolve, idle.page_share) == (0, 0, None, None)


async def test_what_they_resolved_counts_by_a_token_of_theirs_too(res: Resources, clock: ManualClock):
    project, person = await make_project(res), await make_developer(res)
    await make_team(res, members=(person,), projects=(project,))
    first = await make_issue(res, project)
    second = await make_issue(res, project)
    await clock.advance(HOUR)
    await resolve_issue(res, acting(person, project), issue_id=first.id)
    await clock.advance(2 * HOUR)
    token = await make_api_token(res, person)
    await resolve_issue(res, await authenticate(res, token.secret), issue_id=second.id)
    await clock.advance(HOUR)
    found = await of(res, person)
    assert (found.resolved, found.median_time_to_resolve) == (2, 2 * HOUR)
    await clock.advance(7 * DAY)
    assert (await of(res, person)).resolved == 0
    await reopen_issue(res, system(), issue_id=first.id)
    await resolve_issue(res, system(), issue_id=first.id)
    assert (await of(res, person)).resolved == 0


async def test_pages_count_once_for_each_alert_and_nights_are_by_their_own_clock(res: Resources):
    project = await make_project(res)
    here = await make_developer(res, timezone="UTC")
    far = await make_developer(res, timezone="Asia/Tokyo")
    at = START.replace(hour=1) - DAY  # 10:00 in Tokyo
    for person in (here, far):
        issue = await make_issue(res, project)
        alert = await make_alert(res, issue)
        await page(res, alert, person, at)
        await page(res, alert, person, at + timedelta(minutes=10))
        await page(res, alert, person, at, channel=Channel.DASHBOARD)
    issue = await make_issue(res, project)
    alert = await make_alert(res, issue)
    await page(res, alert, here, at + 12 * HOUR)
    await page(res, alert, far, START - 8 * DAY)
    found = [await of(res, person) for person in (here, far)]
    assert [(each.pages, each.night_pages) for each in found] == [(2, 1), (1, 0)]
    assert [(each.page_share, each.night_page_share) for each in found] == [(2 / 3, 1.0), (1 / 3, 0.0)]


async def test_only_the_team_and_the_projects_in_sight_are_told(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    me, they = await make_developer(res), await make_developer(res)
    team = await make_team(res, members=(me,), projects=(mine,))
    hidden = await make_team(res, members=(they,), projects=(other,))
    await make_issue(res, other, assignee_id=me.id)
    actor = acting(me, mine)
    assert [(each.developer.id, each.open) for each in await list_workload(res, actor)] == [(me.id, 0)]
    assert [each.developer.id for each in await list_workload(res, system(), team_id=team.id)] == [me.id]
    with pytest.raises(NotFound):
        await list_workload(res, actor, team_id=hidden.id)


async def test_it_costs_as_many_statements_for_one_as_for_many(res: Resources):
    document = "{ workload { developer { name } open pagesLast7Days nightPagesLast7Days medianTimeToResolve } }"
    counts = []
    for _ in range(2):
        await make_developer(res)
        with counted_statements(res) as statements:
            await ask(res, system(), document)
        counts.append(len(statements))
    assert counts == [4, 4]
