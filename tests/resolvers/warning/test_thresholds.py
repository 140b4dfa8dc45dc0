"""Administrators are told when there is too much of something: once, again after a day, and when it is over."""

import asyncio
from datetime import timedelta

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertStatus
from domain.event import Severity
from domain.notification import NotificationKind
from models import Issue, Notification
from resolvers.notification.mail import make_mail
from resolvers.resources import Resources
from resolvers.warning.thresholds import check_thresholds
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows

HOUR = timedelta(hours=1)


async def warnings(res: Resources) -> list[Notification]:
    return await all_rows(res, Notification, Notification.kind == NotificationKind.WARNING)


async def an_issue(res: Resources, **facts: object) -> Issue:
    return await make_issue(res, await make_project(res), events=0, **facts)


async def test_administrators_are_told_what_is_crossed_by_how_much_and_what_to_do(
    mailing: Resources, clock: ManualClock
):
    boss = await make_developer(mailing, role=Role.OWNER, name="Grace")
    admin = await make_developer(mailing, role=Role.ADMIN)
    await make_developer(mailing)
    issue = await an_issue(mailing, severity=Severity.CRITICAL, title="Out of <money>", service="billing")
    await count_events(mailing, issue, clock.now() - HOUR, 80)
    await clock.advance(HOUR / 2)
    await count_events(mailing, issue, clock.now(), 80)
    assert await check_thresholds(mailing) == {"crossed": 3, "told": 2}
    rows = await warnings(mailing)
    assert {row.destination for row in rows} == {boss.email, admin.email}
    assert rows[0].subject == ("[Tocsin] Many errors: about 120 events in the last hour (bound: 100), and 2 more")
    mail = make_mail(mailing.settings, rows[0])
    for words in (
        "Many critical errors: about 120 CRITICAL events in the last hour (bound: 50)",
        "Errors rise fast: about 120 events in the last hour (bound, from the day before: 50)",
        "raise TOCSIN_THRESHOLD_ERRORS",
        "billing                       160",
        f"[CRITICAL] {issue.short_id} Out of <money> (billing)",
        f"{mailing.settings.base_url}/issues/{issue.short_id}",
        "Why you got this: You are an OWNER or ADMIN",
    ):
        assert words in mail.text
    assert "Out of &lt;money&gt;" in mail.html


async def test_they_are_told_once_again_after_a_day_and_when_it_is_over(mailing: Resources, clock: ManualClock):
    await make_developer(mailing, role=Role.OWNER)
    issue = await an_issue(mailing, severity=Severity.MEDIUM)
    # 200 an hour for 26 hours, and none after that.
    for quarter in range(30 * 4):
        if quarter < 26 * 4:
            await count_events(mailing, issue, clock.now(), 50)
        await check_thresholds(mailing)
        await clock.advance(HOUR / 4)
    assert [row.subject.removeprefix("[Tocsin] ").partition(": about")[0] for row in await warnings(mailing)] == [
        "Errors rise fast",
        "Many errors",
        "Over: Errors rise fast",
        "Many errors",
        "Over: Many errors",
    ]


async def test_however_many_look_it_is_told_once(mailing: Resources, clock: ManualClock):
    await make_developer(mailing, role=Role.OWNER)
    await count_events(mailing, await an_issue(mailing), clock.now(), 200)
    told = await asyncio.gather(*(check_thresholds(mailing) for _ in range(4)))
    assert sorted(each["told"] for each in told) == [0, 0, 0, 1]


async def test_alerts_that_nobody_has_are_counted_and_those_that_somebody_has_are_not(mailing: Resources):
    await make_developer(mailing, role=Role.OWNER)
    project = await make_project(mailing)
    for number in range(12):
        issue = await make_issue(mailing, project, events=0)
        await make_alert(mailing, issue, status=AlertStatus.ACKNOWLEDGED if number == 11 else AlertStatus.TRIGGERED)
    assert await check_thresholds(mailing) == {"crossed": 1, "told": 1}
    (row,) = await warnings(mailing)
    assert "11 alerts ring that nobody has acknowledged (bound: 10)" in row.subject


async def test_where_all_is_quiet_nobody_is_told(mailing: Resources):
    await make_developer(mailing, role=Role.OWNER)
    assert await check_thresholds(mailing) == {"crossed": 0, "told": 0}
