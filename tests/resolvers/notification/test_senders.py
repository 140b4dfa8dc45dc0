"""Each channel against a real server on loopback: what arrives, and what comes of each kind of answer."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import system
from domain.alert import AlertStatus
from domain.notification import Channel, NotificationKind, NotificationStatus
from domain.signature import HEADER, check_signature
from models import Alert, DeliveryAttempt, Developer, Issue, Notification
from resolvers.notification.outbox import notify
from resolvers.notification.refresh import refresh_messages
from resolvers.notification.retry import retry_notification
from resolvers.notification.senders import refreshers, senders
from resolvers.resources import Resources, open_resources
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.alert import make_alert, set_alert
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.mailbox import send_due
from tests.support.receivers import Receiver, Reply, json_reply
from tests.support.rows import only_row

KEY = "a1b2c3d4" * 4
SLACK_OK = json_reply({"ok": True, "channel": "D1", "ts": "1.5"})
# Where each channel leads, and what its server says when it takes a message.
WAYS = {
    "slack bot": (Channel.SLACK, "U0123ABCD", SLACK_OK),
    "slack webhook": (Channel.SLACK, "{url}/services/T/B/secret", Reply()),
    "sms": (Channel.SMS, "+4915112345678", json_reply({"sid": "SM1", "status": "queued"}, 201)),
    "webhook": (Channel.WEBHOOK, "{url}/in?key=secret", Reply(204, body=b"")),
    "telegram": (Channel.TELEGRAM, "-100123", json_reply({"ok": True, "result": {"message_id": 5}})),
    "pagerduty": (Channel.PAGERDUTY, KEY, json_reply({"status": "success", "message": "Event processed"}, 202)),
}


@pytest.fixture
async def res(database_url: str, redis_url: str, clock: ManualClock, receiver: Receiver) -> AsyncIterator[Resources]:
    """Resources whose every channel leads to the receiver."""
    url = receiver.url
    settings = make_settings(
        database_url, redis_url, outbound_allowed="127.0.0.1", slack_url=f"{url}/api", slack_token="xoxb-1",
        twilio_url=url, twilio_account_sid="AC1", twilio_auth_token="hush", twilio_from="+1555", telegram_url=url,
        telegram_token="42:secret", pagerduty_url=url,
    )  # fmt: skip
    async with open_resources(settings, clock) as resources:
        yield resources


async def written(res: Resources, receiver: Receiver, way: str, **more: object) -> Notification:
    """A notification by that way, due now, about an alert; the receiver takes it unless told otherwise."""
    channel, value, receiver.reply = WAYS[way]
    ada, issue = await make_developer(res, name="Ada"), await make_issue(res, await make_project(res, name="Shop"))
    await make_contact(res, ada, channel, value=value.format(url=receiver.url), **more)
    await make_rule(res, ada, channel)
    rows = await _tell(res, issue, ada, await make_alert(res, issue))
    assert [row.channel for row in rows] == [channel, Channel.DASHBOARD]
    return rows[0]


async def _tell(res: Resources, issue: Issue, ada: Developer, alert: Alert) -> list[Notification]:
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
        return await notify(
            res, tx, kind=NotificationKind.NEW_ISSUE, issue=held, alert=alert, recipient=ada, reason="You <know> it.",
            dedup="it",
        )  # fmt: skip


async def now(res: Resources, row: Notification) -> Notification:
    return await only_row(res, Notification, Notification.id == row.id)


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_taken_is_sent_once(res: Resources, receiver: Receiver, way: str):
    row = await written(res, receiver, way)
    await send_due(res)
    await send_due(res)
    sent, attempt = await now(res, row), await only_row(res, DeliveryAttempt)
    assert (sent.status, attempt.succeeded, len(receiver.requests)) == (NotificationStatus.SENT, True, 1)
    assert b"bad total" in receiver.requests[0].body.replace(b"+", b" ")
    assert "secret" not in (attempt.detail or "")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "reply",
    [Reply(500), Reply(503), Reply(429), Reply(is_half=True), Reply(400), Reply(404), Reply(302, {"Location": "/x"})],
    ids=["500", "503", "429", "hangs up", "400", "404", "302"],
)
async def test_what_is_refused_is_tried_again_where_that_can_help(
    res: Resources, receiver: Receiver, clock: ManualClock, way: str, reply: Reply
):
    is_final = reply.status in (400, 404, 302)
    row = await written(res, receiver, way)
    taking, receiver.reply = receiver.reply, reply
    await send_due(res)
    assert (await now(res, row)).status is (NotificationStatus.DEAD if is_final else NotificationStatus.RETRYING)
    receiver.reply = taking
    await clock.advance(timedelta(minutes=1))
    await send_due(res)
    assert len(receiver.requests) == (1 if is_final else 2)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("header", ["600", "Mon, 02 Mar 2026 03:10:00 GMT"])
async def test_a_server_that_names_a_time_is_left_alone_until_then(
    res: Resources, receiver: Receiver, way: str, header: str
):
    row = await written(res, receiver, way)
    receiver.reply = Reply(429, {"Retry-After": header})
    await send_due(res)
    assert (await now(res, row)).next_attempt_at == START + timedelta(minutes=10)


@pytest.mark.parametrize("way", WAYS)
async def test_a_server_that_is_down_is_tried_until_it_is_up(
    res: Resources, receiver: Receiver, clock: ManualClock, way: str
):
    row = await written(res, receiver, way)
    await receiver.close()
    await send_due(res)
    assert (await now(res, row)).status is NotificationStatus.RETRYING
    await receiver.open()
    await clock.advance(timedelta(minutes=1))
    await send_due(res)
    assert (await now(res, row)).status is NotificationStatus.SENT


async def test_an_address_of_the_inside_is_refused_for_good_where_it_was_not_allowed(
    res: Resources, receiver: Receiver, database_url: str, redis_url: str, clock: ManualClock
):
    row = await written(res, receiver, "webhook")
    async with open_resources(make_settings(database_url, redis_url), clock) as strict:
        await send_due(strict)
    assert (await now(res, row)).status is NotificationStatus.DEAD
    assert "TOCSIN_OUTBOUND_ALLOWED" in (await only_row(res, DeliveryAttempt)).detail
    assert receiver.requests == []


async def test_a_webhook_is_signed_with_the_secret_of_its_contact_method(res: Resources, receiver: Receiver):
    row = await written(res, receiver, "webhook", signing_secret="tws_hush")
    await send_due(res)
    (request,) = receiver.requests
    check_signature(request.headers[HEADER.lower()], "tws_hush", request.body, at=START, window_s=1)
    assert request.headers["idempotency-key"] == str(row.id)
    told = request.json
    assert (told["version"], told["id"], told["kind"]) == (1, str(row.id), "NEW_ISSUE")
    assert (told["issue"]["title"], told["reason"]) == ("ValueError: bad total", "You <know> it.")
    assert told["alert"] == {"id": str(row.alert_id), "status": "TRIGGERED"}


async def test_a_webhook_that_was_taken_is_sent_once_more_with_the_same_id(
    res: Resources, receiver: Receiver, clock: ManualClock
):
    row = await written(res, receiver, "webhook", signing_secret="tws_hush")
    await send_due(res)
    await clock.advance(timedelta(hours=1))
    await retry_notification(res, system(), notification_id=row.id)
    await send_due(res)
    first, second = receiver.requests
    assert (first.body, first.headers["idempotency-key"]) == (second.body, second.headers["idempotency-key"])
    later = START + timedelta(hours=1)
    check_signature(second.headers[HEADER.lower()], "tws_hush", second.body, at=later, window_s=1)
    sent = await only_row(res, Notification, Notification.id == row.id)
    assert (sent.status, sent.sent_at) == (NotificationStatus.SENT, later)


async def test_slack_shows_facts_the_link_and_buttons_that_name_the_alert(res: Resources, receiver: Receiver):
    row = await written(res, receiver, "slack bot")
    await send_due(res)
    (request,) = receiver.requests
    assert (request.path, request.headers["authorization"]) == ("/api/chat.postMessage", "Bearer xoxb-1")
    assert request.json["channel"] == "U0123ABCD"
    blocks = {block["type"]: block for block in request.json["blocks"]}
    assert blocks["header"]["text"]["text"] == "ValueError: bad total"
    assert [button["action_id"] for button in blocks["actions"]["elements"]] == [
        f"acknowledge:{row.alert_id}", f"resolve:{row.alert_id}",
    ]  # fmt: skip
    assert "You &lt;know&gt; it." in blocks["context"]["elements"][0]["text"]
    assert row.content["issue"]["url"] in str(request.json["blocks"])


@pytest.mark.parametrize(
    ("error", "status"),
    [("channel_not_found", NotificationStatus.DEAD), ("invalid_auth", NotificationStatus.RETRYING)],
)
async def test_slack_refuses_with_a_200(res: Resources, receiver: Receiver, error: str, status: NotificationStatus):
    row = await written(res, receiver, "slack bot")
    receiver.reply = json_reply({"ok": False, "error": error})
    await send_due(res)
    assert (await now(res, row)).status is status
    assert (await only_row(res, DeliveryAttempt)).detail == error


async def test_a_text_message_has_the_error_first_and_the_link_last(res: Resources, receiver: Receiver):
    row = await written(res, receiver, "sms")
    await send_due(res)
    (request,) = receiver.requests
    issue = row.content["issue"]
    number = issue["short_id"].rpartition("-")[2]
    assert request.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request.form == {
        "To": "+4915112345678",
        "From": "+1555",
        "Body": f"ValueError: bad total [HIGH] {issue['short_id']} {issue['service']} {issue['url']} "
        f"Reply A {number} to acknowledge, R {number} to resolve.",
    }


async def test_telegram_may_name_the_time_in_its_answer(res: Resources, receiver: Receiver):
    row = await written(res, receiver, "telegram")
    receiver.reply = json_reply({"ok": False, "description": "Slow", "parameters": {"retry_after": 600}}, 429)
    await send_due(res)
    assert receiver.requests[0].path == "/bot42:secret/sendMessage"
    assert receiver.requests[0].json["text"].startswith("<b>ValueError: bad total</b>")
    assert (await now(res, row)).next_attempt_at == START + timedelta(minutes=10)


async def refresh(res: Resources) -> int:
    return await refresh_messages(res, refreshers(res))


async def test_a_slack_message_follows_what_becomes_of_its_alert(res: Resources, receiver: Receiver):
    row = await written(res, receiver, "slack bot")
    await send_due(res)
    assert await refresh(res) == 0
    await set_alert(res, row.alert_id, AlertStatus.ACKNOWLEDGED)
    assert [await refresh(res), await refresh(res)] == [1, 0]
    await set_alert(res, row.alert_id, AlertStatus.RESOLVED)
    assert [await refresh(res), await refresh(res)] == [1, 0]
    updates = [request for request in receiver.requests if request.path == "/api/chat.update"]
    assert [(update.json["channel"], update.json["ts"]) for update in updates] == [("D1", "1.5")] * 2
    shown = [str(update.json["blocks"]) for update in updates]
    assert [("Acknowledged" in text, "'resolve:" in text, "'acknowledge:" in text) for text in shown] == [
        (True, True, False), (False, False, False),
    ]  # fmt: skip


async def test_an_incident_of_pagerduty_follows_what_becomes_of_its_alert(res: Resources, receiver: Receiver):
    row = await written(res, receiver, "pagerduty")
    await send_due(res)
    for status in (AlertStatus.ACKNOWLEDGED, AlertStatus.RESOLVED):
        await set_alert(res, row.alert_id, status)
        await refresh(res)
    said = [(request.json["event_action"], request.json["dedup_key"]) for request in receiver.requests]
    assert said == [(action, str(row.alert_id)) for action in ("trigger", "acknowledge", "resolve")]
    assert receiver.requests[0].json["payload"]["severity"] == "error"
    assert {request.json["routing_key"] for request in receiver.requests} == {KEY}


async def test_a_message_that_could_not_be_changed_is_tried_again_after_a_while(
    res: Resources, receiver: Receiver, clock: ManualClock
):
    row = await written(res, receiver, "slack bot")
    await send_due(res)
    await set_alert(res, row.alert_id, AlertStatus.ACKNOWLEDGED)
    receiver.reply = Reply(500)
    assert [await refresh(res), await refresh(res)] == [1, 0]
    receiver.reply = SLACK_OK
    await clock.advance(timedelta(seconds=30))
    assert [await refresh(res), await refresh(res)] == [1, 0]


async def test_a_channel_that_is_not_set_up_any_more_says_what_is_missing(
    res: Resources, receiver: Receiver, database_url: str, redis_url: str, clock: ManualClock
):
    row = await written(res, receiver, "telegram")
    async with open_resources(make_settings(database_url, redis_url), clock) as bare:
        await send_due(bare)
        assert set(senders(bare)) == set(Channel) - {Channel.DASHBOARD}
    assert (await now(res, row)).status is NotificationStatus.RETRYING
    assert "TOCSIN_TELEGRAM_TOKEN" in (await only_row(res, DeliveryAttempt)).detail
