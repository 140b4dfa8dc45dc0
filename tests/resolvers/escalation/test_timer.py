"""Alerts climb when their time has come, as the policy was when they began, until somebody acknowledges them."""

import asyncio
from datetime import timedelta

from sqlalchemy import text
from sqlmodel import delete

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertStatus
from domain.event import Severity
from domain.issue import ActivityKind
from domain.notification import Channel, NotificationKind
from domain.schedule.definition import RotationKind
from models import Activity, Alert, Developer, Escalation, EscalationPolicy, Issue, Notification
from resolvers.alert import acknowledge_alert, escalate_alert
from resolvers.escalation.timer import escalate_due
from resolvers.issue.resolve import resolve_issue
from resolvers.policy.settings import update_policy
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.actors import acting
from tests.support.factories.alert import make_alert
from tests.support.factories.contact import make_rule
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.factories.triage import make_triage
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows, only_row

MINUTE = timedelta(minutes=1)


async def ring(res: Resources, project, **facts: object) -> Alert:
    """An alert that the worker has just opened."""
    issue = await make_issue(res, project, **facts)
    await make_triage(res, issue)
    await take_triage(res)
    return await only_row(res, Alert, Alert.issue_id == issue.id)


async def told(res: Resources) -> list[str]:
    """The names of all who were mailed, in order."""
    people = {row.id: row.name for row in await all_rows(res, Developer)}
    return [people[row.recipient_id] for row in await mails(res)]


async def mails(res: Resources, *conditions) -> list[Notification]:
    return await all_rows(res, Notification, Notification.channel == Channel.EMAIL, *conditions)


async def later(res: Resources, clock: ManualClock, minutes: float) -> list[str]:
    """Who was told in all when so many minutes more have passed, and every timer was looked at."""
    await clock.advance(minutes * MINUTE)
    while await escalate_due(res):
        pass
    return await told(res)


async def test_an_alert_climbs_step_by_step_and_round_again_to_its_end(mailing: Resources, clock: ManualClock):
    project, _ = await make_on_call(mailing, name="Ada")
    grace = await join_on_call(mailing, project, name="Grace", on_call=False)
    root = await make_developer(mailing, role=Role.OWNER, name="Root")
    await make_policy(mailing, a_step(5, grace), a_step(10, root), repeat=1, name="Shop")
    alert = await ring(mailing, project)
    assert alert.next_escalation_at == clock.now() + 5 * MINUTE
    assert await later(mailing, clock, 4.9) == ["Ada"]
    assert await later(mailing, clock, 0.1) == ["Ada", "Grace"]
    assert await later(mailing, clock, 9.9) == ["Ada", "Grace"]
    assert await later(mailing, clock, 0.1) == ["Ada", "Grace", "Root"]
    assert await later(mailing, clock, 10) == ["Ada", "Grace", "Root", "Grace"]
    assert await later(mailing, clock, 10) == ["Ada", "Grace", "Root", "Grace", "Root"]
    steps = await all_rows(mailing, Escalation)
    assert [(step.level, step.is_automatic, step.to_ids) for step in steps] == [
        (1, True, [grace.id]),
        (2, True, [root.id]),
        (3, True, [grace.id]),
        (4, True, [root.id]),
    ]
    assert steps[1].reason == "Nobody acknowledged it within 10 min: level 2 of Shop."
    # Past its end the administrators are warned, once, and it rings on.
    assert await later(mailing, clock, 10) == ["Ada", "Grace", "Root", "Grace", "Root", "Root"]
    assert await later(mailing, clock, 10_000) == ["Ada", "Grace", "Root", "Grace", "Root", "Root"]
    alert = await only_row(mailing, Alert)
    assert (alert.status, alert.level, alert.next_escalation_at) == (AlertStatus.TRIGGERED, 4, None)
    assert "is at its end" in (await all_rows(mailing, Activity, Activity.kind == ActivityKind.NOBODY_NOTIFIED))[0].note


async def test_that_an_alert_is_at_its_end_waits_for_no_digest(mailing: Resources, clock: ManualClock):
    project, _ = await make_on_call(mailing, name="Ada")
    root = await make_developer(mailing, role=Role.OWNER, name="Root")
    await make_rule(mailing, root, Channel.EMAIL, digest_s=86_400)
    await make_policy(mailing, a_step(5, root), repeat=0, name="Shop")
    await ring(mailing, project)
    assert await later(mailing, clock, 5) == ["Ada", "Root"]
    assert await later(mailing, clock, 10) == ["Ada", "Root", "Root"]
    assert (await mails(mailing))[-1].next_attempt_at == clock.now()


async def test_who_is_told_reads_why(mailing: Resources, clock: ManualClock):
    project, _ = await make_on_call(mailing)
    grace = await join_on_call(mailing, project, on_call=False)
    await make_policy(mailing, a_step(5, grace), name="Shop")
    await ring(mailing, project)
    await later(mailing, clock, 5)
    (row,) = await mails(mailing, Notification.recipient_id == grace.id)
    assert row.kind is NotificationKind.ESCALATION
    assert row.reason == (
        "Nobody acknowledged it within 5 min: level 1 of Shop. You are told because the policy names you."
    )


async def test_a_first_step_without_delay_is_taken_at_once_and_the_policy_goes_with_the_service(mailing: Resources):
    project, _ = await make_on_call(mailing, name="Ada")
    grace = await join_on_call(mailing, project, name="Grace", on_call=False)
    await make_policy(mailing, a_step(9, grace))
    await make_policy(mailing, a_step(0, grace), services=["checkout"])
    await ring(mailing, project)
    assert await told(mailing) == ["Ada", "Grace"]


async def test_a_policy_of_a_team_goes_first_and_only_for_its_projects(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing)
    ours = await make_team(mailing, members=(ada,), projects=(project,))
    theirs = await make_team(mailing)
    everywhere = await make_policy(mailing, a_step(7, ada), services=["checkout"])
    await make_policy(mailing, a_step(8, ada), services=["checkout"], team_id=theirs.id)
    assert (await ring(mailing, project)).policy_id == everywhere.id
    team_policy = await make_policy(mailing, a_step(9, ada), team_id=ours.id)
    alert = await ring(mailing, project)
    assert (alert.policy_id, alert.next_escalation_at) == (team_policy.id, clock.now() + 9 * MINUTE)


async def test_a_team_is_all_its_members_and_nobody_who_may_not_see_the_project(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing, name="Ada")
    stranger = await make_developer(mailing, name="Stranger")
    bob = await join_on_call(mailing, project, name="Bob", on_call=False)
    team = await make_team(mailing, name="Crew", members=(ada, bob, stranger))
    await make_policy(mailing, a_step(5, team, stranger))
    await ring(mailing, project)
    assert sorted(await later(mailing, clock, 5)) == ["Ada", "Ada", "Bob"]
    (row,) = await mails(mailing, Notification.recipient_id == bob.id)
    assert "you are in Crew" in row.reason


async def test_a_schedule_is_whoever_is_on_call_in_it_at_that_moment(mailing: Resources, clock: ManualClock):
    project, _ = await make_on_call(mailing, name="Ada")
    bob = await join_on_call(mailing, project, name="Bob", on_call=False)
    eve = await join_on_call(mailing, project, name="Eve", on_call=False)
    schedule = await make_schedule(mailing, bob, eve, kind=RotationKind.HOURLY, name="Backend")
    await make_policy(mailing, a_step(59, schedule), a_step(2, schedule))
    await ring(mailing, project)
    assert (await later(mailing, clock, 59))[-1] == "Bob"
    assert (await later(mailing, clock, 2))[-1] == "Eve"
    assert "you are on call in Backend" in (await mails(mailing, Notification.recipient_id == eve.id))[0].reason


async def test_a_step_that_names_channels_goes_by_those_alone(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing, services=("billing",), on_call=False)
    await make_policy(mailing, a_step(0, ada, channels=(Channel.EMAIL,)), a_step(5, ada, channels=(Channel.SMS,)))
    await ring(mailing, project, severity=Severity.HIGH)
    assert len(await mails(mailing)) == 1
    await later(mailing, clock, 5)
    assert len(await mails(mailing)) == 1
    (text_message,) = await all_rows(mailing, Notification, Notification.channel == Channel.SMS)
    assert "no verified contact method" in text_message.reason


async def test_a_level_that_reaches_nobody_is_said_and_passed_at_once(mailing: Resources, clock: ManualClock):
    project, _ = await make_on_call(mailing, name="Ada")
    empty, bob = await make_team(mailing), await join_on_call(mailing, project, name="Bob", on_call=False)
    await make_policy(mailing, a_step(5, empty), a_step(60, bob), name="Shop")
    await ring(mailing, project)
    assert await later(mailing, clock, 5) == ["Ada", "Bob"]
    assert (await only_row(mailing, Alert)).level == 2
    (silence,) = await all_rows(mailing, Activity, Activity.kind == ActivityKind.NOBODY_NOTIFIED)
    assert silence.note == "Level 1 of Shop reaches nobody now."


async def test_where_nobody_knows_the_service_the_policy_is_asked_before_the_owner(mailing: Resources):
    await make_developer(mailing, role=Role.OWNER, name="Owner")
    project, ada = await make_on_call(mailing, name="Ada", services=("billing",))
    await make_policy(mailing, a_step(30, ada))
    await ring(mailing, project)
    assert await told(mailing) == ["Ada"]


async def test_without_a_policy_it_climbs_the_line_by_severity(mailing: Resources, clock: ManualClock):
    await make_developer(mailing, role=Role.OWNER, name="Owner")
    project, ada = await make_on_call(mailing, name="Ada")
    boss = await join_on_call(mailing, project, name="Boss", on_call=False)
    async with mailing.db.transaction() as tx:
        await tx.session.exec(text(f"UPDATE developer SET manager_id = '{boss.id}' WHERE id = '{ada.id}'"))
    await ring(mailing, project, severity=Severity.CRITICAL)
    assert await later(mailing, clock, 59) == ["Ada"]
    assert await later(mailing, clock, 1) == ["Ada", "Boss"]
    assert await later(mailing, clock, 60) == ["Ada", "Boss", "Owner"]
    assert await later(mailing, clock, 60) == ["Ada", "Boss", "Owner", "Owner"]
    assert (await ring(mailing, project, severity=Severity.HIGH)).next_escalation_at == clock.now() + 240 * MINUTE


async def test_an_alert_climbs_what_the_policy_was_when_it_began(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing, name="Ada")
    bob = await join_on_call(mailing, project, name="Bob", on_call=False)
    root = await make_developer(mailing, role=Role.OWNER)
    policy = await make_policy(mailing, a_step(5, bob))
    await ring(mailing, project)
    await update_policy(mailing, acting(root), policy_id=policy.id, steps=[a_step(9_000, ada)])
    async with mailing.db.transaction() as tx:
        await tx.session.exec(delete(EscalationPolicy))
    assert await later(mailing, clock, 5) == ["Ada", "Bob"]
    assert (await only_row(mailing, Alert)).policy_id is None


async def test_who_acknowledges_stops_it_and_is_reminded_until_they_answer(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing, name="Ada")
    bob = await join_on_call(mailing, project, name="Bob", on_call=False)
    await make_policy(mailing, a_step(5, bob))
    alert = await ring(mailing, project)
    await acknowledge_alert(mailing, acting(ada, project), alert_id=alert.id)
    assert await later(mailing, clock, 8 * 60 - 1) == ["Ada"]
    assert await later(mailing, clock, 1) == ["Ada", "Ada"]
    reminder = (await mails(mailing))[1]
    assert reminder.reason == (
        "You acknowledged it 8 h ago, and it is not resolved. "
        "Acknowledge it again or resolve it until 11:30 UTC, or it rings again."
    )
    await acknowledge_alert(mailing, acting(ada, project), alert_id=alert.id)
    assert await later(mailing, clock, 8 * 60) == ["Ada", "Ada", "Ada"]
    assert await later(mailing, clock, 30) == ["Ada", "Ada", "Ada", "Ada"]
    alert, issue = await only_row(mailing, Alert), await only_row(mailing, Issue)
    assert (alert.status, alert.level, issue.acknowledged_at) == (AlertStatus.TRIGGERED, 0, None)
    assert len(await all_rows(mailing, Activity, Activity.kind == ActivityKind.LAPSED)) == 1
    assert (await later(mailing, clock, 5))[-1] == "Bob"


async def test_what_is_resolved_rings_no_more(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing, name="Ada")
    await make_policy(mailing, a_step(5, ada), repeat=9)
    alert = await ring(mailing, project)
    await resolve_issue(mailing, acting(ada, project), issue_id=alert.issue_id)
    assert await later(mailing, clock, 10_000) == ["Ada"]
    assert (await only_row(mailing, Alert)).next_escalation_at is None


async def test_help_called_by_hand_takes_the_next_step_of_the_policy(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing, name="Ada")
    bob = await join_on_call(mailing, project, name="Bob", on_call=False)
    eve = await join_on_call(mailing, project, name="Eve", on_call=False)
    await make_policy(mailing, a_step(5, bob), a_step(20, eve))
    alert = await ring(mailing, project)
    alert = await escalate_alert(mailing, acting(ada, project), alert_id=alert.id)
    assert await told(mailing) == ["Ada", "Bob"]
    assert (alert.level, alert.next_escalation_at) == (1, clock.now() + 20 * MINUTE)
    assert await later(mailing, clock, 20) == ["Ada", "Bob", "Eve"]


async def test_workers_at_once_take_each_step_once(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing, max_load=100)
    await make_policy(mailing, a_step(5, ada))
    for _ in range(8):
        await ring(mailing, project)
    await clock.advance(5 * MINUTE)
    assert sum(await asyncio.gather(*(escalate_due(mailing) for _ in range(4)))) == 8
    assert len(await all_rows(mailing, Escalation)) == 8


async def test_one_that_fails_is_tried_again_and_holds_up_no_other(mailing: Resources, clock: ManualClock):
    project, ada = await make_on_call(mailing)
    await make_policy(mailing, a_step(5, ada))
    bad, good = await ring(mailing, project), await ring(mailing, project)
    async with mailing.db.transaction() as tx:
        await tx.session.exec(text(f"UPDATE alert SET plan = '[1]' WHERE id = '{bad.id}'"))
    await clock.advance(5 * MINUTE)
    assert await escalate_due(mailing) == 1
    assert await escalate_due(mailing) == 0
    rows = {row.id: row for row in await all_rows(mailing, Alert)}
    assert (rows[good.id].level, rows[bad.id].level) == (1, 0)
    assert rows[bad.id].next_escalation_at == clock.now() + timedelta(seconds=5)


async def test_who_answers_for_the_project_is_warned_too_when_a_policy_reaches_nobody(mailing: Resources):
    owner, admin = await make_developer(mailing, name="Owner"), await make_developer(mailing, role=Role.ADMIN)
    project = await make_project(mailing, owner_id=owner.id)
    await make_team(mailing, members=(owner,), projects=(project,))
    await make_policy(mailing, a_step(0, await make_team(mailing)), name="Shop")
    await ring(mailing, project)
    while await escalate_due(mailing):
        pass
    assert sorted(await told(mailing)) == sorted(["Owner", admin.name])
    assert (await only_row(mailing, Alert)).next_escalation_at is None


async def test_what_somebody_has_acknowledged_does_not_climb_when_the_issue_gets_worse(mailing: Resources):
    project, _ = await make_on_call(mailing, services=("billing",))
    bob = await join_on_call(mailing, project, name="Bob", on_call=False)
    await make_developer(mailing, role=Role.OWNER, name="Owner")
    await make_policy(mailing, a_step(0, bob), a_step(5, bob))
    alert = await ring(mailing, project)
    await acknowledge_alert(mailing, acting(bob, project), alert_id=alert.id)
    issue = await only_row(mailing, Issue)
    await make_triage(mailing, issue)
    await take_triage(mailing)
    alert = await only_row(mailing, Alert)
    assert (alert.status, alert.level) == (AlertStatus.ACKNOWLEDGED, 1)
    assert await told(mailing) == ["Bob", "Owner"]


async def test_one_with_a_fault_holds_up_no_other_that_climbs_with_it(mailing: Resources):
    project, _ = await make_on_call(mailing)
    alerts = [await make_alert(mailing, await make_issue(mailing, project)) for _ in range(3)]
    await mailing.db.raw.execute("UPDATE alert SET next_escalation_at = triggered_at")
    sql = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$"
    await mailing.db.raw.execute(sql)
    only = f"FOR EACH ROW WHEN (NEW.alert_id = '{alerts[1].id}') EXECUTE FUNCTION fail()"
    await mailing.db.raw.execute(f"CREATE TRIGGER fail BEFORE INSERT ON escalation {only}")
    assert await escalate_due(mailing) == 2
    assert [alert.level for alert in await all_rows(mailing, Alert)] == [1, 0, 1]
