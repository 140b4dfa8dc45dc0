"""Sockets are asked whether they are there, one after the other, by one timer."""

import asyncio

from api.pinging import Pinger

_SLOTS = 5


class Answering:
    """One who notes that it was asked."""

    def __init__(self, asked: list["Answering"], enough: asyncio.Event, most: int) -> None:
        self.asked = asked
        self.turns: int | None = 0
        self.pings: set[bytes] = set()
        self._enough = enough
        self._most = most

    def ask(self, ping: bytes, payload: bytes, turns: int | None) -> None:
        """Note it."""
        assert ping == b"\x89\x04" + payload
        self.pings.add(ping)
        self.turns = turns
        self.asked.append(self)
        if len(self.asked) == self._most:
            self._enough.set()


async def asked_by(pinger: Pinger, count: int, rounds: int) -> tuple[list[Answering], list[Answering]]:
    """So many who joined, and who was asked in which order until all had been so often."""
    asked: list[Answering] = []
    enough = asyncio.Event()
    sockets = [Answering(asked, enough, rounds * count) for _ in range(count)]
    for socket in sockets:
        pinger.join(socket)
    await enough.wait()
    for socket in sockets:
        pinger.leave(socket)
        pinger.leave(socket)  # as often as anybody likes
    return sockets, asked


async def test_all_are_asked_before_one_is_asked_again():
    pinger = Pinger(asyncio.get_running_loop(), 0.05, 0.05, slot_s=0.01)
    sockets, asked = await asked_by(pinger, 3 * _SLOTS, 2)
    first, second = asked[: len(sockets)], asked[len(sockets) :]
    assert set(first) == set(second) == set(sockets)
    assert len({frozenset(socket.pings) for socket in sockets}) == _SLOTS  # those of a slot are sent the same
    assert all(len(socket.pings) == 2 for socket in sockets)
    assert len(pinger) == 0


async def test_the_time_for_an_answer_is_rounded_up_to_turns():
    loop = asyncio.get_running_loop()
    for within_s, turns in ((None, None), (0.001, 1), (0.01, 1), (0.011, 2), (15, 1500)):
        (socket,), _ = await asked_by(Pinger(loop, 0.01, within_s), 1, 1)
        assert socket.turns == turns


async def test_who_comes_after_all_have_left_is_asked():
    pinger = Pinger(asyncio.get_running_loop(), 0.01, 0.01)
    for _ in range(2):
        sockets, asked = await asked_by(pinger, 1, 1)
        assert asked == sockets
