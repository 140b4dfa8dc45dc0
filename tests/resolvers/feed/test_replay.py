"""Those who replay near each other read once; what each gets is what the feed has after its cursor."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from domain.feed import START, Cursor, Position, StreamResetReason
from resolvers.feed import rows as feed_rows
from resolvers.feed.position import find_present
from resolvers.feed.replay import Gone, Replays, Window
from resolvers.resources import Resources
from tests.support.factories.feed import make_feed_row

ROWS, MOST_AT_ONCE = 40, 8


@pytest.fixture
async def places(res) -> list[Cursor]:
    """Before all rows, and after each of them."""
    start = await find_present(res.db.raw, res.clock.now().date())
    async with res.db.raw.acquire() as connection:
        for _ in range(ROWS):
            await make_feed_row(connection, res)
    batch = await feed_rows.read_rows(res.db.raw, start, res.clock.now().date())
    return [start, *(row.cursor for row in batch.rows)]


def ids(window: Window, cursor: Cursor) -> list[int]:
    return [row.cursor.position.id for row in window.rest(cursor).rows]


async def test_who_comes_back_to_about_the_same_place_gets_the_same_rows(res, places):
    first, later = await asyncio.gather(res.replays.read(places[3]), res.replays.read(places[5]))
    assert first is later
    assert later.rest(places[5]).rows[0] is first.rest(places[3]).rows[2]
    assert await res.replays.read(places[2]) is not first


async def test_what_was_read_a_while_ago_is_read_anew(res, places, clock):
    first = await res.replays.read(places[0])
    await clock.advance(timedelta(seconds=1.9))
    assert await res.replays.read(places[0]) is first
    await clock.advance(timedelta(seconds=0.1))
    assert await res.replays.read(places[0]) is not first


async def test_who_stands_at_the_end_of_a_window_hears_of_what_came_since(res, places):
    window = await res.replays.read(places[0])
    assert not window.batch.is_full
    async with res.db.raw.acquire() as connection:
        await make_feed_row(connection, res)
    assert len(ids(await res.replays.read(places[-1]), places[-1])) == 1


async def test_a_window_is_of_one_epoch(res, places):
    window = await res.replays.read(places[0])
    assert window.has(places[1])
    assert not window.has(replace(places[1], epoch="another"))


async def test_a_window_that_nobody_holds_is_not_kept(res, places):
    await res.replays.read(places[0])
    assert [each() for each in res.replays._windows] == [None]


async def test_who_is_too_far_behind_is_told_so_and_goes_on_at_the_present(res, places, monkeypatch):
    monkeypatch.setattr(feed_rows, "MOST_ROWS", MOST_AT_ONCE)
    replays = Replays(res.db, res.clock, most_rows=ROWS - 10)
    await replays.read(places[9])
    with pytest.raises(Gone) as gone:
        await replays.read(places[8])
    assert (gone.value.reason, gone.value.start) == (StreamResetReason.TOO_FAR_BEHIND, places[-1])


async def test_rows_that_are_kept_no_longer_are_not_behind(res, places, monkeypatch):
    """Where a feed was empty a cursor stands before all rows that were ever written."""
    monkeypatch.setattr(feed_rows, "MOST_ROWS", MOST_AT_ONCE)
    await res.db.raw.execute("DELETE FROM feed WHERE id <= $1", places[9].position.id)
    replays = Replays(res.db, res.clock, most_rows=ROWS - 10)
    assert (await replays.read(replace(places[0], position=START))).batch.is_full


@pytest.mark.parametrize("seed", range(4))
async def test_any_who_replay_get_all_that_comes_after_their_cursor_once_and_in_order(
    res: Resources, places, monkeypatch, seed
):
    """They come to any place, at or between rows, and some dawdle while the others go on."""
    monkeypatch.setattr(feed_rows, "MOST_ROWS", MOST_AT_ONCE)
    random = Random(seed)
    expected = [cursor.position.id for cursor in places[1:]]
    replays = Replays(res.db, res.clock, most_rows=1_000)

    async def replay(start: Cursor) -> list[int]:
        got: list[int] = []
        cursor = start
        while True:
            window = await replays.read(cursor)
            batch = window.rest(cursor)
            assert len(batch.rows) <= MOST_AT_ONCE
            got += [row.cursor.position.id for row in batch.rows]
            cursor = batch.cursor
            if not batch.is_full:
                return got
            await asyncio.sleep(random.choice((0, 0, 0.001, 0.005)))

    def place_after(number: int) -> Cursor:
        """A place after so many rows: where the last of them stands, or before the next one's transaction."""
        at = places[number]
        if number == ROWS or random.random() < 0.5:
            return at
        return replace(at, position=Position(places[number + 1].position.xid, 0))

    numbers = [random.randrange(len(places)) for _ in range(12)]
    got = await asyncio.gather(*(replay(place_after(number)) for number in numbers))
    assert got == [expected[number:] for number in numbers]
