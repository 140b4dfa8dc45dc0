"""What the door must know while PostgreSQL is away: who may call, and where reports may go. It lies in Valkey.

It holds no secret: credentials are there by their digests alone. It is written anew as soon as a credential is made or
revoked, and every half a minute; so one that was revoked while PostgreSQL was there is not in it.
"""

import asyncio
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.clock import Clock
from domain.access import Actor, ActorKind, Role, Scope
from domain.webhook import Webhook
from models.access import read_mapping

_log = structlog.get_logger()

_KEY = "tocsin:register"
_VERSION = 2
_KEPT = timedelta(days=7)
_BELIEVED_S = 2.0
_CONNECT_S, _ANSWER_S = 1.0, 2.0
_UNREADABLE = (zlib.error, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a credential is, and until when, if it ends."""

    actor: Actor
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """All that the door must know: bearers by the digest of their credential, and what was read of projects."""

    bearers: dict[bytes, Bearer]
    projects: Sequence[Mapping[str, Any]]


class Register:
    """Written by every API process while PostgreSQL is there, read by them while it is not."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._client: Redis = Redis.from_url(url, socket_connect_timeout=_CONNECT_S, socket_timeout=_ANSWER_S)
        self._clock = clock
        self._written: frozenset[bytes] = frozenset()
        self._read: Known | None = None
        self._read_at_s = -_BELIEVED_S
        self.is_stale = asyncio.Event()

    def note(self, digest: bytes) -> None:
        """Take note that this credential is good: where that is news, the register is to be written anew."""
        if digest not in self._written:
            self.is_stale.set()

    async def write(self, known: Known) -> None:
        """Leave this in Valkey, for a week.

        Raises: RedisError, OSError, TimeoutError.
        """
        await self._client.set(_KEY, _encoded(known), ex=_KEPT)
        self._written = frozenset(known.bearers)
        self._read, self._read_at_s = known, asyncio.get_running_loop().time()

    async def read(self) -> Known | None:
        """What was last written, as Valkey or we know it; none where neither does. It is believed for two seconds."""
        now_s = asyncio.get_running_loop().time()
        if now_s - self._read_at_s >= _BELIEVED_S:
            self._read_at_s = now_s
            self._read = await self._fetch() or self._read
        return self._read

    async def find(self, digest: bytes) -> Bearer | None:
        """Who the credential is; none where nobody knows."""
        known = await self.read()
        bearer = known.bearers.get(digest) if known else None
        if bearer is None or (bearer.expires_at is not None and bearer.expires_at <= self._clock.now()):
            return None
        return bearer

    async def projects(self) -> Sequence[Mapping[str, Any]] | None:
        """What was read of the projects; none where nobody knows them."""
        known = await self.read()
        return known.projects if known else None

    async def close(self) -> None:
        """Leave no connection open."""
        await self._client.aclose()

    async def _fetch(self) -> Known | None:
        try:
            body = await self._client.get(_KEY)
            return _decoded(body) if body else None
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("register cannot be read", error=str(error) or type(error).__name__)
        except _UNREADABLE:
            _log.exception("register is of no use")
        return None


def _encoded(known: Known) -> bytes:
    parts = {
        "version": _VERSION,
        "bearers": [[digest.hex(), bearer] for digest, bearer in known.bearers.items()],
        "projects": known.projects,
    }
    return zlib.compress(orjson.dumps(parts, default=_plain))


def _plain(value: object) -> object:
    """What is none of JSON's: sets, and PostgreSQL's own kind of ids."""
    return list(value) if isinstance(value, frozenset) else str(value)


def _decoded(body: bytes) -> Known:
    parts = orjson.loads(zlib.decompress(body))
    if parts["version"] != _VERSION:
        raise ValueError(f"version {parts['version']}")
    bearers = {bytes.fromhex(digest): _bearer(values) for digest, values in parts["bearers"]}
    return Known(bearers, parts["projects"])


def _bearer(values: dict[str, Any]) -> Bearer:
    expires_at = values["expires_at"]
    return Bearer(_actor(values["actor"]), datetime.fromisoformat(expires_at) if expires_at else None)


def _actor(values: dict[str, Any]) -> Actor:
    project_ids = values["project_ids"]
    return Actor(
        ActorKind(values["kind"]),
        id=_id(values["id"]),
        developer_id=_id(values["developer_id"]),
        role=Role(values["role"]) if values["role"] else None,
        scopes=frozenset(map(Scope, values["scopes"])),
        project_ids=None if project_ids is None else frozenset(map(UUID, project_ids)),
        name=values["name"],
        webhook=Webhook(mapping=read_mapping(values["webhook"]["mapping"])),
        rate_limit_per_minute=values["rate_limit_per_minute"],
        document=values["document"],
        scopes_within=frozenset(map(Scope, values["scopes_within"])),
    )


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None
