"""The channel APPRISE, from the rule to a real server on loopback."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.errors import Conflict, InvalidInput
from domain.event import Severity
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import AuditEntry, ContactMethod, DeliveryAttempt, Issue, Notification
from resolvers.contact.methods import create_contact_method
from resolvers.contact.verify import send_verification_code, verify_contact_method
from resolvers.notification.outbox import notify
from resolvers.notification.ready import NO_APPRISE
from resolvers.notification.senders import senders
from resolvers.resources import Resources, open_resources
from resolvers.simulation import simulate_alert
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification_template import make_template
from tests.support.factories.project import make_project
from tests.support.mailbox import send_due
from tests.support.on_call import make_on_call
from tests.support.receivers import Receiver, Reply, open_receiver
from tests.support.rows import all_rows, only_row

TOKEN = "sEcret-tOken"


@pytest.fixture
async def res(database_url: str, redis_url: str, clock: ManualClock) -> AsyncIterator[Resources]:
    settings = make_settings(database_url, redis_url, outbound_allowed="127.0.0.1")
    async with open_resources(settings, clock) as resources:
        yield resources


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)


async def written(res: Resources, *urls: str, count: int = 1) -> list[Notification]:
    """Notifications to Ada by these addresses, due now, about so many issues."""
    ada, project = await make_developer(res, name="Ada"), await make_project(res, name="Shop")
    for url in urls:
        await make_contact(res, ada, Channel.APPRISE, value=url)
    await make_rule(res, ada, Channel.APPRISE)
    rows = []
    for number in range(count):
        issue = await make_issue(res, project, title=f"ValueError: bad total {number}")
        async with res.db.transaction() as tx:
            held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
            rows += await notify(
                res, tx, kind=NotificationKind.NEW_ISSUE, issue=held, alert=None, recipient=ada, reason="You have it.",
                dedup=f"it {number}",
            )  # fmt: skip
    return [row for row in rows if row.channel is Channel.APPRISE]


async def now(res: Resources, row: Notification) -> Notification:
    return await only_row(res, Notification, Notification.id == row.id)


async def test_a_message_is_told_in_full_and_once(res: Resources, receiver: Receiver):
    (row,) = await written(res, f"json://127.0.0.1:{receiver.port}/{TOKEN}")
    await send_due(res)
    await send_due(res)
    sent, attempt = await now(res, row), await only_row(res, DeliveryAttempt)
    assert (sent.status, attempt.succeeded, attempt.status_code) == (NotificationStatus.SENT, True, 200)
    (request,) = receiver.requests
    issue = row.content["issue"]
    assert request.json["title"] == row.subject
    assert request.json["message"].startswith(
        f"New issue: {issue['title']}\n{issue['url']}\nSeverity: {issue['severity']}"
    )
    assert "Why you got this: You have it." in request.json["message"]
    assert request.json["type"] == "failure"


async def test_what_failed_is_tried_again_with_the_reason_and_without_the_secret(
    res: Resources, receiver: Receiver, clock: ManualClock
):
    (row,) = await written(res, f"json://127.0.0.1:{receiver.port}/{TOKEN}")
    receiver.reply = Reply(429, {"Retry-After": "600"})
    await send_due(res)
    failed, attempt = await now(res, row), await only_row(res, DeliveryAttempt)
    assert (failed.status, attempt.status_code) == (NotificationStatus.RETRYING, 429)
    assert failed.next_attempt_at == START + timedelta(minutes=10)
    assert "429" in attempt.detail
    assert TOKEN not in attempt.detail
    receiver.reply = Reply()
    await clock.advance(timedelta(minutes=10))
    await send_due(res)
    assert (await now(res, row)).status is NotificationStatus.SENT


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("json://10.0.0.1/in", "10.0.0.1, a private address, which TOCSIN_OUTBOUND_ALLOWED does not allow"),
        ("discord://too-short", "Apprise does not understand this address"),
    ],
)
async def test_what_another_try_cannot_mend_is_dead_at_once(res: Resources, url: str, why: str):
    (row,) = await written(res, url)
    await send_due(res)
    assert (await now(res, row)).status is NotificationStatus.DEAD
    assert why in (await only_row(res, DeliveryAttempt)).detail


async def test_who_does_not_answer_keeps_nobody_else_waiting(res: Resources, receiver: Receiver):
    (row,) = await written(res, f"json://127.0.0.1:{receiver.port}/in")
    receiver.gate.clear()
    sending = asyncio.create_task(senders(res)[Channel.APPRISE](row))
    try:
        async with open_receiver() as other:
            row.channel, row.destination = Channel.WEBHOOK, f"{other.url}/in"
            assert (await senders(res)[Channel.WEBHOOK](row)).succeeded
            assert not sending.done()
    finally:
        receiver.gate.set()
    assert (await sending).succeeded


async def test_what_is_too_much_leaves_as_one(res: Resources, receiver: Receiver, clock: ManualClock):
    res = replace(res, settings=res.settings.model_copy(update={"notification_limit": 0.1}))  # one a minute
    rows = await written(res, f"json://127.0.0.1:{receiver.port}/in", count=4)
    await send_due(res)
    assert len(receiver.requests) == 1
    await clock.advance(timedelta(minutes=1))
    await send_due(res)
    told = receiver.requests[1].json
    assert told["title"].endswith(", and 2 more")
    assert f"{rows[3].content['issue']['short_id']} ValueError: bad total 3: " in told["message"]
    assert {(await now(res, row)).status for row in rows} == {NotificationStatus.SENT}


async def test_a_template_gives_it_its_words(res: Resources, receiver: Receiver):
    await make_template(res, channel=Channel.APPRISE, text="{{ title }} is on fire")
    (row,) = await written(res, f"json://127.0.0.1:{receiver.port}/in")
    await send_due(res)
    said = f"{row.content['issue']['title']} is on fire\n\nWhy you got this: You have it."
    assert receiver.requests[0].json["message"] == said


async def test_a_rule_that_names_the_channel_tells_by_it_and_a_simulation_says_so(res: Resources):
    _, ada = await make_on_call(res, name="Ada")
    await make_contact(res, ada, Channel.APPRISE, value=f"ntfy://{TOKEN}")
    await make_alert_rule(res, ada, channels=["APPRISE"])
    actor = acting(await make_developer(res, role=Role.OWNER))
    found = await simulate_alert(res, actor, service="checkout", severity=Severity.HIGH)
    assert (Channel.APPRISE, f"ntfy://{TOKEN}", None) in [
        (one.channel, one.destination, one.warning) for one in found if one.developer_id == ada.id
    ]


async def test_an_address_is_a_secret_and_of_use_once_its_code_was_given_back(res: Resources, receiver: Receiver):
    actor = acting(await make_developer(res))
    url = f"json://127.0.0.1:{receiver.port}/{TOKEN}"
    method = (await create_contact_method(res, actor, channel=Channel.APPRISE, value=url)).method
    receiver.reply = Reply(500)
    with pytest.raises(Conflict, match=r"could not be sent: .*500"):
        await send_verification_code(res, actor, method_id=method.id)
    await res.clock.advance(timedelta(minutes=1))
    receiver.reply = Reply()
    await send_verification_code(res, actor, method_id=method.id)
    code = re.search(r"Your code is (\d{6})\.", receiver.requests[-1].json["message"])
    assert (await verify_contact_method(res, actor, method_id=method.id, code=code[1])).verified_at == res.clock.now()
    assert TOKEN not in str([entry.after for entry in await all_rows(res, AuditEntry)])


@pytest.mark.usefixtures("not_installed")
async def test_where_apprise_is_not_installed_that_is_said(res: Resources):
    actor = acting(await make_developer(res))
    with pytest.raises(InvalidInput, match=r"Apprise is not installed on this server .*bin/prepare apprise") as refused:
        await create_contact_method(res, actor, channel=Channel.APPRISE, value="ntfy://topic")
    assert refused.value.path == ("channel",)
    assert await all_rows(res, ContactMethod) == []


async def test_what_waits_when_apprise_is_gone_is_dead_with_the_reason(res: Resources, request: pytest.FixtureRequest):
    (row,) = await written(res, "ntfy://topic")
    request.getfixturevalue("not_installed")
    await send_due(res)
    assert (await now(res, row)).status is NotificationStatus.DEAD
    assert (await only_row(res, DeliveryAttempt)).detail == f"{NO_APPRISE}."


@pytest.mark.usefixtures("not_installed")
async def test_what_is_told_when_apprise_is_gone_is_held_back_with_the_reason(res: Resources):
    (row,) = await written(res, "ntfy://topic")
    assert row.status is NotificationStatus.SUPPRESSED
    assert NO_APPRISE in row.reason
