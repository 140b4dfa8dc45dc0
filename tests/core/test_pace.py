"""As many requests at once as are answered soon."""

import heapq

import pytest

from core.pace import Pace


class Machine:
    """One that does a request after the other, and takes so long for each."""

    def __init__(self, each_s: float, soon_s: float = 0.5) -> None:
        self.now = 0.0
        self.each_s = each_s
        self.pace = Pace(soon_s, lambda: self.now)
        self.free_at = 0.0
        self.took: list[float] = []
        self.refused = 0
        self._ends: list[tuple[float, int, float, object]] = []

    def ask(self) -> None:
        end = self.pace.begin()
        if end is None:
            self.refused += 1
            return
        self.free_at = max(self.free_at, self.now) + self.each_s
        heapq.heappush(self._ends, (self.free_at, len(self.took) + len(self._ends), self.now, end))

    def go_on(self, by_s: float) -> None:
        until = self.now + by_s
        while self._ends and self._ends[0][0] <= until:
            self.now, _, began, end = heapq.heappop(self._ends)
            self.took.append(self.now - began)
            end()
        self.now = until


def flood(machine: Machine, seconds: float, a_second: int) -> None:
    for _ in range(int(seconds * a_second)):
        machine.ask()
        machine.go_on(1 / a_second)


@pytest.mark.parametrize("each_s", [0.001, 0.02, 0.04])
def test_in_a_flood_what_is_let_in_is_answered_soon_and_no_time_is_lost(each_s: float):
    machine = Machine(each_s)
    flood(machine, 20, int(10 / each_s))
    machine.took.clear()
    flood(machine, 20, int(10 / each_s))
    assert sorted(machine.took)[int(len(machine.took) * 0.99)] < 1
    assert len(machine.took) > 0.95 * 20 / each_s
    assert machine.refused


def test_who_is_quick_is_never_refused():
    machine = Machine(0.001)
    flood(machine, 5, 500)
    assert not machine.refused


def test_some_are_let_in_however_slow_it_is():
    machine = Machine(10.0)
    for _ in range(50):
        for _ in range(100):
            machine.ask()
        machine.go_on(1000)
    assert machine.pace.most == 8


def test_after_a_slow_while_more_are_let_in_again():
    machine = Machine(10.0)
    for _ in range(50):
        for _ in range(100):
            machine.ask()
        machine.go_on(1000)
    machine.each_s = 0.001
    flood(machine, 10, 5000)
    assert machine.pace.most > 64


def test_one_slow_round_is_one_step_back():
    machine = Machine(1.0)
    for _ in range(64):
        machine.ask()
    machine.go_on(100)
    assert machine.pace.most == 51
