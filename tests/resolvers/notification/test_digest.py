"""What is gathered for a digest: it leaves in one at its time, not before, and each row is accounted for."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.clock import ManualClock
from domain.access import system
from domain.alert import AlertStatus
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Activity, DeliveryAttempt, Issue, Notification
from resolvers.notification.listing import attempts_by_notification_id
from resolvers.notification.retry import retry_notification
from resolvers.resources import Resources
from tests.support.graphql import counted_statements
from tests.support.mailbox import Mailbox, body, send_due, take_due
from tests.support.reader import Reader, sit_down
from tests.support.rows import all_rows, only_row

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SAID = "You know it. For the digest of 05:00 (Europe/Berlin)."
_COPIES = """
INSERT INTO notification (id, kind, channel, recipient_id, destination, subject, content, status, reason, issue_id,
                          idempotency_key, urgency, digest_at, attempt_count, next_attempt_at, created_at, project_id)
SELECT gen_random_uuid(), kind, channel, recipient_id, destination, subject, content, status, reason, issue_id,
       'copy ' || copy, urgency, digest_at, attempt_count, next_attempt_at, created_at, project_id
  FROM notification, generate_series(1, :count) AS copy
 WHERE channel = 'EMAIL'
"""


@pytest.fixture
async def reader(mailing: Resources) -> Reader:
    """Ada has mail by the hour; it is 04:00 in Berlin."""
    return await sit_down(mailing, Channel.EMAIL, digest_s=3600)


async def test_it_waits_until_the_hour_says_so_and_comes_in_one_mail(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    worse, *others = await reader.tell("Worse"), *await reader.tell("One", "Two", severity=Severity.LOW)
    await send_due(reader.res)
    rows = await reader.rows()
    assert {(row.status, row.reason, row.next_attempt_at - clock.now()) for row in rows} == {("PENDING", SAID, HOUR)}
    noted = await all_rows(reader.res, Activity, Activity.kind == ActivityKind.NOTIFIED)
    assert [activity.note for activity in noted] == [SAID] * 3
    await clock.advance(HOUR - SECOND)
    await send_due(reader.res)
    assert mailbox.mails == []
    await clock.advance(SECOND)
    await send_due(reader.res)
    (mail,) = mailbox.mails
    lead = worse[0]
    assert mail["Subject"] == f"[HIGH] {lead.content['issue']['short_id']} Worse (and 2 more)"
    for said in (body(mail), body(mail, "html")):
        assert "2 LOW" in said
        assert "in your digest" in said
        assert all(other.content["issue"]["url"] in said for other in others)
        assert "You know it." in said
        assert "For the digest" not in said
    rows = await reader.rows()
    assert {(row.status, row.reason) for row in rows} == {("SENT", SAID)}
    assert Counter(row.carrier_id for row in rows) == {None: 1, lead.id: 2}
    assert len(await all_rows(reader.res, DeliveryAttempt)) == 1


async def test_one_alone_is_an_ordinary_mail(reader: Reader, mailbox: Mailbox, clock: ManualClock):
    (row,) = await reader.tell("Alone")
    await clock.advance(HOUR)
    await send_due(reader.res)
    (mail,) = mailbox.mails
    assert mail["Subject"] == f"[HIGH] {row.content['issue']['short_id']} Alone"
    assert "digest" not in body(mail)


async def test_what_does_not_wait_leaves_at_once_and_takes_nothing_along(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    await reader.tell("One", "Two")
    for n in range(2):
        await reader.tell(f"Now {n}", severity=Severity.CRITICAL)
        await send_due(reader.res)
    assert ["more" in mail["Subject"] for mail in mailbox.mails] == [False, False]
    assert await reader.statuses() == {"SENT": 2, "PENDING": 2}
    await clock.advance(HOUR)
    await send_due(reader.res)
    assert mailbox.mails[2]["Subject"].endswith("One (and 1 more)")


async def test_what_somebody_has_meanwhile_or_is_resolved_leaves_the_digest(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    rows = await reader.tell("Taken", "Left", "Over")
    rows += await reader.tell("Resolved", "Mine", kind=NotificationKind.ASSIGNMENT, rings=False)
    await clock.advance(MINUTE)
    await reader.set_alert(rows[0], AlertStatus.ACKNOWLEDGED)
    await reader.set_alert(rows[2], AlertStatus.RESOLVED)
    async with reader.res.db.transaction() as tx:
        issue = await tx.session.get_one(Issue, rows[3].issue_id)
        issue.status, issue.resolved_at = IssueStatus.RESOLVED, clock.now()
        tx.session.add(issue)
    await clock.advance(HOUR)
    await send_due(reader.res)
    (mail,) = mailbox.mails
    assert mail["Subject"].endswith("Left (and 1 more)")
    assert [(row.status, row.reason.removeprefix("Held back: ")) for row in await reader.rows()] == [
        ("SUPPRESSED", "the alert was acknowledged before it was due."),
        ("SENT", SAID),
        ("SUPPRESSED", "the alert was resolved before it was due."),
        ("SUPPRESSED", "the issue was resolved before it was due."),
        ("SENT", SAID),
    ]


async def test_that_an_issue_is_somebodys_now_is_told_also_where_another_took_its_alert(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    (row,) = await reader.tell("Mine", kind=NotificationKind.ASSIGNMENT)
    await reader.set_alert(row, AlertStatus.ACKNOWLEDGED)
    await clock.advance(HOUR)
    await send_due(reader.res)
    assert len(mailbox.mails) == 1


async def test_all_that_was_gathered_comes_in_one_however_much_it_is(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    await reader.tell("Many")
    async with reader.res.db.transaction() as tx:
        await (await tx.session.connection()).execute(text(_COPIES), {"count": 299})
    await clock.advance(HOUR)
    await send_due(reader.res)
    (mail,) = mailbox.mails
    assert mail["Subject"].endswith("Many (and 299 more)")
    assert await reader.statuses() == {"SENT": 300}


async def test_however_many_workers_look_at_once_it_comes_once(reader: Reader, mailbox: Mailbox, clock: ManualClock):
    await reader.tell("One", "Two", "Three")
    await clock.advance(HOUR)
    await asyncio.gather(*(send_due(reader.res) for _ in range(4)))
    assert len(mailbox.mails) == 1
    assert await reader.statuses() == {"SENT": 3}


async def test_a_large_digest_takes_no_more_statements_than_a_small_one(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    counts = []
    for count in (2, 20):
        await reader.tell(*map(str, range(count)))
        await clock.advance(HOUR)
        with counted_statements(reader.res) as statements:
            await take_due(reader.res)
        counts.append(len(statements))
        await clock.advance(timedelta(seconds=reader.res.settings.notification_lease_s))
        await send_due(reader.res)
    assert len(mailbox.mails) == 2
    assert counts[0] == counts[1]


async def test_a_digest_for_a_place_that_had_too_much_waits_with_the_rest(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    await reader.tell("One", "Two")
    await clock.advance(HOUR - SECOND)
    for n in range(5):
        await reader.tell(f"Now {n}", severity=Severity.CRITICAL)
    await send_due(reader.res)
    await clock.advance(SECOND)
    await send_due(reader.res)
    assert len(mailbox.mails) == 5
    await clock.advance(MINUTE)
    await send_due(reader.res)
    assert [mail["Subject"].endswith("One (and 1 more)") for mail in mailbox.mails] == [False] * 5 + [True]
    assert await reader.statuses() == {"SENT": 7}


async def test_a_digest_that_fails_is_tried_again_as_it_was(reader: Reader, mailbox: Mailbox, clock: ManualClock):
    mailbox.refusal = "451 Later"
    await reader.tell("One", "Two")
    await clock.advance(HOUR)
    await send_due(reader.res)
    assert await reader.statuses() == {"RETRYING": 2}
    await reader.tell("Three")
    mailbox.refusal = None
    await clock.advance(10 * SECOND)
    await send_due(reader.res)
    (mail,) = mailbox.mails
    assert mail["Subject"].endswith("One (and 1 more)")
    assert await reader.statuses() == {"SENT": 2, "PENDING": 1}


async def test_a_worker_that_dies_with_a_digest_leaves_all_of_it_to_the_next(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    await reader.tell("One", "Two")
    await clock.advance(HOUR)
    (claim,) = await take_due(reader.res)
    assert await reader.statuses() == {"SENDING": 2}
    assert await take_due(reader.res) == []
    await clock.advance(timedelta(seconds=reader.res.settings.notification_lease_s))
    await send_due(reader.res)
    (mail,) = mailbox.mails
    assert mail["Subject"].endswith("One (and 1 more)")
    assert await reader.statuses() == {"SENT": 2}
    (tries,) = await attempts_by_notification_id(reader.res, system(), [claim.notification.id])
    assert [attempt.succeeded for attempt in tries] == [False, True]


async def test_one_that_was_given_up_with_its_digest_is_tried_again_at_once_by_itself(
    reader: Reader, mailbox: Mailbox, clock: ManualClock
):
    mailbox.refusal = "550 Unknown"
    rows = await reader.tell("One", "Two")
    await clock.advance(HOUR)
    await send_due(reader.res)
    assert await reader.statuses() == {"DEAD": 2}
    mailbox.refusal = None
    await retry_notification(reader.res, system(), notification_id=rows[1].id)
    await send_due(reader.res)
    (mail,) = mailbox.mails
    assert mail["Subject"].endswith(" Two")


async def test_the_night_is_read_as_quiet_hours_end(mailing: Resources, mailbox: Mailbox, clock: ManualClock):
    reader = await sit_down(mailing, Channel.EMAIL, digest_s=3600, quiet_start="22:00", quiet_end="07:00")
    await reader.tell("At four")
    await clock.advance(2 * HOUR)
    await reader.tell("At six")
    await send_due(mailing)
    assert mailbox.mails == []
    await clock.advance(HOUR)
    await send_due(mailing)
    (mail,) = mailbox.mails
    assert mail["Subject"].endswith("At four (and 1 more)")
    assert (await reader.rows())[0].reason == "You know it. For the digest of 07:00 (Europe/Berlin)."


async def test_what_is_gathered_is_on_the_dashboard_at_once(reader: Reader):
    await reader.tell("One")
    row = await only_row(reader.res, Notification, Notification.channel == Channel.DASHBOARD)
    assert (row.status, row.reason) == (NotificationStatus.SENT, "You know it.")
