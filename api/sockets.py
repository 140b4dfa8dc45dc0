"""Who watches at this process, by WebSocket or HTTP: how many each caller has, and whether each may still be here."""

import asyncio
import random
from collections import Counter, defaultdict
from typing import Protocol
from uuid import UUID

import structlog

from core.ending import end_soon
from domain.access import SOCKET_RECHECK_S, Actor
from domain.errors import LimitExceeded, Unavailable
from resolvers.access import authenticate
from resolvers.resources import Resources

# So 200 in a second, or more where there is no time for that.
_BETWEEN_TWO_S = 0.005
_log = structlog.get_logger()


class Socket(Protocol):
    """One connection whose caller is known."""

    def become(self, actor: Actor) -> None:
        """Act for this actor from now on; send it away if it is nobody any more."""
        ...

    def send_away(self) -> None:
        """Say that the server stops, and that another one will take it."""
        ...


class Sockets:
    """Counts sockets by caller, and asks every two seconds what each credential is still good for."""

    def __init__(self, most_per_caller: int) -> None:
        self._most = most_per_caller
        self._callers: dict[Socket, UUID | str] = {}
        self._counts: Counter[UUID | str] = Counter()
        self._open: defaultdict[str, set[Socket]] = defaultdict(set)
        # As whom all sockets of a credential act, where they act as the same.
        self._actors: dict[str, Actor] = {}
        self._checking: asyncio.Task[None] | None = None
        self._is_ending = False

    def __len__(self) -> int:
        return sum(len(sockets) for sockets in self._open.values())

    def add(self, socket: Socket, actor: Actor, credential: str, res: Resources) -> None:
        """Count the socket in, and keep asking about its credential until it is removed.

        The tokens of one developer are one caller.

        Raises: LimitExceeded, Unavailable.
        """
        if self._is_ending:
            raise Unavailable("The server stops; come again.")
        caller = actor.developer_id or actor.id or credential
        if self._counts[caller] >= self._most:
            raise LimitExceeded(f"One caller may hold {self._most} sockets and streams open.")
        self._counts[caller] += 1
        self._callers[socket] = caller
        self._open[credential].add(socket)
        if self._actors.setdefault(credential, actor) != actor:
            del self._actors[credential]
        if self._checking is None:
            self._checking = asyncio.create_task(self._keep_checking(res))

    def remove(self, socket: Socket, credential: str) -> None:
        """Count the socket out; the last one ends the asking."""
        caller = self._callers.pop(socket, None)
        if caller is None:
            return
        self._counts[caller] -= 1
        if not self._counts[caller]:
            del self._counts[caller]
        self._open[credential].discard(socket)
        if not self._open[credential]:
            del self._open[credential]
            self._actors.pop(credential, None)
        if not self._open and self._checking is not None:
            end_soon(self._checking)
            self._checking = None

    async def send_away(self, within_s: float) -> None:
        """Let nobody in any more, and send all away within so many seconds: in no order, and not all at once.

        A thousand who came back in the same moment would be a storm to the server that they come to.
        """
        self._is_ending = True
        everybody = [socket for sockets in self._open.values() for socket in sockets]
        random.shuffle(everybody)
        pause_s = min(_BETWEEN_TWO_S, within_s / max(len(everybody), 1))
        for socket in everybody:
            socket.send_away()
            await asyncio.sleep(pause_s)

    async def _keep_checking(self, res: Resources) -> None:
        while True:
            await res.clock.sleep(SOCKET_RECHECK_S)
            for credential in list(self._open):
                actor = await _judged(res, credential)
                if actor is not None and credential in self._open:
                    self._become(credential, actor)

    def _become(self, credential: str, actor: Actor) -> None:
        """Tell the sockets of a credential as whom they act now; each only what it does not know."""
        if self._actors.get(credential) == actor:
            return
        self._actors[credential] = actor
        for socket in list(self._open[credential]):
            socket.become(actor)


async def _judged(res: Resources, credential: str) -> Actor | None:
    """Who it is, or none where that cannot be found out now; nothing may end the asking while sockets are open."""
    try:
        return await authenticate(res, credential)
    except Unavailable as error:
        _log.warning("sockets cannot be checked", error=error.message)
    except Exception:  # noqa: BLE001 - what it is may pass, and then a revoked token must be noticed again
        _log.exception("sockets cannot be checked")
    return None
