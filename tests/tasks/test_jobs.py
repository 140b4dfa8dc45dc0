"""What each job of the timetable does."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.timetable import RunStatus, ScheduledJob
from models import EventKey
from models.partitions import EVENT, FEED
from resolvers.resources import Resources
from resolvers.retention import EVENT_KEYS_KEPT
from resolvers.timetable.run import run_job
from tasks.jobs import WORK
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.mailbox import Mailbox
from tests.support.on_call import make_on_call


async def do(res: Resources, name: str) -> None:
    """Do the job of that name, twice: the second time finds nothing to do."""
    job = ScheduledJob(name)
    for _ in range(2):
        ran = await run_job(res, job, WORK[job])
        assert ran is not None
        assert ran.status is RunStatus.OK, ran.error
    assert set((ran.result or {}).values()) == {0}


def test_every_job_has_its_work():
    assert set(WORK) == set(ScheduledJob)


@pytest.mark.parametrize("job", ScheduledJob)
async def test_a_job_that_finds_nothing_to_do_goes_well(res: Resources, job: ScheduledJob):
    await do(res, job)


async def partitions(res: Resources) -> set[str]:
    rows = await res.db.raw.fetch("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")
    return {row["relname"] for row in rows}


async def test_the_timetable_makes_partitions_ahead(res: Resources, clock: ManualClock):
    await clock.advance(timedelta(days=3))
    ahead = clock.now().date() + timedelta(days=res.settings.partitions_ahead_days)
    assert EVENT.name(ahead) not in await partitions(res)
    await do(res, "make_partitions")
    assert {EVENT.name(ahead), FEED.name(ahead)} <= await partitions(res)


async def test_the_timetable_drops_partitions_that_are_too_old(res: Resources, clock: ManualClock):
    first = clock.now().date()
    await clock.advance(timedelta(days=res.settings.feed_retention_days + 1))
    await do(res, "drop_partitions")
    left = await partitions(res)
    assert FEED.name(first) not in left
    assert EVENT.name(first) in left


async def test_the_timetable_forgets_reporters_ids_after_their_window(res: Resources, clock: ManualClock):
    project = await make_project(res)
    at = clock.now()
    async with res.db.transaction() as tx:
        for number in range(2500):
            tx.session.add(EventKey(project_id=project.id, event_id=f"{number}", id=project.id, received_at=at))
        later = at + timedelta(microseconds=1)
        tx.session.add(EventKey(project_id=project.id, event_id="later", id=project.id, received_at=later))
    await clock.advance(EVENT_KEYS_KEPT)
    await do(res, "prune_event_keys")
    assert await res.db.raw.fetchval("SELECT count(*) FROM event_key") == 2501
    await clock.advance(timedelta(microseconds=1))
    await do(res, "prune_event_keys")
    assert await res.db.raw.fetchval("SELECT array_agg(event_id) FROM event_key") == ["later"]


async def test_without_a_worker_alerts_climb_and_messages_leave_by_hand(
    mailing: Resources, mailbox: Mailbox, clock: ManualClock
):
    project, _ = await make_on_call(mailing)
    await make_triage(mailing, await make_issue(mailing, project))
    for name, result in (("escalate", {"judged": 1, "climbed": 0}), ("retry_notifications", {"tried": 1})):
        job = ScheduledJob(name)
        ran = await run_job(mailing, job, WORK[job])
        assert ran is not None
        assert (ran.error, ran.result) == (None, result)
    assert len(mailbox.mails) == 1
    await clock.advance(timedelta(seconds=mailing.settings.escalate_high_s))
    ran = await run_job(mailing, ScheduledJob.ESCALATE, WORK[ScheduledJob.ESCALATE])
    assert ran is not None
    assert ran.result is not None
    assert ran.result["climbed"] > 0
