"""What Twilio tells of text messages that it took: that they arrived, or did not."""

from urllib.parse import urlsplit
from uuid import UUID

import pytest

from core.clock import ManualClock
from domain.issue import ActivityKind
from domain.notification import Channel, NotificationStatus
from models import Activity, DeliveryAttempt, Notification
from tests.support.desk import PUBLIC, Desk
from tests.support.mailbox import send_due
from tests.support.receivers import json_reply
from tests.support.rows import all_rows, only_row

BY_TEXT = Notification.channel == Channel.SMS


async def sent(desk: Desk) -> tuple[Notification, str]:
    """A text message that was taken, and where its status is to be told."""
    desk.receiver.reply = json_reply({"sid": "SM1", "status": "queued"}, 201)
    await desk.ring()
    return await only_row(desk.res, Notification, BY_TEXT), callback(desk)


def callback(desk: Desk) -> str:
    url = [request.form["StatusCallback"] for request in desk.receiver.requests if "Messages" in request.path][-1]
    assert url.startswith(PUBLIC + "/twilio/status?")
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def tries(desk: Desk, row: Notification) -> list[tuple[bool, str | None]]:
    found = await all_rows(desk.res, DeliveryAttempt, DeliveryAttempt.notification_id == row.id)
    return [(one.succeeded, one.detail) for one in found]


async def test_that_it_arrived_is_noted_once(desk: Desk):
    row, path = await sent(desk)
    for status in ("queued", "sent", "delivered", "delivered"):
        assert (await desk.twilio(path, {"MessageSid": "SM1", "MessageStatus": status})).status_code == 204
    assert await tries(desk, row) == [(True, "queued SM1"), (True, "delivered SM1")]
    assert (await only_row(desk.res, Notification, BY_TEXT)).status is NotificationStatus.SENT


async def test_what_did_not_arrive_is_tried_again(desk: Desk, clock: ManualClock):
    row, path = await sent(desk)
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    for _ in range(2):
        await desk.twilio(path, form)
    now = await only_row(desk.res, Notification, BY_TEXT)
    assert (now.status, now.sent_at) == (NotificationStatus.RETRYING, None)
    assert (await tries(desk, row))[1:] == [(False, "undelivered (30003) SM1")]
    assert now.next_attempt_at is not None
    await clock.advance(now.next_attempt_at - clock.now())
    desk.receiver.reply = json_reply({"sid": "SM2", "status": "queued"}, 201)
    await send_due(desk.res)
    assert (await only_row(desk.res, Notification, BY_TEXT)).status is NotificationStatus.SENT
    # What is told late of the first try changes nothing of the second.
    await desk.twilio(path, {"MessageSid": "SM1", "MessageStatus": "failed"})
    assert (await only_row(desk.res, Notification, BY_TEXT)).status is NotificationStatus.SENT
    await desk.twilio(callback(desk), {"MessageSid": "SM2", "MessageStatus": "delivered"})
    assert (await tries(desk, row))[-1] == (True, "delivered SM2")


async def test_what_no_try_can_mend_is_given_up_and_the_timeline_says_so(desk: Desk):
    _, path = await sent(desk)
    await desk.twilio(path, {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30006"})
    assert (await only_row(desk.res, Notification, BY_TEXT)).status is NotificationStatus.DEAD
    (step,) = await all_rows(desk.res, Activity, Activity.kind == ActivityKind.NOBODY_NOTIFIED)
    assert step.note == "SMS to Ada was given up: failed (30006) SM1"


@pytest.mark.parametrize("query", ["", "?notification=x&attempt=1", f"?notification={UUID(int=7)}&attempt=1"])
async def test_what_is_of_nothing_of_ours_does_nothing(desk: Desk, query: str):
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert (await desk.twilio("/twilio/status" + query, form)).status_code == 204
    assert await all_rows(desk.res, DeliveryAttempt) == []


async def test_what_twilio_did_not_sign_is_refused(desk: Desk):
    row, path = await sent(desk)
    form = {"MessageSid": "SM1", "MessageStatus": "failed"}
    assert (await desk.twilio(path, form, token="other")).status_code == 401
    assert (await desk.post(path, b"MessageStatus=failed")).status_code == 401
    assert len(await tries(desk, row)) == 1
