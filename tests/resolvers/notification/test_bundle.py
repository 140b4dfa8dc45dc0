"""What is too much for one place: the first leaves at once, the rest in one message, and each row is accounted for."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.alert import AlertStatus
from domain.event import Severity
from domain.notification import Channel, NotificationStatus
from models import Activity, DeliveryAttempt
from resolvers.notification.claim import LOST
from resolvers.notification.listing import attempts_by_notification_id
from resolvers.notification.refresh import refresh_messages
from resolvers.notification.retry import retry_notification
from resolvers.notification.senders import refreshers
from resolvers.notification.trial import send_test_notification
from resolvers.resources import Resources, open_resources
from tests.support.actors import acting
from tests.support.db import make_settings
from tests.support.mailbox import Mailbox, body, send_due, take_due
from tests.support.reader import Reader, sit_down
from tests.support.receivers import Receiver, Reply, json_reply
from tests.support.rows import all_rows

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SLACK_OK = json_reply({"ok": True, "channel": "D1", "ts": "1.5"})
SMS_OK = json_reply({"sid": "SM1", "status": "queued"}, 201)


@pytest.fixture
async def res(
    database_url: str, redis_url: str, clock: ManualClock, receiver: Receiver, mailbox: Mailbox
) -> AsyncIterator[Resources]:
    """Resources that reach the mailbox, and by all else the receiver."""
    url = receiver.url
    settings = make_settings(
        database_url, redis_url, smtp_url=mailbox.url, outbound_allowed="127.0.0.1", slack_url=f"{url}/api",
        slack_token="xoxb-1", twilio_url=url, twilio_account_sid="AC1", twilio_auth_token="hush",
        twilio_from="+1555", telegram_url=url, telegram_token="42:secret", public_url="https://tocsin.example.com",
    )  # fmt: skip
    async with open_resources(settings, clock) as resources:
        yield resources


@pytest.fixture
async def reader(res: Resources) -> Reader:
    return await sit_down(res, Channel.SMS, "+4915112345678")


async def test_the_first_text_leaves_at_once_and_the_rest_a_minute_later_in_one(
    reader: Reader, receiver: Receiver, clock: ManualClock
):
    receiver.reply = SMS_OK
    first, *others = await reader.tell(*(f"Error {n}" for n in range(15)))
    await send_due(reader.res)
    assert [request.form["Body"].split(" [")[0] for request in receiver.requests] == ["Error 0"]
    waiting = [row for row in await reader.rows() if row.id != first.id]
    assert {row.next_attempt_at for row in waiting} == {clock.now() + MINUTE}
    await clock.advance(MINUTE - SECOND)
    await send_due(reader.res)
    assert len(receiver.requests) == 1
    await clock.advance(SECOND)
    await send_due(reader.res)
    (text,) = [request.form["Body"] for request in receiver.requests[1:]]
    issue = others[0].content["issue"]
    assert text.startswith(
        f"Error 1 [HIGH] {issue['short_id']} checkout, and 13 more (13 HIGH) {issue['url']} Reply A "
    )
    rows = await reader.rows()
    assert {row.status for row in rows} == {NotificationStatus.SENT}
    assert Counter(row.carrier_id for row in rows) == {None: 2, others[0].id: 13}
    assert rows[-1].reason == "You know it. It came in one message with others, since much was sent there."
    assert len(await all_rows(reader.res, DeliveryAttempt)) == 2
    (shown,) = await attempts_by_notification_id(reader.res, system(), [others[-1].id])
    assert [attempt.succeeded for attempt in shown] == [True]


async def test_what_is_critical_goes_at_once_and_takes_the_waiting_along(reader: Reader, receiver: Receiver):
    receiver.reply = SMS_OK
    await reader.tell("First", "Second", "Third")
    await send_due(reader.res)
    await reader.tell("Worse", severity=Severity.CRITICAL)
    await send_due(reader.res)
    texts = [request.form["Body"] for request in receiver.requests]
    assert [text.split(" [")[0] for text in texts] == ["First", "Worse"]
    assert ", and 2 more (2 HIGH) " in texts[1]
    assert await reader.statuses() == {"SENT": 4}


async def test_what_somebody_has_meanwhile_leaves_the_bundle(reader: Reader, receiver: Receiver, clock: ManualClock):
    receiver.reply = SMS_OK
    rows = await reader.tell("First", "Second", "Third", "Fourth")
    await send_due(reader.res)
    await reader.set_alert(rows[1], AlertStatus.ACKNOWLEDGED)
    await reader.set_alert(rows[3], AlertStatus.RESOLVED)
    await clock.advance(MINUTE)
    await send_due(reader.res)
    assert [request.form["Body"].split(" [")[0] for request in receiver.requests] == ["First", "Third"]
    assert [(row.status, row.reason) for row in await reader.rows()][1::2] == [
        ("SUPPRESSED", "Held back: the alert was acknowledged before it was due."),
        ("SUPPRESSED", "Held back: the alert was resolved before it was due."),
    ]


async def test_what_is_taken_in_the_moment_of_leaving_leaves_the_bundle_too(reader: Reader, receiver: Receiver):
    receiver.reply = SMS_OK
    rows = await reader.tell("First", "Second", "Third")
    await send_due(reader.res)
    await reader.set_alert(rows[1], AlertStatus.ACKNOWLEDGED)
    await reader.tell("Worse", severity=Severity.CRITICAL)
    await send_due(reader.res)
    assert ", and 1 more (1 HIGH) " in receiver.requests[-1].form["Body"]
    assert await reader.statuses() == {"SENT": 3, "SUPPRESSED": 1}


async def test_a_bundle_that_fails_is_tried_again_as_it_was(reader: Reader, receiver: Receiver, clock: ManualClock):
    receiver.reply = SMS_OK
    await reader.tell("First", "Second", "Third")
    await send_due(reader.res)
    await clock.advance(MINUTE)
    receiver.reply = Reply(500)
    await send_due(reader.res)
    assert await reader.statuses() == {"SENT": 1, "RETRYING": 2}
    await reader.tell("Fourth")
    receiver.reply = SMS_OK
    await clock.advance(10 * SECOND)
    await send_due(reader.res)
    texts = [request.form["Body"] for request in receiver.requests]
    assert texts[1] == texts[2]
    assert await reader.statuses() == {"SENT": 3, "PENDING": 1}


async def test_a_bundle_that_is_refused_for_good_is_given_up_with_all_that_it_carried(
    reader: Reader, receiver: Receiver, clock: ManualClock
):
    receiver.reply = SMS_OK
    rows = await reader.tell("First", "Second", "Third", "Fourth")
    await send_due(reader.res)
    await clock.advance(MINUTE)
    receiver.reply = Reply(400, body=b"No such number")
    await send_due(reader.res)
    assert await reader.statuses() == {"SENT": 1, "DEAD": 3}
    assert len(receiver.requests) == 2
    told = await all_rows(reader.res, Activity, Activity.kind == "NOBODY_NOTIFIED")
    assert {activity.issue_id for activity in told} == {row.issue_id for row in rows[1:]}
    assert {activity.note for activity in told} == {
        "SMS to Ada was given up: No such number",
        "SMS to Ada was given up: The message that carried it was given up.",
    }


async def test_one_that_was_given_up_with_its_carrier_can_be_tried_again_by_itself(
    reader: Reader, receiver: Receiver, clock: ManualClock
):
    receiver.reply = SMS_OK
    rows = await reader.tell("First", "Second", "Third")
    await send_due(reader.res)
    await clock.advance(MINUTE)
    receiver.reply = Reply(400)
    await send_due(reader.res)
    receiver.reply = SMS_OK
    await clock.advance(MINUTE)
    await retry_notification(reader.res, system(), notification_id=rows[2].id)
    await send_due(reader.res)
    assert receiver.requests[-1].form["Body"].startswith("Third [HIGH]")
    assert (await reader.rows())[2].carrier_id is None


async def test_a_worker_that_dies_with_a_bundle_leaves_all_of_it_to_the_next(
    reader: Reader, receiver: Receiver, clock: ManualClock
):
    receiver.reply = SMS_OK
    await reader.tell("First", "Second", "Third")
    await send_due(reader.res)
    await clock.advance(MINUTE)
    (claim,) = await take_due(reader.res)
    assert await reader.statuses() == {"SENT": 1, "SENDING": 2}
    assert await take_due(reader.res) == []
    await clock.advance(timedelta(seconds=reader.res.settings.notification_lease_s))
    await send_due(reader.res)
    assert ", and 1 more (1 HIGH) " in receiver.requests[-1].form["Body"]
    assert await reader.statuses() == {"SENT": 3}
    (tries,) = await attempts_by_notification_id(reader.res, system(), [claim.notification.id])
    assert [attempt.detail for attempt in tries] == [LOST, "queued SM1"]


async def test_a_mail_for_several_names_each_with_its_link_and_its_answers(
    res: Resources, mailbox: Mailbox, clock: ManualClock
):
    reader = await sit_down(res, Channel.EMAIL, "")
    rows = await reader.tell(*(f"Error <{n}>" for n in range(5 + 13)))
    await send_due(res)
    assert len(mailbox.mails) == 5
    await clock.advance(MINUTE)
    await send_due(res)
    (mail,) = mailbox.mails[5:]
    lead, *others = rows[5:]
    assert mail["Subject"] == f"[HIGH] {lead.content['issue']['short_id']} Error <5> (and 12 more)"
    assert mail["In-Reply-To"].startswith(f"<issue-{lead.issue_id}@")
    for text in (body(mail), body(mail, "html")):
        assert "And 12 more" in text
        assert "and 2 more." in text
        for other in others[:10]:
            links = (other.content["issue"]["url"], *other.content["answers"].values())
            assert all(link in text for link in links)
        assert others[10].content["issue"]["url"] not in text
    assert "Error &lt;6&gt;" in body(mail, "html")


async def test_slack_shows_the_others_with_links_and_buttons_and_keeps_them_when_it_changes(
    res: Resources, receiver: Receiver, clock: ManualClock
):
    receiver.reply = SLACK_OK
    reader = await sit_down(res, Channel.SLACK, "U0123ABCD")
    rows = await reader.tell(*(f"Error <{n}>" for n in range(10 + 3)))
    await send_due(res)
    await clock.advance(MINUTE)
    await send_due(res)
    (bundle,) = receiver.requests[10:]
    assert bundle.json["text"].endswith(", and 2 more")
    await reader.set_alert(rows[10], AlertStatus.ACKNOWLEDGED)
    await refresh_messages(res, refreshers(res))
    for said in (bundle, receiver.requests[-1]):
        shown = {block["accessory"]["value"]: block for block in said.json["blocks"] if "accessory" in block}
        assert list(shown) == [str(row.alert_id) for row in rows[11:]]
        for row, block in zip(rows[11:], shown.values(), strict=True):
            assert (
                f"<{row.content['issue']['url']}|{row.content['issue']['short_id']}> Error &lt;"
                in block["text"]["text"]
            )


async def test_telegram_shows_the_others_with_links(res: Resources, receiver: Receiver, clock: ManualClock):
    receiver.reply = json_reply({"ok": True})
    reader = await sit_down(res, Channel.TELEGRAM, "-100123")
    rows = await reader.tell(*(f"Error <{n}>" for n in range(10 + 2)))
    await send_due(res)
    await clock.advance(MINUTE)
    await send_due(res)
    issue = rows[11].content["issue"]
    assert (
        f'HIGH <a href="{issue["url"]}">{issue["short_id"]}</a> Error &lt;11&gt;' in receiver.requests[-1].json["text"]
    )


async def test_a_bundle_is_no_longer_than_a_message_may_be(res: Resources, receiver: Receiver, clock: ManualClock):
    receiver.reply = SMS_OK
    reader = await sit_down(res, Channel.SMS, "+4915112345678")
    await reader.tell("First", *("x" * 5000 for _ in range(40)))
    await send_due(res)
    await clock.advance(MINUTE)
    await send_due(res)
    assert len(receiver.requests[-1].form["Body"]) <= 300
    assert ", and 39 more " in receiver.requests[-1].form["Body"]


async def test_a_test_is_neither_kept_waiting_nor_bundled(reader: Reader, receiver: Receiver):
    receiver.reply = SMS_OK
    await reader.tell("First", "Second")
    await send_due(reader.res)
    await send_test_notification(reader.res, acting(reader.ada), channel=Channel.SMS)
    await send_due(reader.res)
    assert [request.form["Body"].partition(" ")[0] for request in receiver.requests] == ["First", "A"]
    assert await reader.statuses() == {"SENT": 2, "PENDING": 1}
