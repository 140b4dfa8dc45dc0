"""Where events wait while PostgreSQL is away: in Valkey, in the order in which they came, whatever process dies."""

from collections.abc import Sequence

from core.backlog import Backlog, Entry, NotKept, State
from core.settings import Settings
from domain.errors import Unavailable
from domain.report import IngestOutcome
from resolvers.intake.entry import encode
from resolvers.intake.incoming import Incoming, Stored

SPOOL = "tocsin:{spool}"
_RETRY_AFTER_S = 5.0


class Spool:
    """One for the whole installation, used by all its processes."""

    def __init__(self, settings: Settings) -> None:
        assert settings.redis_url is not None
        self._backlog = Backlog(settings.redis_url, SPOOL, most_bytes=settings.spool_bytes)

    async def keep(self, batch: Sequence[Incoming]) -> list[Stored]:
        """Leave the events waiting, behind those that wait already; the answers keep their order.

        Raises: Unavailable where that is not sure: Valkey is away, full, or keeps nothing.
        """
        bodies, answers = [], []
        for event in batch:
            try:
                bodies.append(encode(event))
                answers.append(Stored(IngestOutcome.SPOOLED, event.event_id, event.id))
            except TypeError:
                answers.append(Stored(IngestOutcome.INVALID, event.event_id, refusal="This report is no JSON."))
        try:
            if bodies:
                await self._backlog.add(bodies)
        except NotKept as why:
            raise Unavailable(f"The database is away, and so is the spool: {why}.", _RETRY_AFTER_S) from why
        return answers

    async def oldest(self, count: int) -> list[Entry]:
        """Those that wait for longest.

        Raises: RedisError, OSError, TimeoutError.
        """
        return await self._backlog.oldest(count)

    async def remove(self, entries: Sequence[Entry]) -> None:
        """Leave these waiting no more.

        Raises: RedisError, OSError, TimeoutError.
        """
        await self._backlog.remove([entry.id for entry in entries])

    async def state(self) -> State:
        """How much waits, and why nothing can be added, if so.

        Raises: RedisError, OSError, TimeoutError.
        """
        return await self._backlog.state()

    async def close(self) -> None:
        """Leave no connection open."""
        await self._backlog.close()
