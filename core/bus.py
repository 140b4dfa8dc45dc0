"""News between processes: "there is something new", never the thing itself, so that losing one only costs time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from broadcaster import Broadcast, BroadcastBackend, Event
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.ending import end

_log = structlog.get_logger()
_SILENCE_S = 2.0
_CONNECT_S, _PUBLISH_S, _RETRY_S = 2.0, 2.0, 0.5
_BEAT, _LOST = "beat", "lost"


class Bus:
    """Publishes to, and listens on, one channel of Valkey; survives its going away.

    In a silence the listener says a beat itself, and takes the line for dead when it does not hear it.
    """

    def __init__(self, url: str, channel: str, *, silence_s: float = _SILENCE_S) -> None:
        self._channel = channel
        self._silence_s = silence_s
        self._valkey: Redis = Redis.from_url(url, socket_connect_timeout=_CONNECT_S)
        self._name = uuid4().hex
        self._hear: Callable[[str | None], None] | None = None
        self._connected = asyncio.Event()
        self._unsaid: dict[str, None] = {}
        self._saying: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        """Whether news arrive at this moment."""
        return self._connected.is_set()

    async def wait_connected(self) -> None:
        """Return once news arrive."""
        await self._connected.wait()

    async def publish(self, message: str) -> None:
        """Let the listener here hear it at once and all others soon, or nobody else while Valkey is away: they poll.

        Nobody waits for Valkey here, and what was not said yet is not said twice.
        """
        if self._hear is not None:
            self._hear(message)
        self._unsaid[message] = None
        if self._saying is None or self._saying.done():
            self._saying = asyncio.create_task(self._say())

    async def run(self, hear: Callable[[str | None], None]) -> None:
        """Call `hear` with each message until cancelled, and with None when some may have been lost."""
        self._hear = hear
        try:
            while True:
                try:
                    await self._listen(hear)
                except (RedisError, OSError, TimeoutError) as error:
                    _log.warning("bus lost", error=str(error) or type(error).__name__)
                finally:
                    self._connected.clear()
                await asyncio.sleep(_RETRY_S)
        finally:
            self._hear = None

    async def close(self) -> None:
        """Leave no connection open."""
        if self._saying is not None:
            await end([self._saying])
        await self._valkey.aclose()

    async def _say(self) -> None:
        while self._unsaid:
            message = next(iter(self._unsaid))
            del self._unsaid[message]
            with suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(_PUBLISH_S):
                    await self._valkey.publish(self._channel, f"{self._name} {message}")

    async def _listen(self, hear: Callable[[str | None], None]) -> None:
        """Call `hear` until the line is dead.

        Raises: RedisError, OSError, TimeoutError.
        """
        line = _Line(self._valkey)
        async with Broadcast(backend=line) as broadcast, broadcast.subscribe(self._channel) as news:
            await self._beat()
            while True:
                name, _, message = (await self._hear_one(news.get)).partition(" ")
                if not self._connected.is_set():
                    self._connected.set()
                    hear(None)
                if message and name != self._name:
                    hear(message)

    async def _hear_one(self, get: Callable[[], Any]) -> str:
        event: Event
        try:
            async with asyncio.timeout(self._silence_s):
                event = await get()
        except TimeoutError:
            await self._beat()
            async with asyncio.timeout(self._silence_s):
                event = await get()
        if event.message == _LOST:
            raise ConnectionError("Valkey closed the connection")
        return event.message

    async def _beat(self) -> None:
        async with asyncio.timeout(self._silence_s):
            await self._valkey.publish(self._channel, _BEAT)


class _Line(BroadcastBackend):
    """What broadcaster needs of Valkey. Its own backend dies silently with its connection; this one says so."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey
        self._pubsub = valkey.pubsub(ignore_subscribe_messages=True)
        self._channel = ""
        self._is_lost = False

    async def connect(self) -> None:
        await self._pubsub.connect()  # type: ignore[no-untyped-call]  # redis-py left these out

    async def disconnect(self) -> None:
        await self._pubsub.aclose()  # type: ignore[no-untyped-call]

    async def subscribe(self, group: str) -> None:
        self._channel = group
        await self._pubsub.subscribe(group)

    async def unsubscribe(self, group: str) -> None:
        """Do nothing: closing the connection unsubscribes, and a dead one cannot be told."""

    async def publish(self, channel: str, message: Any) -> None:
        await self._valkey.publish(channel, message)

    async def next_published(self) -> Event:
        try:
            return await self._read()
        except (RedisError, OSError):
            self._is_lost = True
            return Event(self._channel, _LOST)

    async def _read(self) -> Event:
        # redis-py would connect again by itself, and nobody would know that news were lost.
        while not self._is_lost:
            message = await self._pubsub.get_message(timeout=None)
            if message is not None:
                return Event(self._channel, message["data"].decode())
        lost: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        return await lost
