import asyncio

from domain.issue import ActivityKind
from domain.notification import Channel, NotificationStatus
from models import Activity, Notification
from resolvers.resources import Resources
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.mailbox import BY_MAIL
from tests.support.rows import all_rows, only_row


async def test_it_is_due_at_once_by_mail_and_the_timeline_says_who_is_told(mailing: Resources):
    issue, ada = await make_issue(mailing, await make_project(mailing)), await make_developer(mailing, name="Ada")
    await make_notification(mailing, issue, ada, reason="Grace gave it to you.")
    row, activity = await only_row(mailing, Notification, BY_MAIL), await only_row(mailing, Activity)
    assert (row.channel, row.destination, row.recipient_id) == (Channel.EMAIL, ada.email, ada.id)
    assert (row.status, row.next_attempt_at) == (NotificationStatus.PENDING, mailing.clock.now())
    assert row.subject == f"[HIGH] {issue.short_id} ValueError: bad total"
    assert row.reason == activity.note == "Grace gave it to you."
    assert activity.kind is ActivityKind.NOTIFIED
    assert activity.details == {
        "notificationId": str(row.id),
        "developerId": str(ada.id),
        "developer": "Ada",
        "channel": "EMAIL",
    }


async def test_the_same_is_written_once_also_at_the_same_time(mailing: Resources):
    issue, ada = await make_issue(mailing, await make_project(mailing)), await make_developer(mailing)
    written = await asyncio.gather(*(make_notification(mailing, issue, ada, dedup="same") for _ in range(4)))
    row = await only_row(mailing, Notification, BY_MAIL)
    assert {notification.id for notification in written} == {row.id}
    assert len(await all_rows(mailing, Activity)) == 1


async def test_two_people_are_each_told_of_the_same(mailing: Resources):
    issue = await make_issue(mailing, await make_project(mailing))
    for _ in range(2):
        await make_notification(mailing, issue, await make_developer(mailing), dedup="same")
    assert len(await all_rows(mailing, Notification, BY_MAIL)) == 2
