"""Entries that wait in Valkey, in their order and within a bound of bytes, until each is taken away by name.

An entry counts as kept only where it outlives every process: Valkey has an append-only file, its last write there
went well, ours has left its memory, and it evicts nothing. Where that cannot be seen, nothing is kept.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError

_CONNECT_S, _ANSWER_S = 1.0, 3.0
_AGAIN_S, _LOOK_S, _WRITTEN_S = 1.0, 0.01, 2.0
# What an entry costs besides its bytes, about.
_OVERHEAD = 64
# Scripts are atomic, on disk too, so that the sum of bytes is exact whoever adds and takes away meanwhile.
_ADD = f"""
local size = 0
for place = 2, #ARGV do size = size + #ARGV[place] + {_OVERHEAD} end
if tonumber(redis.call('GET', KEYS[2]) or '0') + size > tonumber(ARGV[1]) then return false end
local ids = {{}}
for place = 2, #ARGV do ids[place - 1] = redis.call('XADD', KEYS[1], '*', 'body', ARGV[place]) end
redis.call('INCRBY', KEYS[2], size)
return ids
"""
_REMOVE = f"""
local size = 0
for _, id in ipairs(ARGV) do
  local found = redis.call('XRANGE', KEYS[1], id, id)[1]
  if found then
    size = size + #found[2][2] + {_OVERHEAD}
    redis.call('XDEL', KEYS[1], id)
  end
end
if redis.call('XLEN', KEYS[1]) == 0 then redis.call('DEL', KEYS[2]) else redis.call('DECRBY', KEYS[2], size) end
"""
AWAY = (RedisError, OSError, TimeoutError)


class NotKept(Exception):
    """The entries were not kept, and the words say why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was added, and the name that it goes by."""

    id: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class State:
    """How much waits, and why nothing can be added now, if so."""

    entries: int
    size: int
    problem: str | None


class Backlog:
    """One list of entries, shared by all processes."""

    def __init__(self, url: str, name: str, *, most_bytes: int) -> None:
        self._client: Redis = Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT_S,
            socket_timeout=_ANSWER_S,
            # Adding twice does no harm to those who know their entries again.
            retry=Retry(ConstantBackoff(0.05), 1),
            retry_on_error=[LostConnection],
        )
        self._keys = (f"{name}:entries", f"{name}:bytes")
        self._most_bytes = most_bytes
        self._not_before_s = 0.0

    async def add(self, bodies: Sequence[bytes]) -> None:
        """Leave all of them kept, behind what waits already, or none.

        Raises: NotKept.
        """
        loop = asyncio.get_running_loop()
        if loop.time() < self._not_before_s:
            raise NotKept("Valkey was away a moment ago")
        try:
            await self._check()
            await self._add(bodies)
        except AWAY as error:
            self._not_before_s = loop.time() + _AGAIN_S
            raise NotKept(f"Valkey is away ({str(error) or type(error).__name__})") from error

    async def oldest(self, count: int) -> list[Entry]:
        """The entries that wait for longest, at most so many.

        Raises: RedisError, OSError, TimeoutError.
        """
        found = await self._client.xrange(self._keys[0], count=count)
        return [Entry(id, fields[b"body"]) for id, fields in found]

    async def remove(self, ids: Sequence[bytes]) -> None:
        """Leave none of these waiting; those that are gone already do not matter.

        Raises: RedisError, OSError, TimeoutError.
        """
        await cast("Awaitable[Any]", self._client.eval(_REMOVE, 2, *self._keys, *cast("list[str]", ids)))

    async def state(self) -> State:
        """How much waits now.

        Raises: RedisError, OSError, TimeoutError.
        """
        entries, size = await self._client.xlen(self._keys[0]), int(await self._client.get(self._keys[1]) or 0)
        problem = f"it is full ({size:,} bytes)" if size + _OVERHEAD > self._most_bytes else await self._problem()
        return State(entries, size, problem)

    async def close(self) -> None:
        """Leave no connection open."""
        await self._client.aclose()

    async def _check(self) -> None:
        if problem := await self._problem():
            raise NotKept(problem)

    async def _problem(self) -> str | None:
        return _problem({**await self._client.info("persistence"), **await self._client.info("memory")})

    async def _add(self, bodies: Sequence[bytes]) -> None:
        arguments = cast("list[str]", [self._most_bytes, *bodies])
        ids = await cast("Awaitable[Any]", self._client.eval(_ADD, 2, *self._keys, *arguments))
        if ids is None:
            raise NotKept(f"it is full ({self._most_bytes:,} bytes)")
        if not await self._is_written():
            with suppress(*AWAY):
                await self.remove(ids)
            raise NotKept("Valkey does not bring it to its file")

    async def _is_written(self) -> bool:
        """Whether what was added has gone to the file: with a slow disk Valkey answers before."""
        until = asyncio.get_running_loop().time() + _WRITTEN_S
        while asyncio.get_running_loop().time() < until:
            info = await self._client.info("persistence")
            if _problem(info):
                return False
            if int(info.get("aof_buffer_length", 0)) == 0:
                return True
            await asyncio.sleep(_LOOK_S)
        return False


def _problem(info: dict[str, Any]) -> str | None:
    if not info.get("aof_enabled"):
        return "Valkey keeps no append-only file"
    if info.get("aof_last_write_status") != "ok":
        return "Valkey could not write to its append-only file"
    if info.get("maxmemory") and str(info.get("maxmemory_policy", "")).startswith("allkeys"):
        return "Valkey may evict what it holds: set maxmemory-policy noeviction"
    return None
