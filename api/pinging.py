"""Every socket is asked now and then whether it is still there, all of a server by one timer.

The time between two questions to the same socket is cut into slots, over which the sockets are spread evenly as they
come; a turn asks those of one slot. So ten thousand sockets cost a callback every quarter of a second instead of ten
thousand timers, each set anew after each answer, and those who came together are not asked together.
"""

import asyncio
import math
import os
from typing import Protocol

_SLOT_S = 0.25
# A final frame with the opcode of a ping, and four bytes, not masked (RFC 6455, 5.2 and 5.5.2).
PAYLOAD_BYTES = 4
_PING = bytes((0x89, PAYLOAD_BYTES))


class Asked(Protocol):
    """One who is asked."""

    def ask(self, ping: bytes, payload: bytes, turns: int | None) -> None:
        """Send this ping, which brings this payload; or give it up if it has not answered for so many turns.

        None is for ever.
        """
        ...


class Pinger:
    """Asks each who has joined every so many seconds; who has not answered in the time for that will be given up.

    That time is looked at when its turn comes, and so is rounded up to turns.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, every_s: float, within_s: float | None, slot_s: float = _SLOT_S
    ) -> None:
        self._loop = loop
        count = max(1, round(every_s / slot_s))
        self._turns = math.ceil(within_s / every_s) if within_s is not None else None
        self._slots: list[set[Asked]] = [set() for _ in range(count)]
        self._slot_s = every_s / count
        self._now = self._next = 0
        self._where: dict[Asked, set[Asked]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._where)

    def join(self, socket: Asked) -> None:
        """Ask it, first within the time between two questions, and then so often, until it leaves."""
        slot = self._where[socket] = self._slots[self._next]
        slot.add(socket)
        self._next = (self._next + 1) % len(self._slots)
        if self._timer is None:
            self._wait()

    def leave(self, socket: Asked) -> None:
        """Ask it no more; the last one stops the timer."""
        slot = self._where.pop(socket, None)
        if slot is not None:
            slot.discard(socket)
        if not self._where and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        # From now on, and not from when the turn should have been: a process that slept must not take its turns in a
        # rush, with no time in which answers could come.
        self._timer = self._loop.call_later(self._slot_s, self._turn)

    def _turn(self) -> None:
        self._wait()
        self._now = (self._now + 1) % len(self._slots)
        payload = os.urandom(PAYLOAD_BYTES)
        for socket in list(self._slots[self._now]):
            socket.ask(_PING + payload, payload, self._turns)
