"""By which ways people want to be told, and what is on their dashboard."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.access import Role
from domain.contact import MOST_RULES, Importance, QuietHours
from domain.errors import Conflict, InvalidInput, NotFound
from domain.event import Severity
from domain.notification import Channel, NotificationStatus
from models import AuditEntry, Notification, NotificationRule
from resolvers.contact.listing import notification_rules_by_developer_id, notification_rules_by_id
from resolvers.contact.rules import create_notification_rule, delete_notification_rule, update_notification_rule
from resolvers.notification.dashboard import MOST_IDS, mark_notifications_read
from resolvers.notification.trial import send_test_notification
from resolvers.resources import Resources
from resolvers.viewer import count_unread_notifications
from tests.support.actors import acting
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.mailbox import Mailbox, body, send_due
from tests.support.rows import all_rows, only_row


async def test_a_rule_is_made_changed_and_taken_away_and_each_is_audited(res: Resources):
    ada = await make_developer(res)
    quiet = QuietHours("22:00", "07:00", "Europe/Berlin")
    rule = await create_notification_rule(
        res, acting(ada), channel=Channel.SMS, min_severity=Severity.HIGH, delay=timedelta(minutes=5), quiet_hours=quiet
    )
    assert (rule.developer_id, rule.delay_s, rule.quiet_end) == (ada.id, 300, "07:00")
    changed = await update_notification_rule(
        res, acting(ada), rule_id=rule.id, quiet_hours=None, importance=Importance.IMPORTANT
    )
    assert (changed.quiet_start, changed.importance, changed.delay_s) == (None, Importance.IMPORTANT, 300)
    await delete_notification_rule(res, acting(ada), rule_id=rule.id)
    assert await all_rows(res, NotificationRule) == []
    actions = [entry.action for entry in await all_rows(res, AuditEntry)]
    assert actions == ["createNotificationRule", "updateNotificationRule", "deleteNotificationRule"]


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"channel": Channel.DASHBOARD}, "channel"),
        ({"delay": timedelta(days=2)}, "delay"),
        ({"digest_every": timedelta(hours=7)}, "digestEvery"),
        ({"digest_every": timedelta(hours=1), "importance": Importance.IMPORTANT}, "digestEvery"),
        ({"digest_every": timedelta(hours=1), "channel": Channel.WEBHOOK}, "digestEvery"),
        ({"quiet_hours": QuietHours("25:00", "07:00")}, "quietHours.start"),
        ({"quiet_hours": QuietHours("07:00", "07:00")}, "quietHours.end"),
        ({"quiet_hours": QuietHours("22:00", "07:00", "Mars")}, "quietHours.timezone"),
    ],
)
async def test_what_is_wrong_is_named(res: Resources, settings, path):
    actor = acting(await make_developer(res))
    with pytest.raises(InvalidInput) as refused:
        await create_notification_rule(res, actor, **{"channel": Channel.SMS, "min_severity": Severity.LOW, **settings})
    assert ".".join(refused.value.path) == path


@pytest.mark.parametrize("change", [{"importance": Importance.IMPORTANT}, {"channel": Channel.PAGERDUTY}])
async def test_a_rule_that_gathers_cannot_become_one_that_must_not(res: Resources, change):
    actor = acting(await make_developer(res))
    rule = await create_notification_rule(
        res, actor, channel=Channel.SMS, min_severity=Severity.LOW, digest_every=timedelta(hours=1)
    )
    assert rule.digest_s == 3600
    with pytest.raises(InvalidInput) as refused:
        await update_notification_rule(res, actor, rule_id=rule.id, **change)
    assert refused.value.path == ("digestEvery",)
    assert (await only_row(res, NotificationRule)).channel is Channel.SMS
    await update_notification_rule(res, actor, rule_id=rule.id, digest_every=None, **change)
    assert (await only_row(res, NotificationRule)).digest_s is None
    (entry,) = await all_rows(res, AuditEntry, AuditEntry.action == "updateNotificationRule")
    assert entry.before["digestSeconds"] == 3600


async def test_people_set_their_own_and_administrators_everybodys(res: Resources):
    ada, eve = await make_developer(res), await make_developer(res)
    admin = acting(await make_developer(res, role=Role.ADMIN))
    rule = await make_rule(res, eve, Channel.EMAIL)
    for change in (update_notification_rule, delete_notification_rule):
        with pytest.raises(NotFound):
            await change(res, acting(ada), rule_id=rule.id)
        with pytest.raises(NotFound):
            await change(res, admin, rule_id=uuid4())
    assert await notification_rules_by_id(res, acting(ada), [rule.id]) == [None]
    assert await notification_rules_by_developer_id(res, acting(ada), [eve.id]) == [[]]
    assert [row.id for row in (await notification_rules_by_developer_id(res, acting(eve), [eve.id]))[0]] == [rule.id]
    await update_notification_rule(res, admin, rule_id=rule.id, min_severity=Severity.CRITICAL)
    assert (await only_row(res, NotificationRule)).min_severity is Severity.CRITICAL


async def test_one_has_not_too_many(res: Resources):
    ada = await make_developer(res)
    for _ in range(MOST_RULES):
        await make_rule(res, ada, Channel.EMAIL)
    with pytest.raises(Conflict, match=f"at most {MOST_RULES}"):
        await create_notification_rule(res, acting(ada), channel=Channel.SMS, min_severity=Severity.LOW)


async def test_a_test_goes_to_a_place_of_ones_own(mailing: Resources, mailbox: Mailbox):
    ada = await make_developer(mailing)
    await send_test_notification(mailing, acting(ada), channel=Channel.EMAIL)
    await send_due(mailing)
    assert mailbox.recipients == [ada.email]
    assert "This is a test" in body(mailbox.mails[0])
    assert (await only_row(mailing, Notification)).status is NotificationStatus.SENT
    for destination in ("eve@example.com", None):
        channel = Channel.EMAIL if destination else Channel.SMS
        with pytest.raises(InvalidInput, match="no such verified"):
            await send_test_notification(mailing, acting(ada), channel=channel, destination=destination)
    await make_contact(mailing, ada, Channel.SMS, value="+491511234567")
    with pytest.raises(Conflict, match="TOCSIN_TWILIO"):
        await send_test_notification(mailing, acting(ada), channel=Channel.SMS)


async def test_what_was_read_is_not_unread_any_more_and_only_ones_own(mailing: Resources):
    project = await make_project(mailing)
    ada, eve = await make_developer(mailing), await make_developer(mailing)
    for developer in (ada, ada, eve):
        await make_notification(mailing, await make_issue(mailing, project), developer)
    actor = acting(ada, project)
    assert await count_unread_notifications(mailing, actor) == 2
    rows = await all_rows(mailing, Notification, Notification.channel == Channel.DASHBOARD)
    assert await mark_notifications_read(mailing, actor, ids=[rows[0].id, rows[2].id]) == 1
    assert await count_unread_notifications(mailing, actor) == 1
    assert await mark_notifications_read(mailing, actor, ids=None) >= 1
    assert await count_unread_notifications(mailing, actor) == 0
    assert await count_unread_notifications(mailing, acting(eve, project)) == 1
    with pytest.raises(InvalidInput):
        await mark_notifications_read(mailing, actor, ids=[uuid4()] * (MOST_IDS + 1))
