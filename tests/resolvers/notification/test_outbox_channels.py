from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertStatus
from domain.channels import NO_METHOD
from domain.errors import Conflict
from domain.event import Severity
from domain.issue import ActivityKind
from domain.notification import Channel, NotificationKind, NotificationStatus, Outcome
from models import Activity, Alert, Developer, Issue, Notification
from resolvers.notification.outbox import notify
from resolvers.notification.retry import retry_notification
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.alert import make_alert, set_alert
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.mailbox import deliver_by, take_due
from tests.support.rows import all_rows, only_row

HOOK = "https://hooks.slack.com/services/T000/B000/secretsecretAbCd"


async def tell(
    res: Resources, issue: Issue, recipient: Developer, alert: Alert | None = None, kind=NotificationKind.NEW_ISSUE
) -> list[Notification]:
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
        return await notify(
            res, tx, kind=kind, issue=held, alert=alert, recipient=recipient, reason="You have it.", dedup="it"
        )


async def an_issue(res: Resources, severity: Severity = Severity.HIGH) -> Issue:
    return await make_issue(res, await make_project(res), severity=severity)


def ways(rows: list[Notification]) -> list[tuple[str, str]]:
    return [(row.channel, row.status) for row in rows]


async def test_each_way_has_a_row_of_its_own_and_a_step_on_the_timeline_but_for_the_dashboard(mailing: Resources):
    issue, ada = await an_issue(mailing), await make_developer(mailing, name="Ada")
    slack = await make_contact(mailing, ada, value=HOOK)
    rows = await tell(mailing, issue, ada)
    assert ways(rows) == [("EMAIL", "PENDING"), ("SLACK", "PENDING"), ("DASHBOARD", "SENT")]
    assert [(row.destination, row.contact_method_id) for row in rows] == [
        (ada.email, None), (HOOK, slack.id), ("dashboard", None),
    ]  # fmt: skip
    assert rows[2].sent_at == mailing.clock.now()
    steps = await all_rows(mailing, Activity)
    assert [(step.kind, step.details["channel"]) for step in steps] == [
        (ActivityKind.NOTIFIED, "EMAIL"), (ActivityKind.NOTIFIED, "SLACK"),
    ]  # fmt: skip


async def test_it_is_written_once_by_each_way(mailing: Resources):
    issue, ada = await an_issue(mailing), await make_developer(mailing)
    await make_contact(mailing, ada, value=HOOK)
    first, again = await tell(mailing, issue, ada), await tell(mailing, issue, ada)
    assert [row.id for row in first] == [row.id for row in again]
    assert len(await all_rows(mailing, Notification)) == 3
    assert len(await all_rows(mailing, Activity)) == 2


async def test_what_is_minor_is_on_the_dashboard_alone_and_no_step_on_the_timeline(mailing: Resources):
    issue, ada = await an_issue(mailing, Severity.LOW), await make_developer(mailing)
    assert ways(await tell(mailing, issue, ada)) == [("DASHBOARD", "SENT")]
    assert await all_rows(mailing, Activity) == []


@pytest.mark.parametrize("facts", [{"verified_at": None}, {"is_enabled": False}])
async def test_what_is_not_verified_or_switched_off_is_not_used(mailing: Resources, facts: dict):
    issue, ada = await an_issue(mailing), await make_developer(mailing)
    await make_contact(mailing, ada, value=HOOK, **facts)
    assert ways(await tell(mailing, issue, ada)) == [("EMAIL", "PENDING"), ("DASHBOARD", "SENT")]


async def test_what_a_rule_asks_for_and_cannot_be_is_held_back_with_the_reason(mailing: Resources):
    issue, ada = await an_issue(mailing), await make_developer(mailing)
    await make_rule(mailing, ada, Channel.SMS)
    rows = await tell(mailing, issue, ada)
    assert ways(rows) == [("SMS", "SUPPRESSED"), ("DASHBOARD", "SENT")]
    assert rows[0].reason == f"Held back: {NO_METHOD}."
    step = await only_row(mailing, Activity)
    assert (step.kind, step.note) == (ActivityKind.NOBODY_NOTIFIED, rows[0].reason)


async def test_what_this_server_cannot_send_says_which_setting_is_missing(mailing: Resources):
    issue, ada = await an_issue(mailing, Severity.CRITICAL), await make_developer(mailing)
    await make_contact(mailing, ada, Channel.SMS, value="+4915112345678")
    rows = await tell(mailing, issue, ada)
    assert ways(rows) == [("EMAIL", "PENDING"), ("SMS", "SUPPRESSED"), ("DASHBOARD", "SENT")]
    assert "TOCSIN_TWILIO_ACCOUNT_SID" in rows[1].reason


@pytest.mark.parametrize(
    ("status", "is_sent"),
    [(AlertStatus.TRIGGERED, True), (AlertStatus.ACKNOWLEDGED, False), (AlertStatus.RESOLVED, False)],
)
async def test_a_delayed_message_is_not_sent_once_somebody_has_the_alert(
    mailing: Resources, clock: ManualClock, status: AlertStatus, is_sent: bool
):
    issue, ada = await an_issue(mailing), await make_developer(mailing)
    alert = await make_alert(mailing, issue)
    await make_rule(mailing, ada, Channel.EMAIL)
    await make_rule(mailing, ada, Channel.EMAIL, delay=timedelta(minutes=5))
    rows = await tell(mailing, issue, ada, alert)
    assert [row.next_attempt_at for row in rows] == [clock.now(), clock.now() + timedelta(minutes=5), None]
    await set_alert(mailing, alert.id, status)
    assert [claim.notification.id for claim in await take_due(mailing, most=10)] == [rows[0].id]
    await clock.advance(timedelta(minutes=5))
    claimed = [claim.notification.id for claim in await take_due(mailing, most=10)]
    assert (rows[1].id in claimed) == is_sent
    late = await only_row(mailing, Notification, Notification.id == rows[1].id)
    assert late.status is (NotificationStatus.SENDING if is_sent else NotificationStatus.SUPPRESSED)
    if not is_sent:
        assert late.reason == f"Held back: the alert was {status.lower()} before it was due."
        assert late.next_attempt_at is None


async def test_a_server_that_asks_to_be_left_alone_is(mailing: Resources, clock: ManualClock):
    await tell(mailing, await an_issue(mailing), await make_developer(mailing))

    async def busy(_: Notification) -> Outcome:
        return Outcome(succeeded=False, status_code=429, retry_after_s=900)

    (claim,) = await take_due(mailing, most=1)
    await deliver_by(mailing, claim, {Channel.EMAIL: busy})
    row = await only_row(mailing, Notification, Notification.channel == Channel.EMAIL)
    assert row.next_attempt_at == clock.now() + timedelta(minutes=15)


async def test_what_was_held_back_for_want_of_an_address_is_tried_once_there_is_one(mailing: Resources):
    issue, ada = await an_issue(mailing), await make_developer(mailing, role=Role.ADMIN)
    await make_rule(mailing, ada, Channel.SLACK)
    held, _ = await tell(mailing, issue, ada)
    with pytest.raises(Conflict, match="no verified contact method"):
        await retry_notification(mailing, acting(ada), notification_id=held.id)
    method = await make_contact(mailing, ada, value=HOOK)
    row = await retry_notification(mailing, acting(ada), notification_id=held.id)
    assert (row.status, row.destination, row.contact_method_id) == (NotificationStatus.PENDING, HOOK, method.id)
