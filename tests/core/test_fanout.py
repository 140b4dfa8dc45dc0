import asyncio

from core.fanout import Fanout


async def test_every_tap_gets_every_item_in_order():
    fanout: Fanout[int] = Fanout(10)
    one, other = fanout.attach(), fanout.attach()
    fanout.put([1, 2])
    assert await one.take() == [1, 2]
    fanout.put([3])
    assert (await one.take(), await other.take()) == ([3], [1, 2, 3])


async def test_a_tap_gets_only_what_comes_after_it():
    fanout: Fanout[int] = Fanout(10)
    fanout.put([1])
    tap = fanout.attach()
    fanout.put([2])
    assert await tap.take() == [2]


async def test_who_waits_is_woken():
    fanout: Fanout[int] = Fanout(10)
    tap = fanout.attach()
    taking = asyncio.create_task(tap.take())
    await asyncio.sleep(0)
    assert not taking.done()
    fanout.put([1])
    assert await taking == [1]


async def test_a_full_tap_is_let_go_and_keeps_what_it_had():
    fanout: Fanout[int] = Fanout(3)
    slow, quick = fanout.attach(), fanout.attach()
    fanout.put([1, 2])
    assert await quick.take() == [1, 2]
    fanout.put([3, 4])
    assert len(fanout) == 1
    assert not slow.is_dry
    assert await slow.take() == [1, 2]
    assert slow.is_dry
    assert await slow.take() == []
    assert await quick.take() == [3, 4]


async def test_more_at_once_than_the_buffer_holds_lets_go():
    fanout: Fanout[int] = Fanout(1)
    tap = fanout.attach()
    fanout.put([1, 2])
    assert tap.is_dry


async def test_a_nudge_wakes_with_nothing():
    fanout: Fanout[int] = Fanout(3)
    tap = fanout.attach()
    taking = asyncio.create_task(tap.take())
    await asyncio.sleep(0)
    tap.nudge()
    assert await taking == []
    assert not tap.is_dry


async def test_detaching_all_wakes_all():
    fanout: Fanout[int] = Fanout(3)
    taps = [fanout.attach() for _ in range(3)]
    taking = [asyncio.create_task(tap.take()) for tap in taps]
    await asyncio.sleep(0)
    fanout.detach_all()
    assert await asyncio.gather(*taking) == [[], [], []]
    assert len(fanout) == 0
    assert all(tap.is_dry for tap in taps)
