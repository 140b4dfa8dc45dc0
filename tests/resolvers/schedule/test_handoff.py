import asyncio
from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role, system
from domain.alert import AlertStatus
from domain.event import Severity
from domain.notification import Channel, NotificationFilter, NotificationKind, NotificationStatus
from domain.page import page_request
from models import Developer, Notification, Schedule
from resolvers.notification.listing import list_notifications
from resolvers.resources import Resources
from resolvers.schedule.handoff import tell_handoffs
from resolvers.schedule.override import create_override
from resolvers.schedule.recording import record_shifts
from resolvers.schedule.settings import update_schedule
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.alert import make_alert
from tests.support.factories.contact import make_rule
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.mailbox import Mailbox, body, send_due
from tests.support.rows import all_rows, only_row

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def people(res: Resources) -> list[Developer]:
    return [await make_developer(res, name=name, email=f"{name}@example.com") for name in ("ann", "bob", "cid")]


async def turn(res: Resources, clock: ManualClock, by: timedelta = timedelta(seconds=5)) -> list[str]:
    """What is told anew when the worker looks so much later: `ann: You are on call …`."""
    before = {row.id for row in await all_rows(res, Notification)}
    await clock.advance(by)
    await record_shifts(res)
    await tell_handoffs(res)
    names = {person.id: person.name for person in await all_rows(res, Developer)}
    rows = [
        row for row in await all_rows(res, Notification) if row.channel is Channel.DASHBOARD and row.id not in before
    ]
    return [f"{names[row.recipient_id]}: {row.subject}" for row in rows]


async def text_of(res: Resources, person: Developer) -> list[str]:
    """The lines of the last message to somebody."""
    rows = await all_rows(res, Notification, Notification.recipient_id == person.id)
    return rows[-1].content["text"].splitlines()


async def test_both_are_told_of_a_hand_off_once(res: Resources, clock: ManualClock, people):
    ann, bob, _ = people
    await make_schedule(res, ann, bob, name="Pay")
    assert await turn(res, clock) == ["ann: You are on call for Pay now"]
    assert await text_of(res, ann) == [
        "You are on call for Pay now, until Tue 2026-03-03 03:00 (UTC).", "Before you: nobody.", "After you: bob.", "Open alerts: none.",
    ]  # fmt: skip
    for _ in range(3):
        assert await turn(res, clock, 7 * HOUR) == []
    assert await turn(res, clock, START + DAY - clock.now()) == []
    found = await turn(res, clock, timedelta(seconds=1))
    assert found == ["bob: You are on call for Pay now", "ann: You are no longer on call for Pay"]
    assert await text_of(res, bob) == [
        "You are on call for Pay now, until Wed 2026-03-04 03:00 (UTC).", "Before you: ann.", "After you: ann.", "Open alerts: none.",
    ]  # fmt: skip
    assert (await text_of(res, ann))[1] == "Now on call: bob."
    assert [await turn(res, clock), await tell_handoffs(res)] == [[], 0]


async def test_it_is_a_mail_of_what_is_normal(mailing: Resources, mailbox: Mailbox, clock: ManualClock, people):
    ann, bob, _ = people
    await make_rule(mailing, bob, Channel.EMAIL, quiet_start="00:00", quiet_end="23:59")
    await make_schedule(mailing, ann, bob, name="Pay")
    await turn(mailing, clock)
    await send_due(mailing)
    (mail,) = mailbox.mails
    assert (mail["Subject"], mail["To"]) == ("You are on call for Pay now", "ann <ann@example.com>")
    assert "It is your turn in the schedule." in body(mail)
    await turn(mailing, clock, DAY)
    held = [row for row in await all_rows(mailing, Notification) if row.status is NotificationStatus.SUPPRESSED]
    assert [(row.recipient_id, row.reason) for row in held] == [(bob.id, "Held back: quiet hours.")]
    assert {row.kind for row in held} == {NotificationKind.HANDOFF}


async def test_who_comes_sees_what_they_take_over_and_nothing_that_they_may_not(
    res: Resources, clock: ManualClock, people
):
    ann, bob, _ = people
    ours, theirs = await make_project(res), await make_project(res)
    await make_team(res, members=(ann, bob), projects=(ours,))
    for n in range(12):
        bad = {"severity": Severity.CRITICAL} if n == 11 else {}
        await make_alert(res, await make_issue(res, ours, short_id=f"PAY-{n}", assignee_id=ann.id, **bad))
    await make_alert(res, await make_issue(res, ours), status=AlertStatus.RESOLVED)
    for project, service in ((theirs, "checkout"), (ours, "web")):
        await make_alert(res, await make_issue(res, project, service=service, assignee_id=ann.id))
    await make_schedule(res, ann, bob, name="Pay", services=["checkout"])
    await turn(res, clock)
    await turn(res, clock, DAY)
    lines = await text_of(res, bob)
    assert lines[3:5] == ["Open alerts: 12.", "- [CRITICAL] PAY-11 ValueError: bad total (ringing)"]
    assert lines[-2:] == ["- and 2 more", "ann has 12 unresolved issues."]


async def test_who_goes_on_otherwise_is_not_told(res: Resources, clock: ManualClock, people):
    ann, bob, _ = people
    schedule = await make_schedule(res, ann, name="Pay")
    await turn(res, clock)
    span = {"starts_at": START + HOUR, "ends_at": START + 2 * HOUR}
    await create_override(res, system(), schedule_id=schedule.id, add_id=ann.id, **span)
    swap = {"starts_at": START + 5 * HOUR, "ends_at": START + 6 * HOUR, "add_id": bob.id, "remove_id": ann.id}
    await create_override(res, system(), schedule_id=schedule.id, **swap)
    assert [await turn(res, clock, HOUR) for _ in range(4)] == [[], [], [], []]
    assert len(await turn(res, clock, HOUR)) == 2


async def test_a_change_of_the_schedule_is_a_hand_off_too(res: Resources, clock: ManualClock, people):
    ann, bob, _ = people
    schedule = await make_schedule(res, ann, name="Pay")
    await turn(res, clock)
    span = {"starts_at": START, "ends_at": START + DAY, "add_id": bob.id, "remove_id": ann.id}
    await create_override(res, system(), schedule_id=schedule.id, **span)
    found = await turn(res, clock)
    assert found == ["bob: You are on call for Pay now", "ann: You are no longer on call for Pay"]


async def test_who_wants_to_know_before_is_told_before_and_at_the_moment(res: Resources, clock: ManualClock, people):
    ann, bob, _ = people
    schedule = await make_schedule(res, ann, bob, name="Pay")
    await update_schedule(res, system(), schedule_id=schedule.id, notify_ahead=timedelta(minutes=30))
    await turn(res, clock)
    assert await turn(res, clock, 23 * HOUR) == []
    assert await turn(res, clock, timedelta(minutes=30)) == [
        "bob: You are on call for Pay from Tue 2026-03-03 03:00 (UTC)"
    ]
    assert (await text_of(res, bob))[2:] == ["Before you: ann.", "After you: ann.", "Open alerts: none."]
    assert await turn(res, clock) == []
    assert len(await turn(res, clock, timedelta(minutes=30))) == 2
    assert (await only_row(res, Schedule)).handoff_ahead_s == 1800


async def test_several_workers_at_once_tell_once(res: Resources, clock: ManualClock, people):
    for name in ("Pay", "Web", "Shop"):
        await make_schedule(res, *people, name=name)
    await clock.advance(timedelta(seconds=5))
    await record_shifts(res)
    assert sum(await asyncio.gather(*(tell_handoffs(res) for _ in range(4)))) == 3
    rows = [row for row in await all_rows(res, Notification) if row.channel is Channel.DASHBOARD]
    assert len(rows) == 3


async def test_what_a_dead_worker_left_is_told_by_the_next_unless_it_is_over(
    res: Resources, clock: ManualClock, people
):
    ann, bob, cid = people
    await make_schedule(res, ann, bob, cid, name="Pay")
    await turn(res, clock)
    await clock.advance(2 * DAY + 2 * HOUR)
    await record_shifts(res)  # and then it died
    assert await turn(res, clock) == ["cid: You are on call for Pay now"]


async def test_one_that_fails_holds_up_no_other(res: Resources, clock: ManualClock, people, caplog):
    await make_schedule(res, people[0], name="Pay")
    bad = await make_schedule(res, *people[1:], name="Web")
    async with res.db.transaction() as tx:
        row = await tx.session.get_one(Developer, people[1].id)
        row.timezone = "Nowhere/There"
        tx.session.add(row)
    assert await turn(res, clock) == ["ann: You are on call for Pay now"]
    async with res.db.transaction() as tx:
        row = await tx.session.get_one(Developer, people[1].id)
        row.timezone = "UTC"
        tx.session.add(row)
    assert await turn(res, clock) == ["bob: You are on call for Web now"]
    assert bad.notify_handoff


async def test_a_schedule_may_be_silent_and_what_passed_then_is_not_told(res: Resources, clock: ManualClock, people):
    ann, bob, _ = people
    schedule = await make_schedule(res, ann, bob, name="Pay", notify_handoff=False)
    assert [await turn(res, clock, by) for by in (HOUR, DAY)] == [[], []]
    await update_schedule(res, system(), schedule_id=schedule.id, notify_handoff=True)
    assert [await turn(res, clock, by) for by in (HOUR, HOUR)] == [[], []]
    assert len(await turn(res, clock, 21 * HOUR + timedelta(seconds=1))) == 2


async def test_what_is_about_no_project_is_seen_by_whom_it_is_to(res: Resources, clock: ManualClock, people):
    ann, bob, _ = people
    await make_schedule(res, ann, name="Pay")
    await turn(res, clock)
    root = await make_developer(res, role=Role.ADMIN)
    page = page_request(10, None)
    seen = [
        len((await list_notifications(res, acting(who), filter=NotificationFilter(), page=page)).items)
        for who in (ann, bob, root)
    ]
    assert seen == [2, 0, 2]
