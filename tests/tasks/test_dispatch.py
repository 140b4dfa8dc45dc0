import asyncio

from domain.notification import Channel, NotificationStatus, Outcome
from models import DeliveryAttempt, Notification
from resolvers.resources import Resources
from tasks.dispatch import Dispatcher
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.mailbox import BY_MAIL
from tests.support.rows import all_rows, only_row


async def write(res: Resources, count: int) -> None:
    issue = await make_issue(res, await make_project(res))
    for _ in range(count):
        await make_notification(res, issue, await make_developer(res))


class Door:
    """A way out that stays shut until it is opened, and counts who stands before it."""

    def __init__(self) -> None:
        self.is_open = asyncio.Event()
        self.waiting = asyncio.Semaphore(0)

    async def send(self, _: Notification) -> Outcome:
        self.waiting.release()
        await self.is_open.wait()
        return Outcome(succeeded=True)


async def test_only_so_many_are_under_way_and_each_that_is_done_makes_room(mailing: Resources):
    await write(mailing, 20)
    door = Door()
    dispatcher = Dispatcher(mailing, {Channel.EMAIL: door.send})
    running = asyncio.create_task(dispatcher.run())
    for _ in range(16):
        await door.waiting.acquire()
    assert await dispatcher.start_due() == 0
    door.is_open.set()
    for _ in range(4):
        await door.waiting.acquire()
    dispatcher.stop()
    await running
    await dispatcher.finish(within_s=20)
    statuses = [row.status for row in await all_rows(mailing, Notification, BY_MAIL)]
    assert statuses == [NotificationStatus.SENT] * 20


async def test_one_that_is_slow_holds_up_no_other(mailing: Resources):
    await write(mailing, 1)
    door = Door()
    slow = Dispatcher(mailing, {Channel.EMAIL: door.send})
    await slow.start_due()
    await write(mailing, 3)
    slow._senders = {Channel.EMAIL: quick}
    await slow.start_due()
    while len(await all_rows(mailing, Notification, BY_MAIL, Notification.status == NotificationStatus.SENT)) < 3:
        await asyncio.sleep(0.01)
    door.is_open.set()
    await slow.finish(within_s=20)
    assert len(await all_rows(mailing, DeliveryAttempt)) == 4


async def quick(_: Notification) -> Outcome:
    return Outcome(succeeded=True)


async def test_finishing_waits_for_what_is_under_way(mailing: Resources):
    await write(mailing, 1)
    door = Door()
    dispatcher = Dispatcher(mailing, {Channel.EMAIL: door.send})
    await dispatcher.start_due()
    finishing = asyncio.create_task(dispatcher.finish(within_s=20))
    await door.waiting.acquire()
    assert not finishing.done()
    door.is_open.set()
    await finishing
    assert (await only_row(mailing, Notification, BY_MAIL)).status is NotificationStatus.SENT


async def test_what_does_not_finish_in_time_is_left_to_its_lease(mailing: Resources):
    await write(mailing, 1)
    door = Door()
    dispatcher = Dispatcher(mailing, {Channel.EMAIL: door.send})
    await dispatcher.start_due()
    await door.waiting.acquire()
    await dispatcher.finish(within_s=0)
    row = await only_row(mailing, Notification, BY_MAIL)
    assert (row.status, row.next_attempt_at) == (NotificationStatus.SENDING, row.lease_until)
