"""What is overdue is seen, said and told once; when all is well the heartbeat is asked."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core.clock import ManualClock
from domain.access import Role
from domain.notification import NotificationKind
from domain.timetable import ScheduledJob
from models import Notification
from resolvers.health import check_parts
from resolvers.notification.mail import make_mail
from resolvers.resources import Resources, open_resources
from resolvers.timetable.run import JobFailed, run_due, run_job
from resolvers.warning.audit import audit
from resolvers.warning.overdue import OVERDUE_AFTER
from tests.support.db import make_settings
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.jobs import Chore
from tests.support.mailbox import Mailbox
from tests.support.receivers import Receiver, Reply
from tests.support.rows import all_rows

PATH = "/ping/secret"


@pytest.fixture
async def watched(
    database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox, receiver: Receiver
) -> AsyncIterator[Resources]:
    """With a heartbeat on loopback."""
    settings = make_settings(
        database_url, redis_url, smtp_url=mailbox.url, heartbeat_url=receiver.url + PATH, outbound_allowed="127.0.0.1"
    )
    async with open_resources(settings, clock) as resources:
        yield resources


async def warnings(res: Resources) -> list[Notification]:
    return await all_rows(res, Notification, Notification.kind == NotificationKind.WARNING)


async def leave_all_kinds(res: Resources) -> None:
    """An alert, a message and an issue that wait for a worker from now on."""
    boss = await make_developer(res, role=Role.OWNER)
    issue = await make_issue(res, await make_project(res))
    await make_alert(res, issue, next_escalation_at=res.clock.now())
    await make_triage(res, issue)
    await make_notification(res, issue, boss)


async def test_when_all_is_well_the_heartbeat_is_asked(watched: Resources, receiver: Receiver):
    assert await audit(watched) == {"wrong": 0, "heartbeat": 1}
    (request,) = receiver.requests
    assert (request.method, request.path) == ("GET", PATH)


async def test_without_a_heartbeat_nobody_is_asked(mailing: Resources):
    assert await audit(mailing) == {"wrong": 0, "heartbeat": 0}


async def test_what_is_overdue_is_logged_shown_and_told_once_and_the_heartbeat_falls_silent(
    watched: Resources, receiver: Receiver, clock: ManualClock
):
    await leave_all_kinds(watched)
    await clock.advance(OVERDUE_AFTER)
    assert (await audit(watched))["wrong"] == 0
    receiver.requests.clear()
    await clock.advance(timedelta(seconds=1))
    with capture_logs() as said:
        assert await audit(watched) == {"wrong": 3, "heartbeat": 0}
    assert {line["what"] for line in said if line["event"] == "overdue"} == {
        "overdue:escalations",
        "overdue:notifications",
        "overdue:triage",
    }
    part = (await check_parts(watched))["overdue"]
    assert not part.is_well
    assert {name: fact["count"] for name, fact in part.facts.items() if name != "ms"} == {
        "escalations": 1,
        "notifications": 1,
        "triage": 1,
    }
    await audit(watched)
    (row,) = await warnings(watched)
    assert receiver.requests == []
    text = make_mail(watched.settings, row).text
    assert "Alerts do not climb: 1 alert due for more than 5 minutes, the oldest since 2026-03-02 03:00 UTC" in text
    assert "See that a worker runs" in text


async def test_when_it_is_over_that_is_told_and_the_heartbeat_is_asked(
    watched: Resources, receiver: Receiver, clock: ManualClock
):
    await leave_all_kinds(watched)
    await clock.advance(2 * OVERDUE_AFTER)
    await audit(watched)
    await watched.db.raw.execute("DELETE FROM triage")
    await watched.db.raw.execute("UPDATE alert SET next_escalation_at = NULL")
    await watched.db.raw.execute("UPDATE notification SET next_attempt_at = NULL")
    assert await audit(watched) == {"wrong": 0, "heartbeat": 1}
    last = (await warnings(watched))[-1]
    assert last.subject == "[Tocsin] Over: Alerts do not climb, and 2 more"
    assert "which began at 2026-03-02 03:10 UTC" in make_mail(watched.settings, last).text


async def test_a_job_that_goes_on_failing_is_told_and_one_that_failed_once_is_not(
    watched: Resources, clock: ManualClock
):
    await make_developer(watched, role=Role.OWNER)
    job = ScheduledJob.PRUNE_EVENT_KEYS
    for times in ScheduledJob:
        await run_job(watched, times, Chore())
    await clock.advance(timedelta(minutes=11))
    due_at = clock.now()
    await run_due(watched, job, Chore(ValueError("no")), due_at=due_at)
    await audit(watched)
    assert await warnings(watched) == []
    await clock.advance(timedelta(minutes=15))
    for other in set(ScheduledJob) - {job}:
        await run_job(watched, other, Chore())
    assert (await audit(watched))["wrong"] == 1
    (row,) = await warnings(watched)
    assert row.subject.startswith(
        "[Tocsin] Scheduled work: prune_event_keys: failed at 2026-03-02 03:11 UTC: ValueError"
    )
    assert "tocsin run prune_event_keys" in make_mail(watched.settings, row).text


@pytest.mark.parametrize("reply", [Reply(500), Reply(302, {"Location": "http://127.0.0.1/"})])
async def test_a_heartbeat_that_does_not_answer_well_is_a_failure(watched: Resources, receiver: Receiver, reply: Reply):
    receiver.reply = reply
    with pytest.raises(JobFailed, match=f"127.0.0.1 answered {reply.status}"):
        await audit(watched)


async def test_a_heartbeat_that_may_not_be_reached_is_a_failure_and_its_path_is_not_told(
    database_url: str, redis_url: str, clock: ManualClock
):
    settings = make_settings(database_url, redis_url, heartbeat_url="http://127.0.0.1:1/secret")
    async with open_resources(settings, clock) as res:
        with pytest.raises(JobFailed, match="TOCSIN_OUTBOUND_ALLOWED") as failed:
            await audit(res)
    assert "secret" not in str(failed.value)
