"""`List-Unsubscribe`: one click for programs, a page for people, and nothing for what somebody must act on."""

import pytest

from domain.event import Severity
from domain.notification import Channel, NotificationStatus
from models import AuditEntry, MailOptOut, Notification
from tests.support.actors import acting
from tests.support.desk import PUBLIC, Desk
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.graphql import ask
from tests.support.mailbox import send_due
from tests.support.rows import all_rows, only_row

ONE_CLICK = b"List-Unsubscribe=One-Click"
SET = """mutation ($kind: NotificationKind!, $is: Boolean!) { setMailSubscription(input: {kind: $kind, isSubscribed: $is}) {
  ... on MailSubscription { kind isSubscribed } ... on Failure { code } } }"""


async def assigned(desk: Desk) -> Notification:
    """A mail that says that an issue is theirs now, sent if it may be."""
    row = await make_notification(desk.res, await make_issue(desk.res, desk.project), desk.ada)
    await send_due(desk.res)
    return await only_row(desk.res, Notification, Notification.id == row.id)


def link(desk: Desk) -> str:
    header = desk.mailbox.mails[-1]["List-Unsubscribe"]
    assert header.startswith(f"<{PUBLIC}/unsubscribe/")
    return header.strip("<>").removeprefix(PUBLIC)


async def test_one_click_ends_the_mails_of_that_kind(desk: Desk):
    await assigned(desk)
    assert desk.mailbox.mails[-1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for _ in range(2):
        answer = await desk.post(link(desk), ONE_CLICK, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code == 200
    row = await assigned(desk)
    assert (row.channel, row.status) == (Channel.EMAIL, NotificationStatus.SUPPRESSED)
    assert row.reason == "Held back: they unsubscribed from mail of this kind."
    assert len(desk.mailbox.mails) == 1
    (entry,) = await all_rows(desk.res, AuditEntry, AuditEntry.action == "setMailSubscription")
    assert (entry.actor_id, entry.after) == (desk.ada.id, {"kind": "ASSIGNMENT", "isSubscribed": False})


async def test_a_page_asks_and_can_undo_it(desk: Desk):
    await assigned(desk)
    page = await desk.get(link(desk))
    assert ("No more mail of the kind assignment?" in page.text, await all_rows(desk.res, MailOptOut)) == (True, [])
    done = await desk.post(link(desk))
    text = link(desk).rpartition("/")[2]
    assert f'action="{text}/undo"' in done.text
    assert "comes again" in (await desk.post(f"{link(desk)}/undo")).text
    assert (await assigned(desk)).status is NotificationStatus.SENT


async def test_what_somebody_must_act_on_is_ended_by_no_link(desk: Desk):
    await desk.ring()
    assert desk.mailbox.mails[-1]["List-Unsubscribe-Post"] is None
    for answer in (await desk.get(link(desk)), await desk.post(link(desk), ONE_CLICK)):
        assert (answer.status_code, "createNotificationRule" in answer.text) == (200, True)
    await desk.ring()
    assert (len(desk.mailbox.mails), await all_rows(desk.res, MailOptOut)) == (2, [])


async def test_it_is_seen_and_set_without_a_mail_too(desk: Desk):
    actor, issue = acting(desk.ada, desk.project), await make_issue(desk.res, desk.project, severity=Severity.CRITICAL)
    for wanted, seen in ((False, ["ASSIGNMENT"]), (False, ["ASSIGNMENT"]), (True, [])):
        answer = await ask(desk.res, actor, SET, kind="ASSIGNMENT", **{"is": wanted})
        assert answer["setMailSubscription"]["isSubscribed"] is wanted
        assert (await ask(desk.res, actor, "{ viewer { unsubscribedKinds } }"))["viewer"]["unsubscribedKinds"] == seen
    await ask(desk.res, actor, SET, kind="ASSIGNMENT", **{"is": False})
    await make_notification(desk.res, issue, desk.ada)
    await send_due(desk.res)
    assert len(desk.mailbox.mails) == 1


@pytest.mark.parametrize("path", ["/unsubscribe/x", "/unsubscribe/x/undo", "/unsubscribe/" + "A" * 80])
async def test_what_is_no_link_of_ours_is_nothing(desk: Desk, path: str):
    assert (await desk.post(path)).status_code == 404
