"""Watching together: who is level with what happens now is told by one stream for all who watch the same.

Each subscriber's own stream replays what it has missed. Once nothing waits for it, and there is another who asked for
the same with the same rights, it takes a seat with a cohort: one stream for all of them, which executes the document
once for each item, writes its text once, and hands that to each. Nobody is woken for it. A member keeps its place, the
cursor of the last item that it was handed, and goes on by itself from there whenever it must: when it is too slow, when
its rights change, or when the cohort ends. So nothing is lost on the way in or out, and nothing comes twice.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakValueDictionary

from core.eager import begin
from core.ending import end, end_soon
from domain.feed import Cursor

Take: TypeAlias = Callable[[str], Coroutine[Any, Any, None]]
Run: TypeAlias = Callable[["Cohort", Cursor], Awaitable[object]]
# So many are handed a text before others have their turn.
_AT_ONCE = 100
_FEWEST = 2


class Place(NamedTuple):
    """The cursor to which something that is told leads: a row, or only that all before it was told."""

    cursor: Cursor
    is_row: bool


class Scattered(Exception):
    """The cohort's stream was reset: its members go on by themselves, each from where it stands."""


@dataclass(eq=False, slots=True)
class Member:
    """One who watches with others: `cursor` is where it stands.

    There may be ten thousand, most of whom wait for nothing: what only waiting needs is made when somebody waits.
    """

    cohort: "Cohort"
    cursor: Cursor
    take: Take
    most_waiting: int
    is_in: bool = True
    _waiting: deque[str] | None = None
    _rest: "asyncio.Task[None] | None" = None
    _failure: Exception | None = None
    _is_stirred: bool = False
    _staying: "asyncio.Future[None] | None" = None

    def offer(self, place: Place, text: str) -> None:
        """Hand it the text, unless it had that by itself; let it go where too much waits, or where it is gone.

        That it stands where it stood is told too: who hears nothing does not know that it is watching.
        """
        told, stands = place.cursor.position, self.cursor.position
        if not self.is_in or told < stands or (place.is_row and told == stands):
            return
        if self._rest is None:
            self._begin(text)
        else:
            self._queue(text)
        if self.is_in:
            self.cursor = place.cursor

    def leave(self) -> None:
        """Be handed nothing more."""
        self.is_in = False
        self._stir()

    async def stay(self) -> Cursor:
        """Return where it stands, once it has left, and has taken all that it was handed.

        Raises: whatever taking raises.
        """
        while True:
            await self._stirred()
            await self._catch_up()
            if not self.is_in:
                return self.cursor

    async def end(self) -> None:
        """Leave nothing of it behind, with the cohort or running."""
        self.is_in = False
        self.cohort.leave(self)
        await end([self._rest] if self._rest else [])

    def _begin(self, text: str) -> None:
        try:
            self._rest = begin(self.take(text))
        except Exception as error:  # noqa: BLE001 - it is raised where the member stays
            self._failure = error
            self.leave()
        if self._rest is not None:
            self._stir()

    def _queue(self, text: str) -> None:
        if self._waiting is None:
            self._waiting = deque()
        if len(self._waiting) < self.most_waiting:
            self._waiting.append(text)
        else:
            self.leave()

    def _stir(self) -> None:
        self._is_stirred = True
        if self._staying is not None and not self._staying.done():
            self._staying.set_result(None)

    async def _stirred(self) -> None:
        """Return once it was stirred since the last time."""
        if not self._is_stirred:
            self._staying = asyncio.get_running_loop().create_future()
            await self._staying
            self._staying = None
        self._is_stirred = False

    async def _catch_up(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._rest is None:
            return
        await self._rest
        while self._waiting:
            await self.take(self._waiting.popleft())
        self._rest = self._waiting = None


class Cohort:
    """Those who watch the same, and the stream that tells them; it runs while there are two."""

    def __init__(self, run: Run, most_waiting: int) -> None:
        self._run = run
        self._most_waiting = most_waiting
        self._members: set[Member] = set()
        self._running: asyncio.Task[None] | None = None
        self._may_run = True
        self._is_scattered = False
        self._has_begun = False
        self.watchers = 0

    def __len__(self) -> int:
        return len(self._members)

    def seat(self, cursor: Cursor, take: Take) -> Member | None:
        """A place for one who stands there, with all before told; none while there is nobody to share it with."""
        if self.watchers < _FEWEST or not self._may_run:
            return None
        member = Member(self, cursor, take, self._most_waiting)
        self._members.add(member)
        if self._running is None:
            self._running = asyncio.create_task(self._lead(cursor))
        return member

    def leave(self, member: Member) -> None:
        """Hand this one nothing more; the last one ends the stream."""
        self._members.discard(member)
        if not self._members and self._running is not None:
            end_soon(self._running)
            self._running = None

    async def tell(self, place: Place | None, text: str) -> None:
        """Hand on a text that leads to this place; none is that of a reset. Where the stream begins each knows.

        Raises: Scattered for a reset, of which each is told by its own stream.
        """
        if place is None:
            self._is_scattered = True
            raise Scattered
        if not self._has_begun:
            self._has_begun = True
            if not place.is_row:
                return
        members = list(self._members)
        for start in range(0, len(members), _AT_ONCE):
            if start:
                await asyncio.sleep(0)
            for member in members[start : start + _AT_ONCE]:
                member.offer(place, text)

    def _let_go(self) -> None:
        for member in self._members:
            member.leave()

    async def _lead(self, cursor: Cursor) -> None:
        """Run the stream. What ends it, each of the members will meet by itself; and it is not run again for that."""
        try:
            await self._run(self, cursor)
            self._may_run = self._is_scattered
        finally:
            self._is_scattered = self._has_begun = False
            self._running = None if self._running is asyncio.current_task() else self._running
            self._let_go()


class Cohorts:
    """The cohorts of a process, by what they watch; so many texts may wait for a member before it replays instead."""

    def __init__(self, most_waiting: int) -> None:
        self.most_waiting = most_waiting
        self._cohorts: dict[Hashable, Cohort] = {}
        # What those that tell who have the same rights load with: twenty documents of one event are one question.
        self.shared: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()

    def __iter__(self) -> Iterator[Cohort]:
        return iter(self._cohorts.values())

    def enter(self, key: Hashable, run: Run) -> Cohort:
        """The cohort of all who watch this, with one watcher more."""
        cohort = self._cohorts.setdefault(key, Cohort(run, self.most_waiting))
        cohort.watchers += 1
        return cohort

    def exit(self, key: Hashable) -> None:
        """One watches this no more."""
        self._cohorts[key].watchers -= 1
        if not self._cohorts[key].watchers:
            del self._cohorts[key]


class Entry:
    """One watcher's being counted among those who watch the same, for as long as it watches."""

    def __init__(self, cohorts: Cohorts) -> None:
        self._cohorts = cohorts
        self._key: Hashable | None = None
        self._cohort: Cohort | None = None

    def enter(self, key: Hashable, run: Run) -> Cohort:
        """The cohort of all who watch this, among whom it is counted now, and among no others."""
        if self._cohort is None or key != self._key:
            self.exit()
            self._key, self._cohort = key, self._cohorts.enter(key, run)
        return self._cohort

    def exit(self) -> None:
        """It watches no more."""
        if self._cohort is not None:
            self._cohorts.exit(self._key)
            self._key = self._cohort = None
