import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.notification import Channel, NotificationStatus, Outcome
from models import Activity, DeliveryAttempt, FeedRow, Issue, Notification
from resolvers.notification.claim import LOST
from resolvers.resources import Resources, open_resources
from tests.support.cutting import cut_connections
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.mailbox import BY_MAIL, Mailbox, deliver_by, send_due, take_due
from tests.support.rows import all_rows, only_row

MINUTE = timedelta(minutes=1)
NAME = "Ada"


@pytest.fixture
async def written(mailing: Resources) -> Notification:
    issue = await make_issue(mailing, await make_project(mailing))
    return await make_notification(mailing, issue, await make_developer(mailing, name=NAME))


async def steps(res: Resources) -> list[tuple[str, str | None]]:
    """The timeline of all issues."""
    return [(row.kind, row.note) for row in await all_rows(res, Activity)]


async def write_more(res: Resources, count: int) -> None:
    issue = await make_issue(res, await make_project(res))
    for _ in range(count):
        await make_notification(res, issue, await make_developer(res))


async def answer_with(res: Resources, outcome: Outcome, *, most: int = 100) -> None:
    """Claim what is due, and record that each try came to this."""

    async def send(_: Notification) -> Outcome:
        return outcome

    for claim in await take_due(res, most=most):
        await deliver_by(res, claim, {Channel.EMAIL: send})


async def test_what_is_sent_is_recorded_with_the_servers_answer(mailing, mailbox: Mailbox, written):
    await send_due(mailing)
    row, attempt = await only_row(mailing, Notification, BY_MAIL), await only_row(mailing, DeliveryAttempt)
    assert (row.status, row.sent_at) == (NotificationStatus.SENT, mailing.clock.now())
    assert (row.next_attempt_at, row.lease_until) == (None, None)
    assert (attempt.succeeded, attempt.status_code, attempt.detail) == (True, 250, "2.0.0 Taken")
    assert len(mailbox.mails) == 1


async def test_what_was_sent_is_not_sent_again(mailing, mailbox: Mailbox, written, clock: ManualClock):
    await send_due(mailing)
    await clock.advance(timedelta(days=1))
    await send_due(mailing)
    assert len(mailbox.mails) == 1


async def test_a_claim_is_for_one_worker_alone_until_its_lease_ends(mailing, written, clock: ManualClock):
    (claim,) = await take_due(mailing, most=10)
    assert await take_due(mailing, most=10) == []
    await clock.advance(timedelta(seconds=mailing.settings.notification_lease_s) - timedelta(microseconds=1))
    assert await take_due(mailing, most=10) == []
    await clock.advance(timedelta(microseconds=1))
    (again,) = await take_due(mailing, most=10)
    assert (claim.attempt, again.attempt) == (1, 2)


async def test_workers_that_claim_at_once_share_what_is_due(mailing):
    await write_more(mailing, 12)
    claims = await asyncio.gather(*(take_due(mailing, most=5) for _ in range(4)))
    claimed = [claim.notification.id for batch in claims for claim in batch]
    assert len(claimed) == len(set(claimed))
    rest = await take_due(mailing, most=20)
    assert len(claimed) + len(rest) == 12


async def test_a_dead_workers_try_is_noted_and_the_message_goes_out(
    mailing, mailbox: Mailbox, written, clock: ManualClock
):
    await take_due(mailing, most=10)
    await clock.advance(MINUTE)
    await send_due(mailing)
    attempts = await all_rows(mailing, DeliveryAttempt)
    assert [(attempt.succeeded, attempt.detail) for attempt in attempts] == [(False, LOST), (True, "2.0.0 Taken")]
    assert len(mailbox.mails) == 1


async def test_who_comes_back_after_its_lease_does_not_overwrite_what_another_did(mailing, written, clock: ManualClock):
    (late,) = await take_due(mailing, most=10)
    await clock.advance(MINUTE)
    await answer_with(mailing, Outcome(succeeded=True))

    async def fail(_: Notification) -> Outcome:
        return Outcome(succeeded=False, detail="too late")

    await deliver_by(mailing, late, {Channel.EMAIL: fail})
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.SENT
    details = [attempt.detail for attempt in await all_rows(mailing, DeliveryAttempt)]
    assert details == [LOST, None, "too late"]


async def test_a_lease_of_an_earlier_round_does_not_count_in_a_later_one(mailing, written, clock: ManualClock):
    (claim,) = await take_due(mailing, most=10)
    stale = replace(claim, lease_until=claim.lease_until - MINUTE)

    async def succeed(_: Notification) -> Outcome:
        return Outcome(succeeded=True)

    await deliver_by(mailing, stale, {Channel.EMAIL: succeed})
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.SENDING


async def test_a_failed_try_is_repeated_ever_later_and_then_given_up(mailing, written, clock: ManualClock):
    waits = []
    for _ in range(mailing.settings.notification_attempts - 1):
        await answer_with(mailing, Outcome(succeeded=False, detail="no"))
        row = await only_row(mailing, Notification, BY_MAIL)
        assert row.status is NotificationStatus.RETRYING
        waits.append((row.next_attempt_at - clock.now()).total_seconds())
        await clock.advance(row.next_attempt_at - clock.now() - timedelta(microseconds=1))
        assert await take_due(mailing, most=1) == []
        await clock.advance(timedelta(microseconds=1))
    await answer_with(mailing, Outcome(succeeded=False, detail="no"))
    row = await only_row(mailing, Notification, BY_MAIL)
    assert (row.status, row.next_attempt_at, row.attempt_count) == (NotificationStatus.DEAD, None, 8)
    assert len(await all_rows(mailing, DeliveryAttempt)) == 8
    assert all(2.5 * 2**tried <= wait <= 5 * 2**tried for tried, wait in enumerate(waits))


async def test_a_recipient_that_is_refused_for_good_is_given_up_at_once(mailing, mailbox: Mailbox, written):
    mailbox.refusal = "550 5.1.1 No such mailbox"
    await send_due(mailing)
    row, attempt = await only_row(mailing, Notification, BY_MAIL), await only_row(mailing, DeliveryAttempt)
    assert row.status is NotificationStatus.DEAD
    assert (attempt.status_code, attempt.detail) == (550, "5.1.1 No such mailbox")


@pytest.mark.parametrize("refusal", ["451 4.3.0 Later", "550 5.7.1 Relaying denied", "530 5.7.0 Sign in first"])
async def test_a_recipient_that_is_refused_for_now_or_by_policy_is_tried_again(
    mailing, mailbox: Mailbox, written, clock: ManualClock, refusal
):
    mailbox.refusal = refusal
    await send_due(mailing)
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.RETRYING
    mailbox.refusal = None
    await clock.advance(MINUTE)
    await send_due(mailing)
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.SENT


async def test_a_server_that_is_down_is_tried_until_it_is_up(mailing, mailbox: Mailbox, written, clock: ManualClock):
    await mailbox.close()
    await send_due(mailing)
    row, attempt = await only_row(mailing, Notification, BY_MAIL), await only_row(mailing, DeliveryAttempt)
    assert (row.status, attempt.succeeded, attempt.status_code) == (NotificationStatus.RETRYING, False, None)
    await mailbox.open()
    await clock.advance(MINUTE)
    await send_due(mailing)
    assert len(mailbox.mails) == 1


async def test_a_server_that_hangs_up_in_the_middle_is_tried_again(
    mailing, mailbox: Mailbox, written, clock: ManualClock
):
    mailbox.hangs_up = True
    await send_due(mailing)
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.RETRYING
    mailbox.hangs_up = False
    await clock.advance(MINUTE)
    await send_due(mailing)
    assert len(mailbox.mails) == 1


async def test_a_message_that_cannot_be_made_is_retried_and_given_up_like_any_other(mailing, written):
    await mailing.db.raw.execute("UPDATE notification SET content = '{}'")
    await send_due(mailing)
    row, attempt = await only_row(mailing, Notification, BY_MAIL), await only_row(mailing, DeliveryAttempt)
    assert row.status is NotificationStatus.RETRYING
    assert attempt.detail == "Our own fault: KeyError"


async def test_a_message_that_kills_every_worker_is_left_alone_in_the_end(mailing, written, clock: ManualClock):
    tries = 0
    while not (await take_due(mailing, most=1))[0].verdict:
        tries += 1
        await clock.advance(MINUTE)
    assert tries == 2 * mailing.settings.notification_attempts
    await clock.advance(MINUTE)
    (claim,) = await take_due(mailing, most=1)  # the one that gave it up died as well
    await deliver_by(mailing, claim, {})
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.DEAD
    assert [attempt.detail for attempt in await all_rows(mailing, DeliveryAttempt)] == [LOST] * tries
    assert (await steps(mailing))[-1] == ("NOBODY_NOTIFIED", f"EMAIL to {NAME} was given up: {LOST}")


async def test_what_was_refused_for_good_is_told_on_the_timeline_and_in_the_feed(mailing, mailbox: Mailbox, written):
    mailbox.refusal = "550 5.1.1 No such mailbox"
    await send_due(mailing)
    assert (await steps(mailing))[-1] == ("NOBODY_NOTIFIED", f"EMAIL to {NAME} was given up: 5.1.1 No such mailbox")
    issue, latest = await only_row(mailing, Issue), (await all_rows(mailing, FeedRow))[-1]
    assert (latest.kind, latest.issue_id) == ("ISSUE_CHANGED", issue.id)


async def test_what_will_be_tried_again_is_not_given_up_on_the_timeline(mailing, mailbox: Mailbox, written):
    mailbox.refusal = "450 4.2.1 Try again"
    await send_due(mailing)
    assert "NOBODY_NOTIFIED" not in [kind for kind, _ in await steps(mailing)]


async def test_an_answer_that_no_database_stores_is_recorded_without_what_cannot_be(mailing, written):
    await answer_with(mailing, Outcome(succeeded=False, detail="a\0b\udc80c\nd" + "x" * 1000))
    detail = (await only_row(mailing, DeliveryAttempt)).detail
    assert detail.startswith("a b c dx")
    assert len(detail) == 500


_DEADLOCK_ONCE = """
CREATE SEQUENCE tries;
CREATE FUNCTION lose_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('tries') = 1 THEN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected', MESSAGE = 'deadlock detected'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lose_once BEFORE INSERT ON delivery_attempt FOR EACH ROW EXECUTE FUNCTION lose_once();
"""


async def test_a_success_is_recorded_also_when_a_deadlock_is_lost(
    mailing, mailbox: Mailbox, written, clock: ManualClock
):
    await mailing.db.raw.execute(_DEADLOCK_ONCE)
    sending = asyncio.create_task(send_due(mailing))
    await mailbox.wait_for_mails(1)
    while not sending.done():
        await asyncio.sleep(0.01)
        await clock.advance(MINUTE / 240)
    await sending
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.SENT
    assert len(await all_rows(mailing, DeliveryAttempt)) == len(mailbox.mails) == 1


async def test_a_success_is_recorded_also_when_the_database_goes_away_for_a_moment(
    mailing, written, clock: ManualClock
):
    async def succeed_and_cut_all_connections(_: Notification) -> Outcome:
        await cut_connections(mailing.db.raw)
        return Outcome(succeeded=True)

    (claim,) = await take_due(mailing, most=1)
    delivering = asyncio.create_task(deliver_by(mailing, claim, {Channel.EMAIL: succeed_and_cut_all_connections}))
    while not delivering.done():
        await clock.advance(timedelta(milliseconds=1))
        await asyncio.sleep(0)
    await delivering
    statuses = await mailing.db.raw.fetch("SELECT status FROM notification WHERE channel = 'EMAIL'")
    assert [row["status"] for row in statuses] == [NotificationStatus.SENT]


async def test_without_a_mail_server_what_was_written_with_one_waits_for_it(
    mailing, written, database_url: str, redis_url: str, clock: ManualClock
):
    async with open_resources(make_settings(database_url, redis_url), clock) as without:
        await send_due(without)
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.RETRYING
    assert "TOCSIN_SMTP_URL" in (await only_row(mailing, DeliveryAttempt)).detail
