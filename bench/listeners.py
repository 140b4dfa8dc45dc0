"""Those who watch while all else happens: they come, go, dawdle, and go on from their last cursor, at any address."""

import asyncio
import socket
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from domain.feed import START, Position, read_cursor
from tests.support.socket import Client, connected

_AGAIN_S = 0.1
_STAYS_S, _AWAY_S, _DAWDLES_S, _DAWDLES_LONG_S = (20.0, 90.0), (0.0, 20.0), (2.0, 15.0), 50.0
_STEP_S = (5.0, 30.0)
_DAWDLES, _LONG = 0.4, 0.1
# So little is held for some who do not read that the server soon notices; less than a segment of loopback would crawl.
_HELD_BYTES, _HELD_MESSAGES = 65_536, 16
_NARROW, _GOODBYE_S = 0.3, 0.5
_ITEMS = ("ErrorLogged", "IssueChanged")


@dataclass(frozen=True)
class Watch:
    """What is asked, and which rows of the ledger it is to let through."""

    name: str
    document: str
    variables: Mapping[str, Any]
    lets_through: Callable[[Any], bool]
    is_of_events: bool = True


@dataclass
class Kill:
    """A part was killed, and was back so many seconds later."""

    part: str
    at: float
    away_s: float = 0.0


@dataclass
class Heard:
    """What one was told, in order: places in the feed, and the ids of what stands there."""

    xids: "array[int]" = field(default_factory=lambda: array("Q"))
    rows: "array[int]" = field(default_factory=lambda: array("Q"))
    ids: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)

    def note(self, position: Position, id: str) -> None:
        """Add one to them."""
        self.xids.append(position.xid)
        self.rows.append(position.id)
        self.ids.append(sys.intern(id))

    def positions(self) -> list[Position]:
        """All places, in the order in which they were told."""
        return [Position(xid, row) for xid, row in zip(self.xids, self.rows, strict=True)]


class Listener:
    """One who watches. `started` is where it first stood, `place` where it stands by now, `heard` what came between.

    `comes`: how often it came (back), by the reason; `backwards`: how often something stood before what came before it.
    """

    def __init__(self, watch: Watch, urls: Sequence[str], token: str, kills: Sequence[Kill], random: Random) -> None:
        self.watch = watch
        self._urls = urls
        self._token = token
        self._kills = kills
        self._random = random
        self._cursor: str | None = None
        self._last = 0.0
        self.started: Position | None = None
        self.place = START
        self.heard = Heard()
        self.comes: Counter[str] = Counter()
        self.resets: list[str] = []
        self.backwards = 0
        self.dawdled = 0
        self.silences: dict[str, float] = {}
        self.is_restless = True
        self._is_narrow = random.random() < _NARROW
        self._phase = ""

    async def watch_on(self) -> None:
        """Watch until cancelled."""
        while True:
            why = await self._come()
            self.comes[why] += 1
            left = why == "left"
            await asyncio.sleep(self._random.uniform(*_AWAY_S) if left and self.is_restless else _AGAIN_S)

    async def _come(self) -> str:
        """Watch until it leaves or the connection ends, and say which it was."""
        url = self._random.choice(self._urls)
        self._phase = "connecting"
        try:
            options: dict[str, Any] = {"max_queue": _HELD_MESSAGES, "close_timeout": _GOODBYE_S}
            if self._is_narrow:
                options["sock"] = await _narrow(url)
            async with connected(url, **options) as client:
                self._phase = "beginning"
                await client.init({"Authorization": f"Bearer {self._token}"})
                variables = {**self.watch.variables, "after": self._cursor}
                await client.subscribe("1", self.watch.document, variables=variables)
                self._last = asyncio.get_running_loop().time()
                return await self._stay(client)
        except (WebSocketException, OSError, EOFError) as lost:
            return f"{type(lost).__name__} {self._phase}{' narrow' * self._is_narrow}"
        except AssertionError:
            return "not let in"

    async def _stay(self, client: Client) -> str:
        now = asyncio.get_running_loop().time
        leaves, dawdles = now() + self._random.uniform(*_STAYS_S), now() + self._random.uniform(*_STEP_S)
        while not self.is_restless or now() < leaves:
            message = await client.next()
            if message["type"] == "error":
                code: str = message["payload"][0]["extensions"]["code"]
                return code
            if message["type"] != "next":
                return str(message["type"])
            (item,) = message["payload"]["data"].values()
            self._note(item, now())
            self._phase = "watching"
            if self.is_restless and now() > dawdles:
                dawdles = now() + self._random.uniform(*_STEP_S)
                await self._dawdle()
        return "left"

    async def _dawdle(self) -> None:
        """Read nothing for a while; now and then for so long that it is given up."""
        chance = self._random.random()
        if chance < _DAWDLES:
            self.dawdled += 1
            is_long = chance < _DAWDLES * _LONG
            await asyncio.sleep(_DAWDLES_LONG_S if is_long else self._random.uniform(*_DAWDLES_S))
            self._phase = "after dawdling"
            self._last = asyncio.get_running_loop().time()

    def _note(self, item: dict[str, Any], now: float) -> None:
        position = read_cursor(item["cursor"]).position
        is_item = item["__typename"] in _ITEMS
        if position < self.place or (is_item and position == self.place):
            self.backwards += 1
        if self.started is None:
            self.started = position
        if is_item:
            self.heard.note(position, item["event"]["eventId"] if "event" in item else item["activity"]["id"])
            self._note_silence(now)
        elif item["__typename"] == "StreamReset":
            self.resets.append(item["reason"])
        self._cursor, self.place, self._last = item["cursor"], position, now

    def _note_silence(self, now: float) -> None:
        """Keep how long it heard nothing, though it was there and read, when something was killed meanwhile."""
        if self._kills and self._last < self._kills[-1].at <= now:
            part = self._kills[-1].part
            self.silences[part] = max(self.silences.get(part, 0.0), now - self._kills[-1].at)


async def _narrow(url: str) -> socket.socket:
    """A connection for which the system holds little."""
    parts = urlsplit(url)
    narrow = socket.socket()
    try:
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _HELD_BYTES)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, (parts.hostname, parts.port))
    except BaseException:
        narrow.close()
        raise
    return narrow
