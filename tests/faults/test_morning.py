"""A worker that is killed while it writes the summaries of a morning: everybody has theirs all the same, and one."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from core.clock import ManualClock, SystemClock
from core.ids import uuid7
from domain.access import Role
from domain.notification import NotificationKind, NotificationStatus
from domain.timetable import RunStatus, ScheduledJob
from models import Notification, ScheduledRun
from resolvers.resources import Resources, open_resources
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.mailbox import Mailbox
from tests.support.rows import all_rows
from tests.support.worker import running_worker

pytestmark = pytest.mark.faults

READERS = 20
# Nothing else has to be made up for.
ALONE = "; ".join(
    f"{job}=off" for job in set(ScheduledJob) - {ScheduledJob.DAILY_SUMMARY, ScheduledJob.MAKE_PARTITIONS}
)
SUMMARIES = Notification.kind == NotificationKind.DAILY_SUMMARY


async def leave_a_morning(res: Resources, now: datetime) -> None:
    """Many who may see a project in which something happened yesterday, and a worker that was away since long."""
    for _ in range(READERS):
        await make_developer(res, role=Role.ADMIN)
    issue = await make_issue(res, await make_project(res), events=0)
    await count_events(res, issue, now - timedelta(days=1), 3)
    at = res.clock.now()
    facts = {"job": ScheduledJob.DAILY_SUMMARY, "due_at": at, "started_at": at, "finished_at": at, "worker": "a:1"}
    async with res.db.transaction() as tx:
        tx.session.add(ScheduledRun(id=uuid7(at), status=RunStatus.OK, **facts))


async def test_everybody_has_one_summary_though_the_worker_was_killed(
    database_url: str, redis_url: str, mailbox: Mailbox, clock: ManualClock
):
    now = SystemClock().now()
    quarter = f"{now:%H}:{now.minute // 15 * 15:02}"
    settings = make_settings(
        database_url, redis_url, smtp_url=mailbox.url, summary_at=quarter, notification_lease_s=2, timetable=ALONE
    )
    async with open_resources(settings, clock) as res:
        await leave_a_morning(res, now)
        async with running_worker(settings) as worker:
            while not await all_rows(res, Notification, SUMMARIES):
                await asyncio.sleep(0.005)
            worker.kill()
            await worker.wait()
        async with running_worker(settings), running_worker(settings):
            while len(await all_rows(res, Notification, Notification.status == NotificationStatus.SENT)) < READERS:
                await asyncio.sleep(0.05)
        rows = await all_rows(res, Notification, SUMMARIES)
        assert set(Counter(row.recipient_id for row in rows).values()) == {1}
        assert len(rows) == READERS
        runs = await all_rows(res, ScheduledRun, ScheduledRun.job == ScheduledJob.DAILY_SUMMARY)
        assert {run.status for run in runs} <= {RunStatus.OK, RunStatus.FAILED}
        assert runs[-1].status is RunStatus.OK
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == READERS
