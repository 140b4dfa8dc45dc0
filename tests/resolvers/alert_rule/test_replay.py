"""When a rule would have fired: what is stored is counted again, as it was looked at then."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertTrigger
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import ActivityKind
from resolvers.alert_rule import replay
from resolvers.alert_rule.replay import would_have_fired
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.on_call import make_on_call
from tests.support.timeline import add_step

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def owner(res: Resources):
    return acting(await make_developer(res, role=Role.OWNER))


@pytest.fixture
async def fired(res: Resources, owner, clock: ManualClock):
    """When a rule would have fired, in minutes before now, and what it counted."""

    async def ask(rule, actor=owner, last=DAY):
        points = await would_have_fired(res, actor, rule, last=last)
        return [(round((clock.now() - point.at) / MINUTE), point.count) for point in points]

    return ask


async def test_new_issues_and_regressions_are_found_again(res: Resources, fired, clock: ManualClock):
    project = await make_project(res)
    issue = await make_issue(res, project, severity=Severity.MEDIUM)
    await make_issue(res, project, service="billing")
    await clock.advance(5 * MINUTE)
    await add_step(res, issue, ActivityKind.REGRESSED)
    await clock.advance(5 * MINUTE)
    checkout = {"filter": {"services": ["checkout"]}}
    assert await fired(await make_alert_rule(res, **checkout)) == [(10, 1)]
    assert await fired(await make_alert_rule(res, trigger=AlertTrigger.REGRESSION, **checkout)) == [(5, 1)]
    assert await fired(await make_alert_rule(res, **checkout), last=9 * MINUTE) == []


@pytest.mark.parametrize("trigger", [AlertTrigger.EVENT_COUNT, AlertTrigger.ERROR_RATE, AlertTrigger.SURGE])
async def test_events_are_counted_again_minute_by_minute(res: Resources, fired, clock: ManualClock, trigger):
    project = await make_project(res)
    issue = await make_issue(res, project, events=0)
    for minutes in (120, 118, 60, 59, 58):
        for _ in range(5):
            await make_event(res, issue, at=clock.now() - minutes * MINUTE)
    await count_events(res, issue, clock.now() - 120 * MINUTE, 25)
    threshold = {AlertTrigger.EVENT_COUNT: 10, AlertTrigger.ERROR_RATE: 1, AlertTrigger.SURGE: 10}[trigger]
    rule = await make_alert_rule(
        res, trigger=trigger, threshold=threshold, window=10 * MINUTE, cooldown_s=30 * 60, project=project
    )
    assert await fired(rule) == [(117, 10), (58, 10)]
    assert await fired(rule, last=100 * MINUTE) == [(58, 10)]


async def test_what_nobody_took_in_time_is_found_again(res: Resources, fired, clock: ManualClock):
    project, ada = await make_on_call(res)
    taken, left = await make_issue(res, project), await make_issue(res, project)
    for issue in (taken, left):
        await add_step(res, issue, ActivityKind.FIRST_SEEN)
    await clock.advance(30 * MINUTE)
    await acknowledge_issue(res, acting(ada, project), issue_id=taken.id)
    await clock.advance(45 * MINUTE)
    rule = await make_alert_rule(res, trigger=AlertTrigger.UNRESOLVED_FOR, window=60 * MINUTE)
    assert await fired(rule) == [(15, 1)]


async def test_a_queue_of_alerts_is_found_again(res: Resources, fired, clock: ManualClock):
    project, _ = await make_on_call(res)
    for _ in range(2):
        await make_alert(res, await make_issue(res, project))
        await clock.advance(5 * MINUTE)
    assert await fired(await make_alert_rule(res, trigger=AlertTrigger.ALERT_QUEUE, threshold=2)) == [(5, 2)]


async def test_nobody_is_told_of_what_they_may_not_see(res: Resources, fired):
    project, ada = await make_on_call(res)
    other = await make_project(res)
    await make_issue(res, other)
    issue = await make_issue(res, other, events=3)
    await count_events(res, issue, res.clock.now(), 3)
    await add_step(res, issue, ActivityKind.REGRESSED)
    minded = [
        {"trigger": AlertTrigger.NEW_ISSUE},
        {"trigger": AlertTrigger.REGRESSION},
        {"trigger": AlertTrigger.EVENT_COUNT, "threshold": 1, "window": MINUTE},
        {"trigger": AlertTrigger.UNRESOLVED_FOR, "window": MINUTE},
    ]
    await res.clock.advance(5 * MINUTE)
    rules = [await make_alert_rule(res, **facts) for facts in minded]
    assert [await fired(rule, actor=acting(ada, project)) for rule in rules] == [[], [], [], []]
    assert all([await fired(rule) for rule in rules])


@pytest.mark.parametrize(
    "facts",
    [
        {"trigger": AlertTrigger.USERS_AFFECTED, "threshold": 3},
        {"trigger": AlertTrigger.NEW_ISSUE, "filter": {"tags": {"team": "shop"}}},
    ],
)
async def test_what_is_not_kept_is_said(res: Resources, owner, facts):
    with pytest.raises(InvalidInput, match="no past"):
        await would_have_fired(res, owner, await make_alert_rule(res, **facts), last=DAY)


@pytest.mark.parametrize("last", [timedelta(), timedelta(days=32)])
async def test_a_span_has_bounds(res: Resources, owner, last):
    with pytest.raises(InvalidInput, match="P31D"):
        await would_have_fired(res, owner, await make_alert_rule(res), last=last)


async def test_more_events_than_are_counted_again_are_refused(res: Resources, owner):
    issue = await make_issue(res, await make_project(res))
    await count_events(res, issue, res.clock.now(), replay.MOST_EVENTS + 1)
    rule = await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=1, window=MINUTE)
    with pytest.raises(InvalidInput, match="1,000,001 events"):
        await would_have_fired(res, owner, rule, last=DAY)
