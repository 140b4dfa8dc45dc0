"""What happened overnight is read at eight: the clock goes on, and the mails are there, once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from core.clock import ManualClock
from domain.notification import NotificationKind, NotificationStatus
from models import Notification
from resolvers.notification.senders import senders
from resolvers.resources import Resources
from tasks.dispatch import Dispatcher
from tasks.timers import Timers
from tests.support.factories.schedule import make_schedule
from tests.support.mailbox import Mailbox, body
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows
from tests.support.writing import log, running_writer

SENT = (Notification.kind == NotificationKind.DAILY_SUMMARY, Notification.status == NotificationStatus.SENT)


@asynccontextmanager
async def worker(res: Resources) -> AsyncIterator[asyncio.Event]:
    """The loops of a worker to which Valkey says nothing."""
    wake = asyncio.Event()
    dispatcher = Dispatcher(res, senders(res))
    timers = Timers(res, dispatcher, wake)
    loops = [asyncio.create_task(loop) for loop in (timers.run(), dispatcher.run())]
    try:
        yield wake
    finally:
        timers.stop()
        dispatcher.stop()
        await asyncio.gather(*loops)
        await dispatcher.finish(within_s=20)


async def mornings(res: Resources) -> dict[str, list[str]]:
    """The subjects of the summaries that were sent, by recipient."""
    found = defaultdict(list)
    for row in await all_rows(res, Notification, *SENT):
        found[row.destination].append(row.subject)
    return found


async def test_two_people_on_two_continents_read_what_happened_overnight(
    mailing: Resources, mailbox: Mailbox, clock: ManualClock
):
    # It is Monday, 03:00 UTC: 04:00 in Berlin, and still Sunday, 22:00, in New York.
    project, ada = await make_on_call(mailing, name="Ada", timezone="Europe/Berlin")
    bob = await join_on_call(mailing, project, name="Bob", timezone="America/New_York", on_call=False)
    await make_schedule(mailing, ada, bob, name="Shop")
    async with running_writer(mailing), worker(mailing) as first, worker(mailing) as second:

        async def until(hours: float, summaries: int) -> None:
            await clock.advance(timedelta(hours=hours))
            for wake in (first, second):
                wake.set()
            while len(await all_rows(mailing, Notification, *SENT)) < summaries:
                await asyncio.sleep(0.02)

        for _ in range(3):
            stored = await log(mailing, project, severity="HIGH", errorType="Down", message="no bank")
        await mailbox.wait_for_mails(1)
        await until(3.75, 0)
        assert await mornings(mailing) == {}
        # 08:00 in Berlin, then in New York; then in Berlin again, six hours late.
        await until(0.25, 1)
        await until(6, 2)
        await until(22, 3)
    assert await mornings(mailing) == {
        ada.email: ["Monday 2 March: 3 events, 1 new issue, 1 alert open", "Tuesday 3 March: 0 events, 1 alert open"],
        bob.email: ["Monday 2 March: 3 events, 1 new issue, 1 alert open"],
    }
    (mail,) = [
        mail
        for mail in mailbox.mails
        if mail["Subject"].startswith("Monday 2 March: 3 events") and mail["To"] == f"Ada <{ada.email}>"
    ]
    assert mail["To"] == f"Ada <{ada.email}>"
    assert f"[HIGH] {stored.short_id} Down: no bank (checkout, seen 3 times)" in body(mail)
    assert "most from 04:00 on: 3" in body(mail)
    assert "Shop: " in body(mail)
    assert "Why you got this: A summary of the day and night goes to everybody at 08:00" in body(mail)
    assert "HIGH and CRITICAL" in body(mail, "html")
