from datetime import timedelta

from core.clock import ManualClock
from resolvers.partitions import drop_partitions, make_partitions
from resolvers.resources import Resources


async def test_partitions_are_made_ahead_and_only_once(res: Resources, clock: ManualClock):
    assert await make_partitions(res) == []
    await clock.advance(timedelta(days=2))
    assert await make_partitions(res) == ["event_20260310", "event_20260311", "feed_20260310", "feed_20260311"]
    assert await make_partitions(res) == []


async def test_only_what_is_wholly_too_old_is_dropped(res: Resources, clock: ManualClock):
    await clock.advance(timedelta(days=8))
    assert await drop_partitions(res) == ["feed_20260301", "feed_20260302"]
    assert await drop_partitions(res) == []
