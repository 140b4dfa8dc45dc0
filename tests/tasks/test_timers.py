import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from core.clock import ManualClock
from domain.access import system
from domain.feedback import Feedback as Said
from domain.issue import IssueStatus
from models import Erasure, Event, Feedback, ImportedCalendar, Issue, Shift
from resolvers.erasure.request import erase_person
from resolvers.feedback import keep_feedback
from resolvers.heartbeat import WORKER, last_beats
from resolvers.notification.senders import senders
from resolvers.resources import Resources
from resolvers.schedule.imported import create_imported_calendar
from tasks.dispatch import Dispatcher
from tasks.timers import Timers
from tests.support.calendars import a_calendar, a_span
from tests.support.cutting import cut_connections
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.factories.triage import make_triage
from tests.support.mailbox import Mailbox
from tests.support.on_call import make_on_call
from tests.support.rows import only_row
from tests.support.writing import log, reporter, running_writer


def make_timers(res: Resources, wake: asyncio.Event) -> tuple[Timers, Dispatcher]:
    dispatcher = Dispatcher(res, senders(res))
    return Timers(res, dispatcher, wake), dispatcher


@asynccontextmanager
async def running(res: Resources) -> AsyncIterator[asyncio.Event]:
    wake = asyncio.Event()
    timers, dispatcher = make_timers(res, wake)
    tasks = [asyncio.create_task(timers.run()), asyncio.create_task(dispatcher.run())]
    try:
        yield wake
    finally:
        timers.stop()
        dispatcher.stop()
        await asyncio.gather(*tasks)
        await dispatcher.finish(within_s=20)


async def leave_a_case(res: Resources) -> None:
    project, _ = await make_on_call(res)
    await make_triage(res, await make_issue(res, project))


async def test_one_turn_takes_what_the_writer_left_and_sends_it(mailing: Resources, mailbox: Mailbox):
    await leave_a_case(mailing)
    timers, dispatcher = make_timers(mailing, asyncio.Event())
    await timers.turn()
    await dispatcher.start_due()
    await dispatcher.finish(within_s=20)
    assert len(mailbox.mails) == 1


async def test_a_turn_records_who_was_on_call(res: Resources, clock: ManualClock):
    await make_schedule(res, await make_developer(res))
    await clock.advance(timedelta(hours=1))
    await make_timers(res, asyncio.Event())[0].turn()
    assert (await only_row(res, Shift)).ends_at == clock.now()


async def test_without_being_woken_it_looks_by_itself(mailing: Resources, mailbox: Mailbox):
    async with running(mailing):
        await leave_a_case(mailing)
        await mailbox.wait_for_mails(1)


async def test_it_goes_on_after_the_database_was_away(mailing: Resources, mailbox: Mailbox):
    async with running(mailing) as wake:
        await cut_connections(mailing.db.raw)
        wake.set()
        while wake.is_set():
            await asyncio.sleep(0)
        await leave_a_case(mailing)
        wake.set()
        await mailbox.wait_for_mails(1)


async def test_it_says_that_it_lives_every_few_seconds(mailing: Resources, clock: ManualClock):
    timers, _ = make_timers(mailing, asyncio.Event())
    assert await last_beats(mailing) == {}
    start = clock.now()
    beats = []
    for _ in range(3):
        await timers.turn()
        beats.append((await last_beats(mailing))[WORKER] - start)
        await clock.advance(timedelta(seconds=3))
    assert [beat.total_seconds() for beat in beats] == [0, 0, 6]


async def test_it_ends_snoozes_whose_time_has_come(mailing: Resources, clock: ManualClock):
    until = clock.now() + timedelta(hours=1)
    await make_issue(mailing, await make_project(mailing), status=IssueStatus.SNOOZED, snoozed_until=until)
    timers, _ = make_timers(mailing, asyncio.Event())
    await timers.turn()
    assert (await only_row(mailing, Issue)).status is IssueStatus.SNOOZED
    await clock.advance(timedelta(hours=1))
    await timers.turn()
    assert (await only_row(mailing, Issue)).status is IssueStatus.UNRESOLVED


async def test_it_brings_feedback_to_the_event_that_came_later(mailing: Resources, clock: ManualClock):
    project = await make_project(mailing)
    event_id = "9ec79c33ec9942ab8353589fcb2e04dc"
    await keep_feedback(mailing, reporter(project), lambda _: Said("I cannot pay", event_id=event_id))
    timers, _ = make_timers(mailing, asyncio.Event())
    await timers.turn()
    async with running_writer(mailing):
        stored = await log(mailing, project, eventId=event_id)
    await clock.advance(timedelta(seconds=5))
    await timers.turn()
    assert (await only_row(mailing, Feedback)).row_id == stored.row_id


async def test_it_erases_whom_it_was_asked_to(mailing: Resources):
    project = await make_project(mailing)
    event = await make_event(mailing, await make_issue(mailing, project), payload={"user": {"id": "u-7"}})
    await erase_person(mailing, system("test"), project_id=project.id, known_as={"id": "u-7"})
    async with running(mailing):
        while (await only_row(mailing, Erasure)).finished_at is None:
            await asyncio.sleep(0)
    assert (await only_row(mailing, Event, Event.id == event.id)).payload == {}


async def test_a_turn_tells_hand_offs_and_reads_calendars_that_are_due(
    mailing: Resources, mailbox: Mailbox, clock: ManualClock
):
    ann = await make_developer(mailing, name="Ann")
    schedule = await make_schedule(mailing, ann, name="Pay")
    text = a_calendar(a_span("02T03", "02T05", "bob"))
    calendar = await create_imported_calendar(mailing, system(), schedule_id=schedule.id, name="Theirs", text=text)
    await make_developer(mailing, name="Bob")
    timers, dispatcher = make_timers(mailing, asyncio.Event())
    await clock.advance(timedelta(seconds=5))
    await timers.turn()
    await dispatcher.start_due()
    await dispatcher.finish(within_s=20)
    assert [mail["Subject"] for mail in mailbox.mails] == ["You are on call for Pay now"]
    await clock.advance(timedelta(hours=1))
    await timers.turn()
    while (row := await only_row(mailing, ImportedCalendar)).shifts_at == calendar.shifts_at:
        await asyncio.sleep(0.05)
    assert (row.shift_count, row.unmatched) == (1, [])
    timers.stop()
    await timers.run()
