"""Rules about patterns: each new one calls for somebody once, whatever is cut off meanwhile."""

import asyncio
from datetime import timedelta

from core.clock import ManualClock
from domain.alert import AlertTrigger
from domain.alert_rule.definition import NEW_FOR, RuleFilter, write_filter
from models import Alert, AlertRuleFiring, Issue, Pattern, Project, Triage
from resolvers.alert_rule.checking import CHECK_EVERY, check_next_rule
from resolvers.alert_rule.replay import would_have_fired
from resolvers.pattern.analyse import analyse_patterns
from resolvers.pattern.mine import mine_patterns
from resolvers.resources import Resources
from resolvers.retention import FIRINGS_KEPT
from resolvers.triage import take_triage
from tests.support.actors import acting
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row

HOUR = timedelta(hours=1)


async def say(res: Resources, project: Project, *columns: str, count: int = 3, service: str = "checkout") -> Issue:
    """An issue for each column; the last of them."""
    for column in columns:
        facts = {"message": f"no column '{column}' in orders", "service": service, "events": 0}
        issue = await make_issue(res, project, counter={"event_count": count}, **facts)
    return issue


async def fired(res: Resources, clock: ManualClock) -> int:
    """How many times rules have fired once all are looked at again."""
    await clock.advance(CHECK_EVERY)
    while await check_next_rule(res):
        pass
    return len(await all_rows(res, AlertRuleFiring))


async def test_a_new_pattern_calls_for_somebody_once(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await say(res, project, "a")
    rule = await make_alert_rule(res, trigger=AlertTrigger.NEW_PATTERN)
    await analyse_patterns(res)
    assert await fired(res, clock) == 0
    newest = await say(res, project, "b")
    await analyse_patterns(res)
    assert await fired(res, clock) == 1
    firing, pattern = await only_row(res, AlertRuleFiring), await only_row(res, Pattern)
    assert (firing.pattern_id, firing.issue_id, firing.value) == (pattern.id, newest.id, 6)
    await take_triage(res)
    alert = await only_row(res, Alert)
    assert (alert.rule_id, alert.trigger) == (rule.id, AlertTrigger.NEW_PATTERN)
    assert alert.message == "New pattern, of 6 events so far, in checkout: ValueError: bad total"
    await say(res, project, "c", "d")
    await clock.advance(2 * HOUR)
    await analyse_patterns(res)
    assert await fired(res, clock) == 1


async def test_what_was_cut_off_is_gone_on_with_and_two_workers_fire_once(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await make_alert_rule(res, trigger=AlertTrigger.NEW_PATTERN)
    await say(res, project, "a", "b")
    assert await mine_patterns(res) == 2
    assert await fired(res, clock) == 0
    assert await analyse_patterns(res) == {"issues": 0, "patterns": 1}
    await clock.advance(CHECK_EVERY)
    await asyncio.gather(*(check_next_rule(res) for _ in range(4)))
    assert len(await all_rows(res, Triage)) == 1
    assert await fired(res, clock) == 1


async def test_one_that_was_there_before_the_rule_is_not_new(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await say(res, project, "a", "b")
    await analyse_patterns(res)
    await clock.advance(HOUR)
    await make_alert_rule(res, trigger=AlertTrigger.NEW_PATTERN)
    await say(res, project, "c")
    await analyse_patterns(res)
    assert await fired(res, clock) == 0


async def test_it_waits_for_enough_events_in_what_the_rule_looks_at_but_not_for_ever(
    res: Resources, clock: ManualClock
):
    project = await make_project(res)
    for service in ("checkout", "billing", "mail"):
        filter = write_filter(RuleFilter(services=(service,)))
        await make_alert_rule(res, trigger=AlertTrigger.NEW_PATTERN, threshold=6, filter=filter)
    await say(res, project, "a", "b")
    few = await say(res, project, "c", service="billing")
    await analyse_patterns(res)
    assert await fired(res, clock) == 1
    await res.db.raw.execute("UPDATE issue_counter SET event_count = 6 WHERE issue_id = $1", few.id)
    assert await fired(res, clock) == 2
    await clock.advance(NEW_FOR)
    await say(res, project, "d", service="mail", count=9)
    await analyse_patterns(res)
    assert await fired(res, clock) == 2


def test_that_it_fired_is_known_for_longer_than_a_pattern_is_new():
    assert NEW_FOR < FIRINGS_KEPT


async def test_it_says_when_it_would_have_fired(res: Resources, clock: ManualClock):
    project = await make_project(res)
    await say(res, project, "a", "b")
    await analyse_patterns(res)
    await clock.advance(HOUR)
    actor = acting(await make_developer(res), project)
    points = []
    for threshold in (None, 6, 7):
        rule = await make_alert_rule(res, trigger=AlertTrigger.NEW_PATTERN, threshold=threshold)
        points.append(await would_have_fired(res, actor, rule, last=2 * HOUR))
    assert [len(each) for each in points] == [1, 1, 0]
    assert points[0][0].at == clock.now() - HOUR
