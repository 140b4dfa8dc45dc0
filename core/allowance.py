"""Who may have how many of something in a window of time, counted for all processes together in Valkey.

A process leases tokens in blocks, so that taking one is a subtraction in memory. The total given out never passes the
limit while Valkey answers; it falls short of it by what processes hold and do not use, which they return within two
seconds. A block is at most a 32nd of what is left, so near the end tokens are given out nearly one by one.

While Valkey is away each process gives out by itself what was left when it last heard of it, or the whole limit where
it never did, and what it gave is added when Valkey is back. Nobody waits longer than `ANSWER_S` for that once.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

_log = structlog.get_logger()

ANSWER_S = 0.25
# How long one who was told that nothing is left believes it, since others may return some.
DRY_S = 1.0
_TURN_S = 1.0
LARGEST_BLOCK = 1000
_MOST_SHARES = 50_000
_MOST_RETURNS = 1000
_CONNECTIONS = 16
_PREFIX = "tocsin:allowance"
# What others had so far, what of it is due back, and then how many of the wanted ones there are.
_LEASE = """
local used = tonumber(redis.call('GET', KEYS[1]) or '0') + tonumber(ARGV[1])
local left = math.max(0, tonumber(ARGV[2]) - used)
local needed, wanted = tonumber(ARGV[3]), tonumber(ARGV[4])
local granted = math.min(left, math.max(needed, math.min(wanted, math.floor(left / 32))))
redis.call('SET', KEYS[1], string.format('%.0f', math.max(0, used + granted)), 'EX', ARGV[5])
return {granted, left - granted}
"""


@dataclass(slots=True)
class _Share:
    """What this process holds of one allowance in one window."""

    window: int
    window_s: int
    # The most that is leased at once.
    block: int = LARGEST_BLOCK
    left: int = 0
    # What Valkey had left when it last said; none before it did.
    known: int | None = None
    # Given out here while Valkey was away, or held and not used: what Valkey does not know of yet.
    unsaid: int = 0
    dry_until: float = 0
    is_idle: bool = False
    lock: asyncio.Lock | None = None


class Allowances:
    """The allowances of one process. `run` returns what is not used, and looks whether Valkey is back."""

    def __init__(self, url: str, now: Callable[[], datetime], *, answer_s: float = ANSWER_S) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=answer_s,
            socket_connect_timeout=answer_s,
            socket_timeout=answer_s,
        )
        self._valkey: Redis = Redis.from_pool(pool)
        self._lease = self._valkey.register_script(_LEASE)
        self._now = now
        self._answer_s = answer_s
        self._shares: dict[str, _Share] = {}
        self._is_away = False

    def wait_s(self, name: str, window_s: int) -> float:
        """How many seconds it takes until some may be left, as far as is known here; 0 where there may be some now."""
        share = self._shares.get(name)
        if share is None or share.left > 0:
            return 0
        at = self._now().timestamp()
        return max(0.0, _end(at, window_s) - at) if share.dry_until > at and share.window == at // window_s else 0

    def left(self, name: str, limit: int, window_s: int) -> int:
        """How many are left in this window, as far as is known here: others may have taken some since."""
        share = self._shares.get(name)
        if share is None or share.window != self._now().timestamp() // window_s:
            return limit
        return share.left + (limit if share.known is None else share.known)

    async def take(self, name: str, limit: int, window_s: int, count: int = 1, *, block: int = LARGEST_BLOCK) -> int:
        """Take up to so many of what is left in this window; return how many there were. It never raises.

        Up to a `block` is leased at once.
        """
        at = self._now().timestamp()
        share = self._share(name, window_s, at)
        share.is_idle, share.block = False, block
        if share.left < count and share.dry_until <= at:
            share.lock = share.lock or asyncio.Lock()
            async with share.lock:
                if share.left < count:
                    await self._more(name, share, limit, count - share.left, at)
        taken = min(count, share.left)
        share.left -= taken
        return taken

    def give_back(self, name: str, window_s: int, count: int) -> None:
        """Take back what was not used after all; in another window it is worth nothing any more."""
        share = self._shares.get(name)
        if share is not None and share.window == self._now().timestamp() // window_s:
            share.left += count

    async def run(self) -> None:
        """Turn every second until cancelled."""
        while True:
            await asyncio.sleep(_TURN_S)
            await self.turn()

    async def turn(self) -> None:
        """Forget windows that are over; return what nobody used since the last turn, or look whether Valkey is back."""
        at = self._now().timestamp()
        self._shares = {name: share for name, share in self._shares.items() if share.window == at // share.window_s}
        if self._is_away:
            await self._look()
            return
        idle = [(name, share) for name, share in self._shares.items() if share.is_idle and (share.left or share.unsaid)]
        for share in self._shares.values():
            share.is_idle = True
        await self._return(idle[:_MOST_RETURNS])

    async def close(self) -> None:
        """Return everything, and leave no connection open."""
        if not self._is_away:
            await self._return([(name, share) for name, share in self._shares.items() if share.left or share.unsaid])
        self._shares.clear()
        await self._valkey.aclose()

    def _share(self, name: str, window_s: int, at: float) -> _Share:
        share = self._shares.get(name)
        window = int(at // window_s)
        if share is None or share.window != window or share.window_s != window_s:
            if len(self._shares) >= _MOST_SHARES:
                self._shares.pop(next(iter(self._shares)))
            share = self._shares[name] = _Share(window, window_s)
        return share

    async def _more(self, name: str, share: _Share, limit: int, needed: int, at: float) -> None:
        """Lease what is needed and a block besides, from Valkey or while it is away from what was left."""
        wanted = max(needed, min(share.block, limit // 32))
        answer = None if self._is_away else await self._ask(name, share, limit, needed, wanted)
        if answer is None:
            left = share.known if share.known is not None else limit
            granted = min(needed, left)
            share.known = left - granted
            share.unsaid += granted
        else:
            granted, share.known = answer
        share.left += granted
        if granted < needed:
            share.dry_until = at + DRY_S

    async def _return(self, held: Sequence[tuple[str, _Share]]) -> None:
        """Let others have what is held here; what is lost on the way counts as given out."""
        if not held:
            return
        with self._asking():
            async with asyncio.timeout(self._answer_s), self._valkey.pipeline(transaction=False) as pipeline:
                for name, share in held:
                    unsaid, share.left, share.unsaid = share.unsaid - share.left, 0, 0
                    await self._lease(
                        keys=[_key(name, share)], args=[unsaid, 0, 0, 0, 2 * share.window_s], client=pipeline
                    )
                await pipeline.execute()

    async def _ask(self, name: str, share: _Share, limit: int, needed: int, wanted: int) -> tuple[int, int] | None:
        """What Valkey grants, and what is left there; none where it is away."""
        unsaid, share.unsaid = share.unsaid, 0
        args = [unsaid, limit, needed, wanted, 2 * share.window_s]
        answer: tuple[int, int] | None = None
        with self._asking():
            async with asyncio.timeout(self._answer_s):
                answer = await self._lease(keys=[_key(name, share)], args=args)
        if answer is None:
            share.unsaid += unsaid
        return answer

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Note that Valkey is away where the block finds it so."""
        try:
            yield
        except (RedisError, OSError, TimeoutError) as error:
            if not self._is_away:
                _log.warning("limits are counted by each process alone", error=str(error) or type(error).__name__)
            self._is_away = True

    async def _look(self) -> None:
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(self._answer_s):
                await self._valkey.ping()
            self._is_away = False
            _log.info("limits are counted together again")


def _key(name: str, share: _Share) -> str:
    return f"{_PREFIX}:{name}:{share.window_s}:{share.window}"


def _end(at: float, window_s: int) -> float:
    """When the window of that time ends."""
    return (at // window_s + 1) * window_s
