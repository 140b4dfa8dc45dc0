"""One database, two ways in: sessions for use cases, raw connections for the one hot path."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

import asyncpg
import orjson
import structlog
from sqlalchemy import Row, Select, event, insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import configure_mappers
from sqlmodel.ext.asyncio.session import AsyncSession

_log = structlog.get_logger()

Known = TypeVar("Known")
AnySelect: TypeAlias = Select[*tuple[Any, ...]]
STATEMENT_TIMEOUT_S = 30
_ROOM = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '16MB', true)"
_CLOSE_S = 10.0
# Readers of the feed wait for the oldest open transaction of the whole cluster, so none of ours may stay open.
_TIMEOUTS = {
    "statement_timeout": f"{STATEMENT_TIMEOUT_S}s",
    "transaction_timeout": "60s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
}


class Message(Protocol):
    """Something that leaves after the commit: a wake-up for the worker, or news for the bus."""

    @property
    def topic(self) -> str:
        """Where it goes."""
        ...

    @property
    def payload(self) -> str:
        """What it says."""
        ...


class ReadSession(AsyncSession):
    """A session that reads one snapshot and cannot write: PostgreSQL refuses it."""

    async def rows(self, query: AnySelect) -> list[Row[*tuple[Any, ...]]]:
        """All rows of a query as tuples, whatever it selects; `exec` makes single columns bare."""
        return list((await super(AsyncSession, self).execute(query)).all())

    async def parts(self, query: AnySelect, size: int) -> AsyncIterator[list[Row[*tuple[Any, ...]]]]:
        """The rows in lists of so many at most, each fetched when the one before is done with."""
        result = await self.stream(query, execution_options={"yield_per": size})
        async for part in result.partitions():
            yield list(part)

    async def add_up_in_memory(self) -> None:
        """As `plan_by_values`, and with room for what is joined: on disk it was seen to take half as long again."""
        await (await self.connection()).exec_driver_sql(_ROOM)

    async def plan_by_values(self) -> None:
        """Have the snapshot's further queries planned for the values that they come with, each time.

        After five runs PostgreSQL may settle on one plan of a statement for all values. Where one value holds of all
        rows and another of none, it was seen to take 2.2 s for what takes 8 ms if planned for the value.
        """
        await (await self.connection()).exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")

    async def plan_in_order(self) -> None:
        """Have the snapshot's further queries read in the order of an index where there is one, rather than sort.

        So a page ends with its last row. Where the planner expects that few rows pass, it reads all to sort the few.
        """
        await (await self.connection()).exec_driver_sql("SET LOCAL enable_sort = off")


@dataclass(slots=True)
class Transaction:
    """A writing session, and what is to leave once it has committed."""

    session: AsyncSession
    outbox: list[Message] = field(default_factory=list)
    memory: dict[Hashable, Any] = field(default_factory=dict)
    last: dict[type[Any], list[dict[str, Any]]] = field(default_factory=dict)

    def send(self, message: Message) -> None:
        """Let the message leave if and when the transaction commits; the same message leaves once."""
        if message not in self.outbox:
            self.outbox.append(message)

    async def once(self, key: Hashable, read: Callable[[], Awaitable[Known]]) -> Known:
        """What `read` found when that was first asked for in this transaction, for what nobody changes meanwhile."""
        if key not in self.memory:
            self.memory[key] = await read()
        known: Known = self.memory[key]
        return known

    def write_last(self, model: type[Any], **values: Any) -> None:
        """Write such a row at the end of the transaction, with all its others in one statement."""
        self.last.setdefault(model, []).append(values)

    async def write_what_is_left(self) -> None:
        """Leave nothing for the end."""
        await self.session.flush()
        connection = await self.session.connection()
        for model, rows in self.last.items():
            await connection.execute(insert(model), rows)
        self.last.clear()


class Database:
    """Connections to one PostgreSQL, and the only maker of sessions."""

    def __init__(
        self, url: str, *, connections: int, deliver: Callable[[list[Message]], Coroutine[Any, Any, None]]
    ) -> None:
        self._url = url
        self.deliver = deliver
        raw = max(2, connections // 2)
        self._engine = _engine(url, size=connections - raw)
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._raw_size = raw
        self._raw: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Leave the raw connections ready to be made, for PostgreSQL may be away, and all models known to the mapper.

        It would get to know them with the first question, for which many may wait.
        """
        configure_mappers()
        self._raw = await asyncpg.create_pool(
            with_scheme(self._url, "postgresql"),
            min_size=0,
            max_size=self._raw_size,
            server_settings=_TIMEOUTS,
            init=_codecs,
            command_timeout=STATEMENT_TIMEOUT_S,
        )

    async def close(self) -> None:
        """Leave no connection open."""
        await self._engine.dispose()
        if self._raw is not None:
            try:
                async with asyncio.timeout(_CLOSE_S):
                    await self._raw.close()
            except TimeoutError:
                _log.warning("connections broken off, for they did not come back", within_s=_CLOSE_S)
            self._raw = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit what was written in the block, then let its messages leave; on an error neither happens."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            tx = Transaction(session)
            async with session.begin():
                yield tx
                if tx.last:
                    await tx.write_what_is_left()
        if tx.outbox:
            await self.deliver(tx.outbox)

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[Transaction]:
        """Undo what was written in the block, whatever becomes of it.

        None of its messages leaves, and what is to be written last is not written at all.
        """
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield Transaction(session)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        """Read one snapshot."""
        async with ReadSession(self._reading, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def apart(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A connection besides all others, for a lock that is held for long: of the others there would be too few."""
        url = with_scheme(self._url, "postgresql")
        connection = await asyncpg.connect(url, server_settings=_TIMEOUTS, command_timeout=STATEMENT_TIMEOUT_S)
        try:
            yield connection
        finally:
            await _hang_up(connection)

    @property
    def raw(self) -> "asyncpg.Pool[asyncpg.Record]":
        """Connections without the ORM, for the writer and the feed."""
        if self._raw is None:
            raise RuntimeError("The database was not opened.")
        return self._raw


def affected(status: str) -> int:
    """How many rows a statement changed, as the driver tells it: `DELETE 3`."""
    return int(status.rpartition(" ")[2])


def with_scheme(url: str, scheme: str) -> str:
    """The URL with another scheme: "postgresql" for asyncpg, "postgresql+asyncpg" for SQLAlchemy.

    All behind the scheme stays as it is: `urlunsplit` would leave out the slashes before a host that is not named.
    """
    return f"{scheme}://{url.partition('://')[2]}"


def _engine(url: str, *, size: int) -> AsyncEngine:
    engine = create_async_engine(
        with_scheme(url, "postgresql+asyncpg"),
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={"server_settings": _TIMEOUTS},
    )
    event.listen(engine.sync_engine, "checkout", _replace_gone)
    return engine


def _replace_gone(connection: DBAPIConnection, _record: object, _fairy: object) -> None:
    """Have another one made where this one broke meanwhile, as all do when PostgreSQL starts anew; nothing is asked.

    Raises: DisconnectionError, for the pool.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


async def _hang_up(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    try:
        await connection.close(timeout=_CLOSE_S)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()


async def _codecs(connection: Any) -> None:
    """Let jsonb travel as text, and xid8 as a number."""
    await connection.set_type_codec(
        "jsonb", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads, schema="pg_catalog"
    )
    await connection.set_type_codec("xid8", encoder=str, decoder=int, schema="pg_catalog")
