"""The stream of notifications: what is on a dashboard, and what a server took."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import ANONYMOUS, Role, system
from domain.errors import Unauthenticated
from domain.event import Severity
from domain.feed import StreamResetReason
from domain.notification import Channel, NotificationKind
from models import DeliveryAttempt, Notification
from resolvers.notification.plain import tell
from resolvers.resources import Resources
from resolvers.stream import NotificationSent, StreamReset, find_position, stream_notifications
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.feed import reading_feed, watching
from tests.support.mailbox import Mailbox, send_due
from tests.support.rows import all_rows

ALL = system()


def by(actor):
    return lambda: actor


def told(items: list) -> list[tuple]:
    assert all(isinstance(item, NotificationSent) for item in items)
    return [(item.notification.recipient_id, item.notification.channel) for item in items]


async def test_each_is_told_once_it_is_sent(mailing: Resources, mailbox: Mailbox, clock: ManualClock):
    ann = await make_developer(mailing)
    issue = await make_issue(mailing, await make_project(mailing))
    async with reading_feed(mailing), watching(stream_notifications(mailing, by(ALL))) as stream:
        await stream.next()
        mail = await make_notification(mailing, issue, ann)
        assert told(await stream.take(1)) == [(ann.id, Channel.DASHBOARD)]
        mailbox.refusal = "450 later"
        await send_due(mailing)
        mailbox.refusal = None
        await clock.advance(timedelta(minutes=1))
        await send_due(mailing)
        (sent,) = await stream.take(1)
        assert (sent.notification.id, sent.notification.channel) == (mail.id, Channel.EMAIL)
        await make_notification(mailing, issue, ann)  # the same once more
        await send_due(mailing)
        assert await stream.is_silent()


async def test_a_stream_is_taken_up_where_it_was_left_and_confined_to_one_recipient(res: Resources):
    ann, bob = await make_developer(res), await make_developer(res)
    issue = await make_issue(res, await make_project(res))
    after = (await find_position(res, ALL)).encode()
    for person in (ann, bob):
        await make_notification(res, issue, person)
    async with reading_feed(res):
        async with watching(stream_notifications(res, by(ALL), after=after)) as stream:
            items = await stream.take(2)
            assert [recipient for recipient, _ in told(items)] == [ann.id, bob.id]
        second = items[0].row.cursor.encode()
        async with watching(stream_notifications(res, by(ALL), after=second)) as stream:
            assert told(await stream.take(1)) == [(bob.id, Channel.DASHBOARD)]
        async with watching(stream_notifications(res, by(ALL), after=after, recipient_id=bob.id)) as stream:
            assert told(await stream.take(1)) == [(bob.id, Channel.DASHBOARD)]
            assert await stream.is_silent()


async def test_each_sees_those_of_their_projects_and_what_is_to_themselves(res: Resources):
    ann, bob, root = await make_developer(res), await make_developer(res), await make_developer(res, role=Role.ADMIN)
    ours, theirs = await make_project(res), await make_project(res)
    await make_team(res, members=(ann,), projects=(ours,))
    after = (await find_position(res, ALL)).encode()
    for project in (theirs, ours):
        await make_notification(res, await make_issue(res, project), bob)
    for person in (bob, ann):
        async with res.db.transaction() as tx:
            await tell(
                res, tx, kind=NotificationKind.HANDOFF, severity=Severity.MEDIUM, recipient=person, subject="It is you",
                text="now", reason="So it is.", dedup="test", facts={},
            )  # fmt: skip
    rows = {row.id: row for row in await all_rows(res, Notification) if row.channel is Channel.DASHBOARD}

    async def seen(actor, count: int) -> list[tuple]:
        async with watching(stream_notifications(res, by(actor), after=after)) as stream:
            found = await stream.take(count)
            assert await stream.is_silent()
        return [(rows[item.notification.id].project_id, item.notification.recipient_id) for item in found]

    async with reading_feed(res):
        assert await seen(acting(ann, ours), 2) == [(ours.id, bob.id), (None, ann.id)]
        assert await seen(acting(bob), 1) == [(None, bob.id)]
        assert len(await seen(acting(root), 4)) == 4


async def test_what_is_gone_is_said_to_be_gone(res: Resources):
    ann = await make_developer(res)
    issue = await make_issue(res, await make_project(res))
    after = (await find_position(res, ALL)).encode()
    await make_notification(res, issue, ann)
    async with res.db.transaction() as tx:
        for table in (DeliveryAttempt, Notification):
            for row in await all_rows(res, table):
                await tx.session.delete(await tx.session.get_one(table, row.id))
    async with reading_feed(res), watching(stream_notifications(res, by(ALL), after=after)) as stream:
        (reset,) = await stream.take(1)
        assert isinstance(reset, StreamReset)
        assert reset.reason is StreamResetReason.EXPIRED


async def test_the_nameless_see_none(res: Resources):
    with pytest.raises(Unauthenticated):
        await stream_notifications(res, by(ANONYMOUS))
