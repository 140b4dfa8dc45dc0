"""Who gets which summary, once."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from core.clock import ManualClock
from domain.access import Role, system
from domain.contact import Importance
from domain.event import Severity
from domain.issue import ActivityKind
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import DailySummary, Developer, Issue, MailOptOut, Notification, Project
from resolvers.notification.mail import make_mail
from resolvers.resources import Resources
from resolvers.summary.send import prune_summaries, send_summaries
from resolvers.timeline import record_activity
from tests.support.factories.alert import make_alert
from tests.support.factories.contact import make_rule
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.rows import all_rows, only_row

HOUR = timedelta(hours=1)
EIGHT = datetime(2026, 3, 3, 8, tzinfo=UTC)


async def a_team(res: Resources, *members: Developer) -> Project:
    project = await make_project(res, name="Shop")
    await make_team(res, members=members, projects=(project,))
    return project


async def something(res: Resources, project: Project, count: int = 3, at: datetime | None = None, **facts) -> Issue:
    """An issue that was seen so many times in the hour before now."""
    issue = await make_issue(res, project, events=0, **facts)
    await count_events(res, issue, at or res.clock.now() - HOUR, count)
    return issue


async def go_to(clock: ManualClock, at: datetime) -> None:
    await clock.advance(at - clock.now())


async def summaries(res: Resources) -> list[Notification]:
    return await all_rows(res, Notification, Notification.kind == NotificationKind.DAILY_SUMMARY)


async def test_it_comes_at_eight_on_the_readers_clocks_and_once(mailing: Resources, clock: ManualClock):
    berlin = await make_developer(mailing, timezone="Europe/Berlin")
    kolkata = await make_developer(mailing, timezone="Asia/Kolkata")
    project = await a_team(mailing, berlin, kolkata)
    await go_to(clock, EIGHT - 20 * HOUR)
    await something(mailing, project)
    came = {}
    while clock.now() < EIGHT + 24 * HOUR:
        await clock.advance(HOUR / 2)
        await send_summaries(mailing)
        for row in await summaries(mailing):
            came[row.destination] = row.created_at
        assert len(await summaries(mailing)) == len(came)
    assert came == {kolkata.email: EIGHT - 5.5 * HOUR, berlin.email: EIGHT - HOUR}


async def test_it_stays_at_eight_when_clocks_go_forward_and_tells_of_the_hours_there_were(
    mailing: Resources, clock: ManualClock
):
    reader = await make_developer(mailing, timezone="Europe/Berlin")
    project = await a_team(mailing, reader)
    # In Berlin it is 08:00 at 07:00 UTC on the 28th, and at 06:00 UTC on the 29th: 23 hours later.
    saturday = datetime(2026, 3, 28, 7, tzinfo=UTC)
    await go_to(clock, saturday)
    issue = await make_issue(mailing, project, events=0)
    for hour, count in ((-1, 100), (0, 1), (22, 2), (23, 400)):
        await count_events(mailing, issue, saturday + hour * HOUR, count)
    await send_summaries(mailing)
    await go_to(clock, datetime(2026, 3, 29, 6, tzinfo=UTC) - HOUR / 4)
    assert await send_summaries(mailing) == {"sent": 0, "quiet": 0}
    await clock.advance(HOUR / 4)
    assert await send_summaries(mailing) == {"sent": 1, "quiet": 0}
    rows = {row.content["day"]: row.content for row in await summaries(mailing)}
    assert set(rows) == {"2026-03-28", "2026-03-29"}
    told = rows["2026-03-29"]
    assert (told["total"], told["before"], len(told["hours"])) == (3, 100, 23)
    assert [hour["hour"] for hour in told["hours"]] == [*range(8, 24), 0, 1, *range(3, 8)]
    assert [hour["hour"] for hour in told["hours"] if hour["count"]] == [8, 7]


async def test_however_many_write_it_it_is_one_mail(mailing: Resources, clock: ManualClock):
    reader = await make_developer(mailing)
    project = await a_team(mailing, reader)
    await go_to(clock, EIGHT - 10 * HOUR)
    await something(mailing, project)
    await go_to(clock, EIGHT)
    done = await asyncio.gather(*(send_summaries(mailing) for _ in range(4)))
    assert sum(each["sent"] for each in done) == 1
    assert (await only_row(mailing, Notification)).idempotency_key == f"summary:{reader.id}:2026-03-03"


async def test_one_that_was_killed_half_way_is_gone_on_with(mailing: Resources, clock: ManualClock):
    readers = [await make_developer(mailing) for _ in range(3)]
    project = await a_team(mailing, *readers)
    await go_to(clock, EIGHT - 10 * HOUR)
    await something(mailing, project)
    await go_to(clock, EIGHT)
    running = asyncio.create_task(send_summaries(mailing))
    while not await summaries(mailing):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    await send_summaries(mailing)
    assert sorted(row.destination for row in await summaries(mailing)) == sorted(reader.email for reader in readers)


async def test_each_reads_of_what_they_may_see(mailing: Resources, clock: ManualClock):
    ours, theirs = await make_developer(mailing), await make_developer(mailing)
    boss = await make_developer(mailing, role=Role.OWNER)
    await make_developer(mailing)
    await go_to(clock, EIGHT - 10 * HOUR)
    await something(mailing, await a_team(mailing, ours), 2, title="Ours")
    await something(mailing, await a_team(mailing, theirs), 5, title="Theirs")
    await go_to(clock, EIGHT)
    assert await send_summaries(mailing) == {"sent": 3, "quiet": 1}
    rows = {row.recipient_id: row.content for row in await summaries(mailing)}
    assert {id: content["total"] for id, content in rows.items()} == {ours.id: 2, theirs.id: 5, boss.id: 7}
    assert [issue["title"] for issue in rows[ours.id]["new"]["worst"]] == ["Ours"]


async def test_it_tells_what_happened_what_is_open_and_who_is_on_call(mailing: Resources, clock: ManualClock):
    reader = await make_developer(mailing, name="Ada")
    other = await make_developer(mailing, name="Grace")
    project = await a_team(mailing, reader, other)
    await make_schedule(mailing, reader, other, name="Payments")
    await go_to(clock, EIGHT - 20 * HOUR)
    old = await something(mailing, project, 4, service="billing", severity=Severity.MEDIUM)
    await go_to(clock, EIGHT - 10 * HOUR)
    new = await something(mailing, project, 6, severity=Severity.CRITICAL, title="Out of <money>")
    await make_alert(mailing, new)
    await regress(mailing, old)
    await go_to(clock, EIGHT)
    await send_summaries(mailing)
    row = (await summaries(mailing))[0]
    assert row.subject == "Tuesday 3 March: 10 events, 2 new issues, 1 regressed, 1 alert open"
    mail = make_mail(mailing.settings, row)
    for words in (
        "Tuesday 3 March: 10 events, none the day before.",
        "CRITICAL         6   none the day before",
        "checkout                        6",
        "Out of <money>",
        f"{mailing.settings.base_url}/issues/{new.short_id}",
        "Regressed: 1",
        "ringing, since Mon 2 March, 22:00",
        "Unresolved: 2 (1 CRITICAL, 1 MEDIUM)",
        "Payments: Grace until Wed 4 March, 03:00; from Wed 4 March, 03:00: Ada",
        "most from 21:00 on: 6",
        "\n   ▆         █          \n    12    18    00    06\n",
        "at 08:00 by their own clocks (UTC)",
    ):
        assert words in mail.text
    assert "Out of &lt;money&gt;" in mail.html
    assert "<img" not in mail.html


async def regress(res: Resources, issue: Issue) -> None:
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id)
        record_activity(res, tx, system(), held, ActivityKind.REGRESSED)


async def test_a_quiet_day_is_no_mail(mailing: Resources, clock: ManualClock):
    reader = await make_developer(mailing)
    issue = await something(mailing, await a_team(mailing, reader), at=clock.now() - 48 * HOUR)
    async with mailing.db.transaction() as tx:
        issue.first_seen_at = clock.now() - 48 * HOUR
        tx.session.add(issue)
    await go_to(clock, EIGHT)
    assert await send_summaries(mailing) == {"sent": 0, "quiet": 1}
    assert await summaries(mailing) == []
    note = await only_note(mailing)
    assert (note.developer_id, note.is_told) == (reader.id, False)


async def only_note(res: Resources) -> DailySummary:
    async with res.db.reading() as session:
        return (await session.exec(select(DailySummary))).one()


async def test_who_wants_no_mail_gets_none(mailing: Resources, clock: ManualClock):
    reader = await make_developer(mailing)
    await make_rule(mailing, reader, channel=Channel.SLACK, importance=Importance.NORMAL)
    await go_to(clock, EIGHT - 10 * HOUR)
    await something(mailing, await a_team(mailing, reader))
    await go_to(clock, EIGHT)
    assert await send_summaries(mailing) == {"sent": 0, "quiet": 1}


async def test_who_came_after_eight_gets_none_of_that_morning(mailing: Resources, clock: ManualClock):
    await go_to(clock, EIGHT + HOUR)
    reader = await make_developer(mailing)
    await something(mailing, await a_team(mailing, reader), at=EIGHT - 10 * HOUR)
    assert await send_summaries(mailing) == {"sent": 0, "quiet": 0}


async def test_without_a_mail_server_it_is_held_back(res: Resources, clock: ManualClock):
    reader = await make_developer(res)
    project = await a_team(res, reader)
    await go_to(clock, EIGHT - 10 * HOUR)
    await something(res, project)
    await go_to(clock, EIGHT)
    await send_summaries(res)
    (row,) = await summaries(res)
    assert (row.status, row.reason) == (
        NotificationStatus.SUPPRESSED,
        "Held back: no mail server is set (TOCSIN_SMTP_URL).",
    )


async def test_notes_of_mornings_are_forgotten(mailing: Resources, clock: ManualClock):
    await make_developer(mailing)
    await go_to(clock, EIGHT)
    await send_summaries(mailing)
    assert await prune_summaries(mailing) == 0
    await clock.advance(timedelta(days=mailing.settings.run_retention_days, seconds=1))
    assert await prune_summaries(mailing) == 1


async def test_who_unsubscribed_gets_none_and_who_did_not_is_told_how(mailing: Resources, clock: ManualClock):
    ann, bob = await make_developer(mailing), await make_developer(mailing)
    project = await a_team(mailing, ann, bob)
    async with mailing.db.transaction() as tx:
        tx.session.add(MailOptOut(developer_id=bob.id, kind=NotificationKind.DAILY_SUMMARY, at=clock.now()))
    await go_to(clock, EIGHT - 20 * HOUR)
    await something(mailing, project)
    await go_to(clock, EIGHT)
    await send_summaries(mailing)
    (summary,) = await summaries(mailing)
    assert summary.recipient_id == ann.id
    assert "/unsubscribe/" in make_mail(mailing.settings, summary).headers["List-Unsubscribe"]
