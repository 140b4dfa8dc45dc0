from datetime import date, timedelta

import asyncpg
import pytest

from core.clock import ManualClock
from domain.access import system
from models.partitions import EVENT, FEED, Partitioned
from resolvers.archive.run import archive_expired
from resolvers.partitions import drop_partitions, make_partitions
from resolvers.resources import Resources
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project


async def test_partitions_are_made_ahead_and_only_once(res: Resources, clock: ManualClock):
    assert await make_partitions(res) == []
    await clock.advance(timedelta(days=2))
    assert await make_partitions(res) == ["event_20260310", "event_20260311", "feed_20260310", "feed_20260311"]
    assert await make_partitions(res) == []


async def test_only_what_is_wholly_too_old_is_dropped(res: Resources, clock: ManualClock):
    await clock.advance(timedelta(days=8))
    assert await drop_partitions(res) == ["feed_20260301", "feed_20260302"]
    assert await drop_partitions(res) == []


async def tables(res: Resources, like: str) -> set[str]:
    rows = await res.db.raw.fetch("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE $1", like)
    return {row["relname"] for row in rows}


async def age_events(res: Resources, clock: ManualClock) -> None:
    """Let the first day of events be past keeping, with one event."""
    await make_issue(res, await make_project(res), events=1)
    await clock.advance(timedelta(days=92))


@pytest.mark.parametrize(("kind", "days"), [(EVENT, 92), (FEED, 8)])
async def test_one_whose_dropping_was_cut_off_goes_the_next_time(
    res: Resources, clock: ManualClock, kind: Partitioned, days: int
):
    name = kind.name(clock.now().date())
    await clock.advance(timedelta(days=days))
    await res.db.raw.execute(kind.drop(name)[0])
    assert name in await tables(res, f"{kind.table}_%")
    assert name in await drop_partitions(res)
    assert name not in await tables(res, f"{kind.table}_%")
    assert await drop_partitions(res) == []


async def test_one_that_was_cut_off_while_it_was_detached_goes_as_well(res: Resources, clock: ManualClock):
    await age_events(res, clock)
    async with res.db.raw.acquire() as reader, res.db.raw.acquire() as other:
        # Somebody reads for long, so it waits for them when it is killed.
        await reader.execute("BEGIN")
        await reader.fetch("SELECT count(*) FROM event")
        await other.execute("SET statement_timeout = '1s'")
        with pytest.raises(asyncpg.QueryCanceledError):
            await other.execute(EVENT.drop("event_20260302")[0])
        await reader.execute("ROLLBACK")
    pending = "SELECT count(*) FROM pg_inherits WHERE inhdetachpending"
    assert await res.db.raw.fetchval(pending) == 1
    assert "event_20260302" in await drop_partitions(res)
    assert await res.db.raw.fetchval(pending) == 0
    assert "event_20260302" not in await tables(res, "event_%")


@pytest.mark.parametrize(
    "statements",
    [
        ["ALTER TABLE event DETACH PARTITION event_20260302"],
        ["CREATE TABLE event_20260101 (LIKE event INCLUDING ALL)"],
        ["ALTER TABLE event DETACH PARTITION event_20260302 CONCURRENTLY", "ALTER TABLE event_20260302 ADD note text"],
        ["ALTER TABLE event DETACH PARTITION event_20260302 CONCURRENTLY", "ALTER TABLE event_20260302 RENAME TO event_2026_0302"],
        ["ALTER TABLE event DETACH PARTITION event_20260302 CONCURRENTLY", "ALTER TABLE event_20260302 RENAME TO event_20260228"],
        ["CREATE TABLE event_20269999 (LIKE event INCLUDING ALL)"],
    ],
)  # fmt: skip
async def test_a_table_that_is_not_surely_one_of_those_stays(res: Resources, clock: ManualClock, statements: list[str]):
    await age_events(res, clock)
    before = await tables(res, "event_%")
    for statement in statements:
        await res.db.raw.execute(statement)
    (theirs,) = (await tables(res, "event_%") - before) or {"event_20260302"}
    await drop_partitions(res)
    assert theirs in await tables(res, "event_%")


async def test_one_that_is_still_to_be_kept_stays(res: Resources, clock: ManualClock):
    await clock.advance(timedelta(days=90))
    await res.db.raw.execute(EVENT.drop("event_20260302")[0])
    assert "event_20260302" not in await drop_partitions(res)
    assert "event_20260302" in await tables(res, "event_%")


async def test_where_there_is_an_archive_only_one_that_is_in_there_goes(in_directory: Resources, clock: ManualClock):
    res = in_directory
    await age_events(res, clock)
    await res.db.raw.execute(EVENT.drop("event_20260302")[0])
    assert "event_20260302" not in await drop_partitions(res)
    await res.db.raw.execute(EVENT.make(date(2026, 3, 2))[1])
    await archive_expired(res, system("test"))
    await res.db.raw.execute(EVENT.drop("event_20260302")[0])
    assert "event_20260302" in await drop_partitions(res)
