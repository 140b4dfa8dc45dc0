"""Answers from the message itself: the link in a mail, the button in Slack, the text message."""

from datetime import timedelta

import pytest
from sqlmodel import delete

from core.clock import ManualClock
from domain.alert import AlertStatus
from domain.issue import ActivityKind, IssueStatus
from domain.notification import Channel
from models import Activity, Alert, Issue, Notification, Project, TeamMember
from resolvers.escalation.timer import escalate_due
from tests.support.desk import Desk, make_methods
from tests.support.mailbox import send_due
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows, only_row


async def test_a_link_asks_first_and_acknowledges_when_the_button_is_pressed(desk: Desk):
    issue = await desk.ring()
    link = (await desk.links())["Acknowledge"]
    page = await desk.get(link)
    assert page.status_code == 200
    assert issue.short_id in page.text
    assert '<form method="post">' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (await only_row(desk.res, Alert)).status is AlertStatus.TRIGGERED
    done = await desk.post(link)
    assert "You have it now" in done.text
    alert = await only_row(desk.res, Alert)
    assert (alert.status, alert.acknowledged_by_id) == (AlertStatus.ACKNOWLEDGED, desk.ada.id)
    (step,) = await all_rows(desk.res, Activity, Activity.kind == ActivityKind.ACKNOWLEDGED)
    assert (step.actor_id, step.note) == (desk.ada.id, "Answered by a link in email.")
    assert "used already" in (await desk.post(link)).text


async def test_a_link_resolves_the_issue_too(desk: Desk):
    await desk.ring()
    assert "It is resolved." in (await desk.post((await desk.links())["Resolve"])).text
    issue = await only_row(desk.res, Issue)
    assert (issue.status, issue.resolved_by_id) == (IssueStatus.RESOLVED, desk.ada.id)
    late = await desk.post((await desk.links())["Acknowledge"])
    assert "Nothing was done" in late.text
    assert "This alert is over." in late.text


async def test_a_link_is_nothing_once_it_is_old_or_changed_or_its_owner_has_gone(desk: Desk, clock: ManualClock):
    await desk.ring()
    link = (await desk.links())["Acknowledge"]
    for broken in (link[:-2] + "zz", "/answer/x", "/answer/" + "é" * 50):
        assert (await desk.get(broken)).status_code == 404
        assert (await desk.post(broken)).status_code == 404
    async with desk.res.db.transaction() as tx:
        await tx.session.exec(delete(TeamMember))
    assert (await desk.post(link)).status_code == 404
    await clock.advance(timedelta(days=7))
    assert "too old" in (await desk.get(link)).text
    assert (await only_row(desk.res, Alert)).status is AlertStatus.TRIGGERED


async def test_a_reminder_brings_links_of_its_own(desk: Desk, clock: ManualClock):
    await desk.ring()
    await desk.post((await desk.links())["Acknowledge"])
    await clock.advance(timedelta(hours=8))
    assert await escalate_due(desk.res) == 1
    await send_due(desk.res)
    assert "You have it now" in (await desk.post((await desk.links())["Acknowledge"])).text
    assert (await only_row(desk.res, Alert)).reminded_at is None


async def test_a_click_in_slack_is_done_as_who_clicked(desk: Desk):
    await desk.ring()
    alert = await only_row(desk.res, Alert)
    assert (await desk.click("acknowledge", alert)).status_code == 200
    assert (await only_row(desk.res, Alert)).acknowledged_by_id == desk.ada.id
    assert (await desk.click("resolve", alert)).status_code == 200
    assert (await only_row(desk.res, Issue)).status is IssueStatus.RESOLVED


async def test_who_clicks_in_vain_is_told_why(desk: Desk):
    await desk.ring()
    alert = await only_row(desk.res, Alert)
    await desk.click("acknowledge", alert, user="U0NOBODY")
    stranger = await join_on_call(desk.res, await _other_project(desk), name="Eve")
    await make_methods(desk.res, stranger, {Channel.SLACK: "U0EVE"})
    await desk.click("acknowledge", alert, user="U0EVE")
    await desk.click("acknowledge", alert)
    await desk.click("acknowledge", alert)
    said = [request.json["text"] for request in desk.receiver.requests if request.path == "/respond"]
    assert said == [
        "Nothing was done: nobody here has U0NOBODY as a verified contact method.",
        "Nothing was done: No such Alert.",
        "Nothing was done: Ada acknowledged it already.",
    ]


async def _other_project(desk: Desk) -> Project:
    project, _ = await make_on_call(desk.res)
    return project


@pytest.mark.parametrize("secret", ["other", ""])
async def test_what_slack_did_not_sign_is_refused(desk: Desk, secret: str):
    await desk.ring()
    answer = await desk.click("acknowledge", await only_row(desk.res, Alert), secret=secret)
    assert (answer.status_code, "TOCSIN_SLACK_SIGNING_SECRET" in answer.text) == (401, True)
    assert (await only_row(desk.res, Alert)).status is AlertStatus.TRIGGERED
    assert (await desk.post("/slack/interactive", b"payload={}")).status_code == 401
    assert (await desk.post("/slack/interactive", b"x" * (2**18 + 1))).status_code == 413


async def test_the_text_message_says_how_to_answer_and_the_answer_is_done(desk: Desk):
    issue = await desk.ring()
    number = issue.short_id.rpartition("-")[2]
    (sent,) = [request.form["Body"] for request in desk.receiver.requests if "Messages" in request.path]
    assert sent.endswith(f"Reply A {number} to acknowledge, R {number} to resolve.")
    answer = await desk.text(f"a {number.lower()}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert f"<Message>{issue.short_id}: You have it now: it rings no more.</Message>" in answer.text
    assert (await only_row(desk.res, Alert)).acknowledged_by_id == desk.ada.id
    assert "Ada acknowledged it already." in (await desk.text("ack")).text
    assert "It is resolved." in (await desk.text("r")).text
    assert "No alert of yours is open." in (await desk.text("r")).text


async def test_where_several_ring_one_must_be_named(desk: Desk):
    first, second = await desk.ring(), await desk.ring()
    asked = await desk.text("ack")
    assert f"one of: {second.short_id}, {first.short_id}" in asked.text
    assert {alert.status for alert in await all_rows(desk.res, Alert)} == {AlertStatus.TRIGGERED}
    assert first.short_id in (await desk.text(f"ack {first.short_id}")).text
    taken = await only_row(desk.res, Alert, Alert.status == AlertStatus.ACKNOWLEDGED)
    assert taken.issue_id == first.id


async def test_a_text_message_that_is_no_answer_or_of_nobody_does_nothing(desk: Desk):
    await desk.ring()
    assert "Write A to acknowledge" in (await desk.text("who is this?")).text
    assert "<Message>" not in (await desk.text("ack", number="+4900000")).text
    assert "No alert of yours is open for ZZ." in (await desk.text("ack ZZ")).text
    assert (await desk.text("ack", token="other")).status_code == 401
    assert (await desk.post("/twilio/message", b"From=x&Body=ack")).status_code == 401
    assert (await only_row(desk.res, Alert)).status is AlertStatus.TRIGGERED
    assert len(await all_rows(desk.res, Notification, Notification.channel == Channel.SMS)) == 1
