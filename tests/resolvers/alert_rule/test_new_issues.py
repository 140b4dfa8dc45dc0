"""Rules about what is new or has regressed fire as it happens, by the writer and the worker."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertTrigger
from domain.contact import QuietHours
from domain.event import Severity
from domain.notification import Channel, NotificationKind
from models import Alert, AlertRule, AlertRuleFiring, Issue, Notification, Project, Triage
from resolvers.alert_rule.reading import hours_as_json
from resolvers.issue.resolve import resolve_issue
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.actors import acting
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.contact import make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows, only_row
from tests.support.writing import log, running_writer

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def writing(mailing: Resources):
    """One that writes, and would mail."""
    async with running_writer(mailing):
        yield mailing


async def happen(res: Resources, project: Project, **report: object) -> None:
    await log(res, project, **{"severity": "MEDIUM", **report})
    await take_triage(res)


async def told(res: Resources) -> list[Notification]:
    return await all_rows(res, Notification, Notification.channel == Channel.EMAIL)


async def test_without_a_rule_what_does_not_matter_calls_for_nobody(writing: Resources):
    project, _ = await make_on_call(writing)
    await happen(writing, project)
    assert await all_rows(writing, Triage) == await all_rows(writing, Alert) == []


async def test_a_rule_calls_for_those_it_names_and_nobody_else(writing: Resources):
    project, _ = await make_on_call(writing, name="Ada")
    bob = await join_on_call(writing, project, name="Bob", on_call=False)
    rule = await make_alert_rule(writing, bob, name="Anything new")
    await happen(writing, project)
    (mail,), alert = await told(writing), await only_row(writing, Alert)
    assert (mail.recipient_id, mail.kind, mail.alert_id) == (bob.id, NotificationKind.NEW_ISSUE, alert.id)
    assert mail.reason == (
        "The alert rule Anything new says so: new issue in checkout. You are told because the rule names you."
    )
    assert (alert.rule_id, alert.trigger, alert.severity) == (rule.id, AlertTrigger.NEW_ISSUE, Severity.MEDIUM)
    assert alert.next_escalation_at is None
    assert (await only_row(writing, Issue)).assignee_id is None
    assert (await only_row(writing, AlertRuleFiring)).rule_id == rule.id


async def test_a_rule_that_names_nobody_lets_routing_choose(writing: Resources):
    project, ada = await make_on_call(writing)
    await make_alert_rule(writing)
    await happen(writing, project)
    assert (await only_row(writing, Issue)).assignee_id == ada.id
    assert [mail.recipient_id for mail in await told(writing)] == [ada.id]


async def test_what_matters_calls_for_those_on_call_besides_those_whom_the_rule_names(writing: Resources):
    project, ada = await make_on_call(writing)
    bob = await join_on_call(writing, project, on_call=False)
    rule = await make_alert_rule(writing, bob)
    await happen(writing, project, severity="CRITICAL")
    assert {mail.recipient_id for mail in await told(writing)} == {ada.id, bob.id}
    alert = await only_row(writing, Alert)
    assert alert.rule_id == rule.id
    assert alert.next_escalation_at is not None


async def test_the_alert_climbs_the_policy_of_the_rule(writing: Resources):
    project, ada = await make_on_call(writing)
    bob = await join_on_call(writing, project, on_call=False)
    policy = await make_policy(writing, a_step(0, bob), a_step(9, ada), services=[])
    await make_alert_rule(writing, policy_id=policy.id)
    await happen(writing, project)
    alert = await only_row(writing, Alert)
    assert (alert.policy_id, alert.level) == (policy.id, 1)
    assert alert.next_escalation_at == alert.triggered_at + 9 * MINUTE
    assert [mail.recipient_id for mail in await told(writing)] == [bob.id]


async def test_a_rule_goes_by_its_channels_alone(writing: Resources):
    project, ada = await make_on_call(writing)
    await make_alert_rule(writing, ada, channels=[Channel.SMS])
    await happen(writing, project)
    assert await told(writing) == []
    text = await only_row(writing, Notification, Notification.channel == Channel.SMS)
    assert "no verified contact method" in text.reason


async def test_what_a_rule_calls_for_is_gathered_unless_the_rule_names_channels(writing: Resources, clock: ManualClock):
    project, ada = await make_on_call(writing, name="Ada")
    await make_rule(writing, ada, Channel.EMAIL, digest_s=86_400)
    rule = await make_alert_rule(writing, ada)
    await happen(writing, project)
    assert (await told(writing))[0].next_attempt_at > clock.now()
    async with writing.db.transaction() as tx:
        await tx.session.delete(await tx.session.get_one(AlertRule, rule.id))
    await make_alert_rule(writing, ada, channels=[Channel.EMAIL])
    await happen(writing, project, errorType="KeyError")
    assert (await told(writing))[1].next_attempt_at == clock.now()


async def test_that_nobody_on_call_was_told_waits_for_no_digest(writing: Resources, clock: ManualClock):
    owner = await make_developer(writing, role=Role.OWNER)
    await make_rule(writing, owner, Channel.EMAIL, digest_s=86_400)
    await make_alert_rule(writing)
    await happen(writing, await make_project(writing))
    (mail,) = await told(writing)
    assert (mail.recipient_id, mail.next_attempt_at) == (owner.id, clock.now())


async def test_a_rule_that_reaches_nobody_lets_routing_choose(writing: Resources):
    project, ada = await make_on_call(writing)
    stranger = await make_developer(writing, name="Stranger")
    await make_alert_rule(writing, await make_schedule(writing, stranger))
    await happen(writing, project)
    assert [mail.recipient_id for mail in await told(writing)] == [ada.id]


@pytest.mark.parametrize(
    ("filter", "report", "fires"),
    [
        ({"services": ["billing"]}, {}, False),
        ({"services": ["checkout"]}, {}, True),
        ({"environments": ["staging"]}, {"environment": "production"}, False),
        ({"environments": ["staging"]}, {"environment": "staging"}, True),
        ({"severities": ["HIGH"]}, {}, False),
        ({"errorTypes": ["ValueError"]}, {}, True),
        ({"tags": {"team": "shop"}}, {}, False),
        ({"tags": {"team": "shop"}}, {"tags": [{"key": "team", "value": "shop"}]}, True),
    ],
)
async def test_a_rule_looks_at_what_its_filter_says(writing: Resources, filter, report, fires):
    project, ada = await make_on_call(writing)
    await make_alert_rule(writing, ada, filter=filter)
    await happen(writing, project, **report)
    assert len(await all_rows(writing, Alert)) == fires


@pytest.mark.parametrize("facts", [{"is_enabled": False}, {"trigger": AlertTrigger.REGRESSION}])
async def test_other_rules_are_silent(writing: Resources, facts):
    project, ada = await make_on_call(writing)
    await make_alert_rule(writing, ada, **facts)
    await happen(writing, project)
    assert await all_rows(writing, Alert) == []


async def test_a_rule_of_a_project_looks_at_no_other(writing: Resources):
    project, ada = await make_on_call(writing)
    await make_alert_rule(writing, ada, project=await make_project(writing))
    await happen(writing, project)
    assert await all_rows(writing, Alert) == []
    await make_alert_rule(writing, ada, project=project)
    await happen(writing, project, errorType="Another")
    assert len(await all_rows(writing, Alert)) == 1


async def test_outside_of_its_active_hours_a_rule_is_silent_unless_it_is_critical(
    writing: Resources, clock: ManualClock
):
    project, ada = await make_on_call(writing)
    now = clock.now()
    hours = QuietHours(f"{now + 60 * MINUTE:%H:%M}", f"{now + 120 * MINUTE:%H:%M}")
    rule = await make_alert_rule(writing, ada, active_hours=hours_as_json(hours))
    await happen(writing, project)
    assert await all_rows(writing, AlertRuleFiring) == []
    await happen(writing, project, errorType="Worse", severity="CRITICAL")
    assert (await only_row(writing, Alert)).rule_id == rule.id


async def test_a_regression_fires_again_once_the_cooldown_is_over(writing: Resources, clock: ManualClock):
    project, ada = await make_on_call(writing)
    owner = acting(ada, project)
    await make_alert_rule(writing, ada, trigger=AlertTrigger.REGRESSION)
    await happen(writing, project)
    fired = []
    for minutes in (1, 1, 60):
        issue = await only_row(writing, Issue)
        await resolve_issue(writing, owner, issue_id=issue.id)
        await clock.advance(minutes * MINUTE)
        await happen(writing, project)
        fired.append(len(await all_rows(writing, AlertRuleFiring)))
    assert fired == [1, 1, 2]
    assert [mail.kind for mail in await told(writing)] == [NotificationKind.REGRESSION] * 2


async def test_a_rule_tells_once_for_each_alert(writing: Resources, clock: ManualClock):
    """An issue that turns out worse is new to the rule once more, and nobody is woken twice for it."""
    project, ada = await make_on_call(writing)
    bob = await join_on_call(writing, project, on_call=False)
    await make_alert_rule(writing, bob)
    await happen(writing, project)
    await clock.advance(61 * MINUTE)
    await happen(writing, project, severity="HIGH")
    assert len(await all_rows(writing, AlertRuleFiring)) == 2
    assert [mail.recipient_id for mail in await told(writing)] == [bob.id, ada.id]
    assert len(await all_rows(writing, Alert)) == 1


@pytest.mark.parametrize("facts", [{}, {"channels": [Channel.EMAIL]}, {"is_by_policy": True}])
async def test_many_that_rules_fire_for_are_judged_together(writing: Resources, facts):
    project, ada = await make_on_call(writing, max_load=100)
    bob = await join_on_call(writing, project, on_call=False)
    facts = dict(facts)
    if facts.pop("is_by_policy", False):
        facts["policy_id"] = (await make_policy(writing, a_step(0, ada), services=[])).id
    await make_alert_rule(writing, bob, **facts)
    await make_alert_rule(writing)
    for number in range(6):
        severity = "HIGH" if number % 2 else "LOW"
        await log(writing, project, severity=severity, errorType=f"Error{number}", message=f"{number} " * 9)
    with capture_logs() as lines:
        assert await take_triage(writing) == 6
    assert [line for line in lines if "one by one" in line["event"]] == []
    assert len(await all_rows(writing, Alert)) == 6
