"""Every part of a running Tocsin killed under load: nothing answered is lost, nothing comes twice, everybody is told."""

import asyncio
import signal
from collections.abc import AsyncIterator
from random import Random

import psutil
import pytest
import pytest_asyncio

from tests.support.climbing import climb
from tests.support.mailbox import Mailbox, open_mailbox
from tests.support.places import open_directory
from tests.support.running import Up
from tests.support.siege import Siege, besiege

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]

_MORE = 60


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[tuple[Up, Mailbox]]:
    async with open_mailbox() as mailbox:
        with open_directory() as directory:
            up = Up(
                directory / "var",
                smtp_url=mailbox.url,
                notification_lease_s=4,
                notification_backoff_s=0.5,
                notification_limit=0,
                stream_position_s=5,
            )
            try:
                await asyncio.to_thread(up.wait_started)
                yield up, mailbox
            finally:
                code = await asyncio.to_thread(up.end, signal.SIGTERM)
            assert code == 0


@pytest_asyncio.fixture(loop_scope="module")
async def siege(running: tuple[Up, Mailbox]) -> Siege:
    return await besiege(*running)


async def test_the_api_may_be_killed(siege):
    async with siege.under_load():
        for _ in range(2):
            await siege.reporters.wait_for(_MORE)
            await siege.kill("api")
        await siege.reporters.wait_for(_MORE)
    await siege.check()
    assert all(subscriber.resumed.total() >= 2 for subscriber in siege.subscribers)


async def test_the_worker_may_be_killed(siege):
    async with siege.under_load():
        for _ in range(2):
            mails = len(siege.mailbox.mails)
            await siege.mailbox.wait_for_mails(mails + 5)
            await siege.kill("worker")
        await siege.reporters.wait_for(_MORE)
    await siege.check()
    assert not siege.reporters.again


async def test_valkey_may_be_killed(siege):
    async with siege.under_load():
        for _ in range(2):
            await siege.reporters.wait_for(_MORE)
            await siege.kill("valkey-server")
        await siege.reporters.wait_for(_MORE)
    await siege.check()
    assert not siege.reporters.again


async def test_postgresql_may_be_killed_with_all_its_processes(siege):
    async with siege.under_load():
        for with_children in (True, False):
            await siege.reporters.wait_for(_MORE)
            await siege.kill("postgres", with_children=with_children)
        await siege.reporters.wait_for(_MORE)
    await siege.check()


async def test_postgresql_may_lose_one_of_its_processes_and_start_over_by_itself(siege):
    async with siege.under_load():
        await siege.reporters.wait_for(_MORE)
        server = siege.up.parts()["postgres"]
        backend = next(process for process in server.children() if _serves_us(process))
        backend.kill()
        await asyncio.to_thread(backend.wait)
        await siege.reporters.wait_for(_MORE)
        assert siege.up.parts()["postgres"].pid == server.pid
    await siege.check()


def _serves_us(process: psutil.Process) -> bool:
    return any("tocsin" in word and "[local]" in word for word in process.cmdline())


async def test_alerts_reach_every_level_in_order_whatever_is_killed(siege):
    await climb(siege, alerts=20, kills=4, random=Random())
