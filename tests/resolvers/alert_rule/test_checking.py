"""Rules that are looked at again and again: what they count, and how often they say so."""

import asyncio
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertStatus, AlertTrigger
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.notification import Channel
from models import Alert, AlertRuleFiring, Issue, IssueCounter, Notification, Project, Triage
from resolvers.alert_rule.checking import check_next_rule
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_event, make_facets, make_issue
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.graphql import counted_statements
from tests.support.on_call import make_on_call
from tests.support.rows import all_rows, only_row
from tests.support.timeline import add_step

MINUTE = timedelta(minutes=1)


async def look(res: Resources, clock: ManualClock | None = None, minutes: float = 0) -> int:
    """How many times rules have fired once all that were due were looked at."""
    if clock is not None:
        await clock.advance(minutes * MINUTE)
    while await check_next_rule(res):
        pass
    return len(await all_rows(res, AlertRuleFiring))


async def burst(res: Resources, project: Project, count: int, **facts: object) -> Issue:
    """An issue with so many events now, in the rollups too."""
    issue = await make_issue(res, project, events=count, **facts)
    if count:
        await count_events(res, issue, res.clock.now(), count)
    return issue


async def test_an_issue_with_enough_events_becomes_an_alert_with_what_was_counted(
    mailing: Resources, clock: ManualClock
):
    project, ada = await make_on_call(mailing)
    rule = await make_alert_rule(
        mailing, ada, trigger=AlertTrigger.EVENT_COUNT, threshold=3, window=10 * MINUTE, name="Many"
    )
    issue = await burst(mailing, project, 4, severity=Severity.MEDIUM, title="No total")
    await burst(mailing, project, 2)
    assert await look(mailing) == 1
    await take_triage(mailing)
    alert = await only_row(mailing, Alert)
    assert (alert.issue_id, alert.rule_id, alert.value, alert.threshold) == (issue.id, rule.id, 4, 3)
    assert alert.message == "4 events within 10 min in checkout: No total"
    (mail,) = await all_rows(mailing, Notification, Notification.channel == Channel.EMAIL)
    assert mail.reason.startswith("The alert rule Many says so: 4 events within 10 min in checkout.")


async def test_only_events_in_the_window_count(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=3, window=10 * MINUTE)
    issue = await make_issue(res, project, events=1, counter={"event_count": 3})
    for minutes in (9, 11):
        await make_event(res, issue, at=clock.now() - minutes * MINUTE)
    assert await look(res) == 0
    await make_event(res, issue)
    assert await look(res, clock, 0.5) == 1


@pytest.mark.parametrize("status", [IssueStatus.RESOLVED, IssueStatus.SNOOZED, IssueStatus.IGNORED])
async def test_what_somebody_has_put_aside_calls_for_nobody(res: Resources, status):
    project = await make_project(res)
    for trigger in (AlertTrigger.EVENT_COUNT, AlertTrigger.CRITICAL_COUNT):
        await make_alert_rule(res, trigger=trigger, threshold=3, window=10 * MINUTE)
    await make_alert_rule(res, trigger=AlertTrigger.USERS_AFFECTED, threshold=3)
    await burst(res, project, 9, status=status, severity=Severity.CRITICAL, counter={"user_count": 9})
    assert await look(res) == 0


@pytest.mark.parametrize(
    ("trigger", "threshold", "value"),
    [(AlertTrigger.ERROR_RATE, 0.6, 0.6), (AlertTrigger.CRITICAL_COUNT, 6, 6.0), (AlertTrigger.SURGE, 6, 6.0)],
)
async def test_a_service_is_counted_as_a_whole_and_its_worst_issue_is_named(res: Resources, trigger, threshold, value):
    """A surge needs ten events: fewer are no surge, however few there were before."""
    project, facts = await make_project(res), {"severity": Severity.CRITICAL}
    scale = 2 if trigger is AlertTrigger.SURGE else 1
    await make_alert_rule(res, trigger=trigger, threshold=threshold * scale, window=10 * MINUTE)
    await burst(res, project, 2 * scale, **facts)
    most = await burst(res, project, 4 * scale, **facts)
    await burst(res, project, 5, service="billing", **facts)
    assert await look(res) == 1
    fired = await only_row(res, AlertRuleFiring)
    assert (fired.issue_id, fired.service, fired.value) == (most.id, "checkout", value * scale)


async def test_as_many_as_usual_are_no_surge(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await make_alert_rule(res, trigger=AlertTrigger.SURGE, threshold=3, window=60 * MINUTE)
    issue = await burst(res, project, 12)
    await count_events(res, issue, clock.now() - timedelta(hours=5), 120)
    assert await look(res) == 0
    for _ in range(5):
        await make_event(res, issue)
    assert await look(res, clock, 0.5) == 1


@pytest.mark.parametrize(("usually", "fires"), [(60, 0), (4, 1)])
async def test_what_is_so_at_this_hour_of_each_week_is_no_surge(res: Resources, clock: ManualClock, usually, fires):
    """A rule has the judgement of the figures; here the day before had nothing."""
    await make_alert_rule(res, trigger=AlertTrigger.SURGE, threshold=3, window=10 * MINUTE)
    issue = await burst(res, await make_project(res), 12)
    for hours in range(-2, 3):
        for week in range(1, 6):
            await count_events(res, issue, clock.now() - week * timedelta(days=7) + timedelta(hours=hours), usually)
    assert await look(res) == fires


async def test_what_is_usual_is_read_once_for_all_services_of_a_rule_and_for_each_by_its_project(res: Resources):
    """Two projects have services of the same names: what is usual for one is not for the other."""
    await make_alert_rule(res, trigger=AlertTrigger.SURGE, threshold=3, window=60 * MINUTE)
    shop, bank = await make_project(res), await make_project(res)
    for project, service in ((shop, "api"), (shop, "web"), (bank, "api"), (bank, "web")):
        issue = await burst(res, project, 12, service=service)
        if (project, service) != (bank, "web"):
            await count_events(res, issue, res.clock.now() - timedelta(hours=5), 120)
    with counted_statements(res) as statements:
        assert await look(res) == 1
    fired = await only_row(res, AlertRuleFiring)
    assert (fired.project_id, fired.service) == (bank.id, "web")
    counted = ("FROM hourly_count", "FROM day_count")  # which are busy, and what is usual for these
    assert [sum(table in statement for statement in statements) for table in counted] == [1, 1]


async def test_filters_hold_for_what_is_counted(res: Resources):
    project = await make_project(res)
    common = {"window": 10 * MINUTE, "threshold": 2}
    staging = {"environments": ["staging"]}
    for trigger in (AlertTrigger.EVENT_COUNT, AlertTrigger.ERROR_RATE):
        await make_alert_rule(res, trigger=trigger, filter=staging, **common)
        await make_alert_rule(res, trigger=trigger, filter={"severities": ["LOW"]}, **common)
        await make_alert_rule(res, trigger=trigger, filter={"errorTypes": ["KeyError"]}, **common)
        await make_alert_rule(res, trigger=trigger, project=await make_project(res), **common)
    await make_alert_rule(res, trigger=AlertTrigger.USERS_AFFECTED, threshold=2, filter=staging)
    issue = await burst(res, project, 30, counter={"user_count": 5})
    assert await look(res) == 0
    await make_facets(res, issue, "environment", "staging")
    assert await look(res, res.clock, 0.5) == 1


async def test_a_rule_is_quiet_about_an_issue_for_its_cooldown_and_not_about_another(
    res: Resources, clock: ManualClock
):
    project = await make_project(res)
    await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=2, window=600 * MINUTE)
    await burst(res, project, 2)
    assert [await look(res), await look(res, clock, 30)] == [1, 1]
    await burst(res, project, 2)
    assert [await look(res, clock, 1), await look(res, clock, 30)] == [2, 3]


async def test_users_are_told_of_again_when_they_have_doubled(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await make_alert_rule(res, trigger=AlertTrigger.USERS_AFFECTED, threshold=10, cooldown_s=60)
    await make_issue(res, project, counter={"user_count": 12})
    assert [await look(res), await look(res, clock, 30)] == [1, 1]
    counted = await make_issue(res, project, counter={"user_count": 9})
    assert await look(res, clock, 30) == 1
    for users, fired in ((10, 2), (19, 2), (20, 3)):
        async with res.db.transaction() as tx:
            counter = await tx.session.get(IssueCounter, counted.id)
            counter.user_count = users
        assert await look(res, clock, 30) == fired


async def test_an_issue_that_nobody_takes_fires_once_after_each_opening(res: Resources, clock: ManualClock):
    project = await make_project(res)
    long_ago = await make_issue(res, project)
    await add_step(res, long_ago, ActivityKind.FIRST_SEEN)
    await clock.advance(timedelta(days=1))
    await make_alert_rule(res, trigger=AlertTrigger.UNRESOLVED_FOR, window=60 * MINUTE, cooldown_s=60)
    issue = await make_issue(res, project)
    await add_step(res, issue, ActivityKind.FIRST_SEEN)
    taken = await make_issue(res, project, acknowledged_at=clock.now())
    await add_step(res, taken, ActivityKind.FIRST_SEEN)
    assert [await look(res, clock, minutes) for minutes in (59, 1, 1, 300)] == [0, 1, 1, 1]
    assert (await only_row(res, AlertRuleFiring)).issue_id == issue.id
    await add_step(res, issue, ActivityKind.REGRESSED)
    assert [await look(res, clock, minutes) for minutes in (59, 1, 1)] == [1, 2, 2]


async def test_a_queue_of_alerts_is_told_to_administrators_by_its_oldest(mailing: Resources, clock: ManualClock):
    admin = await make_developer(mailing, role=Role.ADMIN)
    project, _ = await make_on_call(mailing, max_load=10)
    await make_alert_rule(mailing, trigger=AlertTrigger.ALERT_QUEUE, threshold=2, name="Queue")
    issues = []
    for _ in range(2):
        assert await look(mailing, clock, 1) == 0
        issues.append(await make_issue(mailing, project))
        await make_triage(mailing, issues[-1])
        await take_triage(mailing)
    assert await look(mailing, clock, 1) == 1
    await take_triage(mailing)
    (mail,) = await all_rows(
        mailing, Notification, Notification.recipient_id == admin.id, Notification.channel == Channel.EMAIL
    )
    assert mail.issue_id == issues[0].id
    assert mail.reason == (
        "The alert rule Queue says so: 2 alerts that nobody has acknowledged, this one for longest, in checkout. "
        "You are told because you are an administrator."
    )
    assert [alert.status for alert in await all_rows(mailing, Alert)] == [AlertStatus.TRIGGERED] * 2


async def test_a_rule_that_is_gone_or_disabled_when_it_is_judged_calls_for_nobody(res: Resources):
    project = await make_project(res)
    rule = await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=1, window=MINUTE)
    await burst(res, project, 1)
    await look(res)
    async with res.db.transaction() as tx:
        (await tx.session.merge(rule)).is_enabled = False
    assert await take_triage(res) == 1
    assert await all_rows(res, Alert) == []


async def test_two_workers_fire_once(res: Resources):
    project = await make_project(res)
    for _ in range(3):
        await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=1, window=MINUTE)
    await burst(res, project, 1)
    await asyncio.gather(*(look(res) for _ in range(3)))
    assert len(await all_rows(res, AlertRuleFiring)) == len(await all_rows(res, Triage)) == 3


async def test_a_rule_that_cannot_be_looked_at_holds_up_no_other(res: Resources):
    project = await make_project(res)
    broken = await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=None, window=MINUTE)
    async with res.db.transaction() as tx:
        (await tx.session.merge(broken)).filter = {"severities": ["NONE"]}
    await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=1, window=MINUTE)
    await burst(res, project, 1)
    assert await look(res) == 1
