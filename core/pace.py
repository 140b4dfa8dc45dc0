"""How many requests may be under way at once so that each is answered soon: found out by how long they take.

One more for each round that was quick, a fifth fewer after one that was slow: additive increase, multiplicative
decrease, as TCP does (Chiu and Jain, 1989). So the bound fits the machine, and what else runs on it, by itself.
"""

import time
from collections.abc import Callable

_FIRST, _LEAST, _MOST = 64.0, 8.0, 4096.0
_FEWER = 0.8


class Pace:
    """The requests of one process that are under way, and how many may be."""

    def __init__(self, soon_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._soon_s = soon_s
        self._now = now
        self._most = _FIRST
        self._under_way = 0
        self._slowed_at = float("-inf")

    @property
    def most(self) -> int:
        """How many may be under way now."""
        return int(self._most)

    @property
    def is_full(self) -> bool:
        """Whether as many are under way as may be."""
        return self._under_way >= self.most

    def begin(self) -> Callable[[], None] | None:
        """Begin one, and hand back what ends it; none where as many are under way as may be."""
        if self.is_full:
            return None
        self._under_way += 1
        began = self._now()
        return lambda: self._end(began)

    def _end(self, began: float) -> None:
        was_full = self._under_way * 2 >= self._most
        self._under_way -= 1
        at = self._now()
        if at - began > self._soon_s:
            # What began before the last step back says nothing about whether that was enough.
            if began >= self._slowed_at:
                self._most, self._slowed_at = max(_LEAST, self._most * _FEWER), at
        elif was_full:
            self._most = min(_MOST, self._most + 1 / self._most)
