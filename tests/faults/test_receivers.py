"""Servers that take no messages, each in its way, beside one that does: it waits for none of them, and they get theirs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import pairwise

import pytest

from core.clock import ManualClock
from core.settings import Settings
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import DeliveryAttempt, Developer, Issue, Notification
from resolvers.notification.outbox import notify
from resolvers.resources import Resources, open_resources
from tests.support.db import make_settings
from tests.support.factories.contact import make_contact, make_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.mailbox import BY_MAIL, Mailbox
from tests.support.receivers import Receiver, Reply, open_receiver
from tests.support.rows import all_rows
from tests.support.worker import running_worker

pytestmark = pytest.mark.faults

# A server has two thirds of a lease to answer.
_LEASE_S, _RETRY_AFTER_S = 1.5, 2
_EACH, _MAILS = 6, 40
_FAULTS: dict[str, Reply | None] = {
    "500": Reply(500),
    "429": Reply(429, {"Retry-After": str(_RETRY_AFTER_S)}),
    "hangs up": Reply(is_half=True),
    "says nothing": None,
    "refuses": None,
}


@pytest.fixture
def settings(database_url: str, redis_url: str, mailbox: Mailbox) -> Settings:
    return make_settings(
        database_url, redis_url, smtp_url=mailbox.url, outbound_allowed="127.0.0.1",
        notification_lease_s=_LEASE_S, notification_backoff_s=0.2, notification_attempts=50, notification_limit=0,
    )  # fmt: skip


@pytest.fixture
async def store(settings: Settings, clock: ManualClock) -> AsyncIterator[Resources]:
    async with open_resources(settings, clock) as resources:
        yield resources


@pytest.fixture
async def faulty() -> AsyncIterator[dict[str, Receiver]]:
    """One that fails in each way."""
    async with AsyncExitStack() as stack:
        opened = {fault: await stack.enter_async_context(open_receiver()) for fault in _FAULTS}
        for fault, reply in _FAULTS.items():
            if reply is not None:
                opened[fault].reply = reply
        opened["says nothing"].gate.clear()
        await opened["refuses"].close()
        yield opened


async def tell(res: Resources, issue: Issue, developer: Developer, number: int) -> None:
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
        await notify(
            res, tx, kind=NotificationKind.ASSIGNMENT, issue=held, alert=None, recipient=developer,
            reason="You have it.", dedup=f"fault:{number}",
        )  # fmt: skip


async def until(res: Resources, is_so: Callable[[list[Notification]], bool], *where: object) -> list[Notification]:
    while not is_so(rows := await all_rows(res, Notification, *where)):
        await asyncio.sleep(0.02)
    return rows


async def test_what_is_not_taken_is_tried_as_promised_and_delays_nothing_else(
    store: Resources, settings: Settings, mailbox: Mailbox, faulty: dict[str, Receiver]
):
    issue = await make_issue(store, await make_project(store))
    for fault, server in faulty.items():
        person = await make_developer(store, name=fault)
        await make_contact(store, person, Channel.WEBHOOK, value=f"{server.url}/in")
        await make_rule(store, person, Channel.WEBHOOK)
        for number in range(_EACH):
            await tell(store, issue, person, number)
    for number in range(_MAILS):
        await tell(store, issue, await make_developer(store), number)
    by_hook = Notification.channel == Channel.WEBHOOK
    async with running_worker(settings):
        await mailbox.wait_for_mails(_MAILS)
        hooks = await until(store, lambda rows: all(row.attempt_count > 1 for row in rows), by_hook)
        assert NotificationStatus.SENT not in {row.status for row in hooks}
        await until(store, lambda rows: {row.status for row in rows} == {NotificationStatus.SENT}, BY_MAIL)
        await heal(faulty)
        hooks = await until(store, lambda rows: {row.status for row in rows} == {NotificationStatus.SENT}, by_hook)
    assert len(mailbox.mails) == _MAILS
    names = {row.id: row.content["recipient"] for row in hooks}
    for fault, server in faulty.items():
        its = [id for id, name in names.items() if name == fault]
        taken = {request.headers["idempotency-key"] for request in server.requests}
        assert taken == {str(id) for id in its}
        for id in its:
            check_tries(fault, await all_rows(store, DeliveryAttempt, DeliveryAttempt.notification_id == id))


async def heal(servers: dict[str, Receiver]) -> None:
    for server in servers.values():
        server.reply = Reply()
        server.gate.set()
    await servers["refuses"].open()


def check_tries(fault: str, tries: list[DeliveryAttempt]) -> None:
    assert [one.succeeded for one in tries] == [False] * (len(tries) - 1) + [True]
    assert len(tries) > 1
    if fault in ("500", "429"):
        assert {one.status_code for one in tries[:-1]} == {int(fault)}
    if fault == "429":
        waits = [after.at - before.at for before, after in pairwise(tries)]
        assert min(waits) >= timedelta(seconds=_RETRY_AFTER_S)
    if fault == "says nothing":
        assert "did not answer within 1 s" in (tries[0].detail or "")
