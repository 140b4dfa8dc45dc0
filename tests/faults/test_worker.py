"""What becomes of notifications when the worker, its mail server or its stores die: all go out, none twice knowingly."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pytest

from core.embedded.valkey import Valkey
from core.settings import Settings
from domain.notification import NotificationKind, NotificationStatus
from models import Alert, DeliveryAttempt, Notification
from resolvers.notification.claim import LOST
from resolvers.resources import Resources, open_resources
from tests.support.cutting import cut_connections
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.schedule import make_schedule
from tests.support.factories.triage import make_triage
from tests.support.mailbox import BY_MAIL, Mailbox
from tests.support.on_call import make_on_call
from tests.support.rows import all_rows, only_row
from tests.support.worker import running_worker

pytestmark = pytest.mark.faults

LEASE_S = 2.0


@pytest.fixture
def settings(database_url: str, redis_url: str, mailbox: Mailbox) -> Settings:
    return make_settings(
        database_url,
        redis_url,
        smtp_url=mailbox.url,
        notification_lease_s=LEASE_S,
        notification_backoff_s=0.2,
        notification_attempts=20,
        notification_limit=0,
    )


@pytest.fixture
async def store(settings: Settings, clock) -> AsyncIterator[Resources]:
    async with open_resources(settings, clock) as resources:
        yield resources


async def leave_cases(res: Resources, count: int = 1) -> None:
    project, _ = await make_on_call(res, max_load=1000)
    for _ in range(count):
        await make_triage(res, await make_issue(res, project))


async def until(res: Resources, is_so: Callable[[list[Notification]], bool]) -> None:
    """Return once the notifications are so."""
    while not is_so(await all_rows(res, Notification, BY_MAIL)):
        await asyncio.sleep(0.02)


def all_sent(rows: list[Notification]) -> bool:
    return bool(rows) and all(row.status is NotificationStatus.SENT for row in rows)


def copies(mailbox: Mailbox) -> Counter[str]:
    return Counter(mail["Message-ID"] for mail in mailbox.mails)


async def test_a_worker_killed_in_the_middle_of_sending_loses_nothing(
    store: Resources, settings: Settings, mailbox: Mailbox
):
    await leave_cases(store, 3)
    mailbox.gate.clear()
    async with running_worker(settings) as worker:
        await mailbox.wait_for_tries(3)
        worker.kill()
        await worker.wait()
    await mailbox.wait_for_silence()
    mailbox.gate.set()
    async with running_worker(settings):
        await until(store, all_sent)
    assert sorted(copies(mailbox).values()) == [1, 1, 1]
    attempts = await all_rows(store, DeliveryAttempt)
    assert Counter((attempt.succeeded, attempt.detail) for attempt in attempts) == {
        (False, LOST): 3,
        (True, "2.0.0 Taken"): 3,
    }


async def test_a_worker_killed_at_any_moment_leaves_one_alert_and_one_mail_for_each_issue(
    store: Resources, settings: Settings, mailbox: Mailbox
):
    await leave_cases(store, 20)
    for mails in (1, 5, 10):
        async with running_worker(settings) as worker:
            await mailbox.wait_for_mails(mails)
            worker.kill()
            await worker.wait()
    async with running_worker(settings):
        await until(store, lambda rows: len(rows) == 20 and all_sent(rows))
    assert len(await all_rows(store, Alert)) == 20
    # Killed between the server's answer and the record, a worker cannot know: then the copy has the same id.
    assert len(copies(mailbox)) == 20


async def test_workers_killed_at_any_moment_tell_each_hand_off_once(
    store: Resources, settings: Settings, mailbox: Mailbox
):
    for _ in range(15):
        await make_schedule(store, await make_developer(store))
    for mails in (1, 4):
        async with running_worker(settings) as worker:
            await mailbox.wait_for_mails(mails)
            worker.kill()
            await worker.wait()
    async with running_worker(settings), running_worker(settings):
        await until(store, lambda rows: len(rows) == 15 and all_sent(rows))
    rows = await all_rows(store, Notification, BY_MAIL)
    assert {row.kind for row in rows} == {NotificationKind.HANDOFF}
    assert len({row.recipient_id for row in rows}) == len(copies(mailbox)) == 15


async def test_two_workers_at_once_send_each_notification_once(store: Resources, settings: Settings, mailbox: Mailbox):
    await leave_cases(store, 30)
    async with running_worker(settings), running_worker(settings):
        await until(store, lambda rows: len(rows) == 30 and all_sent(rows))
    assert len(await all_rows(store, Alert)) == 30
    assert copies(mailbox).total() == len(copies(mailbox)) == 30
    assert len(await all_rows(store, DeliveryAttempt)) == 30


async def test_without_valkey_mails_leave(store: Resources, settings: Settings, mailbox: Mailbox):
    await leave_cases(store)
    async with running_worker(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})) as worker:
        await until(store, all_sent)
        await worker.wait_for("wake-ups lost")
    assert len(mailbox.mails) == 1


async def test_valkey_may_die_under_the_worker(
    store: Resources, settings: Settings, mailbox: Mailbox, own_valkey: Valkey
):
    async with running_worker(settings.model_copy(update={"redis_url": own_valkey.url})) as worker:
        await worker.wait_for("worker started")
        own_valkey.kill()
        await worker.wait_for("wake-ups lost")
        await leave_cases(store)
        await until(store, all_sent)
        await asyncio.to_thread(own_valkey.start)
        await leave_cases(store)
        await until(store, lambda rows: len(rows) == 2 and all_sent(rows))
    assert len(mailbox.mails) == 2


async def test_a_mail_server_that_is_down_gets_everything_once_it_is_up(
    store: Resources, settings: Settings, mailbox: Mailbox
):
    await mailbox.close()
    await leave_cases(store, 3)
    async with running_worker(settings):
        await until(store, lambda rows: len(rows) == 3 and all(row.attempt_count > 1 for row in rows))
        await mailbox.open()
        await until(store, all_sent)
    assert sorted(copies(mailbox).values()) == [1, 1, 1]
    for row in await all_rows(store, Notification, BY_MAIL):
        attempts = await all_rows(store, DeliveryAttempt, DeliveryAttempt.notification_id == row.id)
        assert [attempt.succeeded for attempt in attempts] == [False] * (row.attempt_count - 1) + [True]


async def test_the_database_may_drop_every_connection_under_the_worker(
    store: Resources, settings: Settings, mailbox: Mailbox
):
    async with running_worker(settings) as worker:
        await worker.wait_for("worker started")
        for _ in range(3):
            await cut_connections(store.db.raw)
        await leave_cases(store)
        await until(store, all_sent)
    assert len(mailbox.mails) == 1


async def test_sigterm_lets_the_worker_finish_what_it_sends(store: Resources, settings: Settings, mailbox: Mailbox):
    await leave_cases(store)
    mailbox.gate.clear()
    async with running_worker(settings) as worker:
        await mailbox.wait_for_tries(1)
        worker.terminate()
        await worker.wait_for("worker stopping")
        mailbox.gate.set()
        assert await worker.wait() == 0
        assert any("worker stopped" in line for line in worker.lines)
    assert (await only_row(store, Notification, BY_MAIL)).status is NotificationStatus.SENT
    assert (await only_row(store, DeliveryAttempt)).succeeded
