"""From the error to the mail: who is told of what, once, as time passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage

import pytest

from core.clock import ManualClock
from domain.access import Role, system
from domain.event import Severity
from domain.notification import NotificationStatus
from domain.target import Target
from models import Issue, Notification
from resolvers.developer.duty import set_on_call
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.assign import assign_issue
from resolvers.issue.resolve import resolve_issue
from resolvers.notification.senders import senders
from resolvers.resources import Resources
from resolvers.target.settings import set_response_targets
from tasks.dispatch import Dispatcher
from tasks.listener import listen
from tasks.timers import Timers
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.mailbox import BY_MAIL, Mailbox, body
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows, only_row
from tests.support.writing import log, running_writer

TRACE = """Traceback (most recent call last):
  File "checkout/api.py", line 88, in handle
    order = place(cart)
  File "checkout/total.py", line 42, in cart_total
    raise ValueError("bad total")
ValueError: bad total
"""
ERROR = {"severity": "HIGH", "stackTrace": TRACE, "environment": "production", "release": "1.4.2"}


@pytest.fixture
async def life(mailing: Resources) -> AsyncIterator[Resources]:
    """The writer of the API and the loops of the worker, all running."""
    wake = asyncio.Event()
    dispatcher = Dispatcher(mailing, senders(mailing))
    timers = Timers(mailing, dispatcher, wake)
    loops = [asyncio.create_task(loop) for loop in (timers.run(), dispatcher.run(), listen(mailing, wake))]
    async with running_writer(mailing):
        yield mailing
    timers.stop()
    dispatcher.stop()
    await asyncio.gather(*loops[:2])
    await dispatcher.finish(within_s=20)
    loops[2].cancel()
    with suppress(asyncio.CancelledError):
        await loops[2]


async def wait_for_sent(res: Resources, mailbox: Mailbox, count: int) -> list[EmailMessage]:
    """Return the mails once so many have arrived, and it was recorded that they have."""
    while len(await all_rows(res, Notification, BY_MAIL, Notification.status == NotificationStatus.SENT)) < count:
        await asyncio.sleep(0.01)
    return mailbox.mails


async def test_who_is_on_call_is_mailed_before_an_issue_runs_out_of_time(
    life: Resources, mailbox: Mailbox, clock: ManualClock
):
    project, ada = await make_on_call(life, name="Ada")
    target = Target(Severity.MEDIUM, acknowledge_within=timedelta(hours=1), resolve_within=timedelta(hours=2))
    await set_response_targets(life, system(), targets=[target])
    stored = await log(life, project, **{**ERROR, "severity": "MEDIUM"})
    await clock.advance(timedelta(minutes=49))
    (mail,) = await wait_for_sent(life, mailbox, 1)
    assert mailbox.recipients == [ada.email]
    assert "It runs out of time" in body(mail)
    assert "MEDIUM issues are to be acknowledged within 1 h" in " ".join(body(mail).split())
    await acknowledge_issue(life, acting(ada, project), issue_id=(await only_row(life, Issue)).id)
    await clock.advance(timedelta(minutes=49))
    _, mail = await wait_for_sent(life, mailbox, 2)
    assert "MEDIUM issues are to be resolved within 2 h" in " ".join(body(mail).split())
    assert stored.short_id in mail["Subject"]


async def test_who_knows_the_service_and_is_on_call_is_mailed_once(life: Resources, mailbox: Mailbox):
    project, ada = await make_on_call(life, name="Ada")
    await join_on_call(life, project, services=("billing",))
    await join_on_call(life, project, on_call=False)
    for _ in range(3):
        stored = await log(life, project, **ERROR)
    (mail,) = await wait_for_sent(life, mailbox, 1)
    assert mailbox.recipients == [ada.email]
    assert mail["Subject"] == f"[HIGH] {stored.short_id} ValueError: bad total"
    for part in (
        f"{life.settings.base_url}/issues/{stored.short_id}",
        "Environment:  production",
        "Release:      1.4.2",
        "checkout/total.py:42 in cart_total",
        'raise ValueError("bad total")',
        "knows checkout, on call, 0 of 10 open issues",
    ):
        assert part in body(mail)
    assert (await only_row(life, Issue)).assignee_id == ada.id
    assert len(await all_rows(life, Notification, BY_MAIL)) == 1


async def test_what_is_not_bad_wakes_nobody(life: Resources, mailbox: Mailbox):
    project, _ = await make_on_call(life)
    await log(life, project, severity="MEDIUM", message="meh", errorType="Meh")
    await log(life, project, **ERROR)
    (mail,) = await wait_for_sent(life, mailbox, 1)
    assert "ValueError" in mail["Subject"]
    assert len(await all_rows(life, Notification, BY_MAIL)) == 1


async def test_what_was_resolved_and_happens_again_goes_to_who_had_it_in_the_same_thread(
    life: Resources, mailbox: Mailbox, clock: ManualClock
):
    project, ada = await make_on_call(life)
    await log(life, project, **ERROR)
    await wait_for_sent(life, mailbox, 1)
    await resolve_issue(life, acting(ada, project), issue_id=(await only_row(life, Issue)).id)
    await clock.advance(timedelta(hours=1))
    await log(life, project, **ERROR)
    first, again = await wait_for_sent(life, mailbox, 2)
    assert mailbox.recipients == [ada.email] * 2
    assert "It was resolved, and happens again" in body(again)
    assert again["References"] == first["References"]
    assert again["Message-ID"] != first["Message-ID"]


async def test_who_is_given_an_issue_by_hand_is_mailed_with_the_name_of_the_giver(life: Resources, mailbox: Mailbox):
    project, ada = await make_on_call(life, name="Ada")
    grace = await join_on_call(life, project, on_call=False, name="Grace")
    await log(life, project, **ERROR)
    await wait_for_sent(life, mailbox, 1)
    await assign_issue(life, acting(ada, project), issue_id=(await only_row(life, Issue)).id, developer_id=grace.id)
    _, mail = await wait_for_sent(life, mailbox, 2)
    assert mailbox.recipients == [ada.email, grace.email]
    assert "Ada gave the issue to you" in body(mail)


async def test_with_nobody_on_call_the_owner_is_mailed(life: Resources, mailbox: Mailbox):
    owner = await make_developer(life, role=Role.OWNER)
    await log(life, await make_project(life), **ERROR)
    (mail,) = await wait_for_sent(life, mailbox, 1)
    assert mailbox.recipients == [owner.email]
    assert "nobody in the project knows checkout" in body(mail)


async def test_duty_ends_at_its_time_and_the_next_one_is_mailed(life: Resources, mailbox: Mailbox, clock: ManualClock):
    owner = await make_developer(life, role=Role.OWNER)
    project, ada = await make_on_call(life, on_call=False)
    until = clock.now() + timedelta(hours=2)
    await set_on_call(life, acting(ada, project), developer_id=ada.id, on_call=True, until=until)
    await log(life, project, **ERROR)
    await wait_for_sent(life, mailbox, 1)
    await clock.advance(timedelta(hours=2))
    await log(life, project, **{**ERROR, "errorType": "KeyError", "stackTrace": None})
    await wait_for_sent(life, mailbox, 2)
    assert mailbox.recipients == [ada.email, owner.email]
