"""Does PostgreSQL take what is written, as far as this process knows?"""

import asyncio
from contextlib import suppress

import structlog

_log = structlog.get_logger()


class PostgresAway(Exception):
    """PostgreSQL takes nothing now, and the words say why: it is away, hangs, is full, or may only be read."""


class Absence:
    """The time in which PostgreSQL takes nothing: said when it begins, and when it is over.

    A connection that works again proves little, as of a full disk; so the end is believed once something was stored.
    """

    def __init__(self) -> None:
        self._reason: str | None = None
        self._is_unproven = False
        self._suspected = asyncio.Event()

    @property
    def is_known(self) -> bool:
        """Whether it is of no use to try."""
        return self._reason is not None and not self._is_unproven

    @property
    def is_doubtful(self) -> bool:
        """Whether it was away, and nothing was stored since."""
        return self._reason is not None

    @property
    def reason(self) -> str | None:
        """Why nothing is stored; none while PostgreSQL is there."""
        return self._reason

    def begin(self, reason: str) -> None:
        """Know that PostgreSQL takes nothing now."""
        if reason != self._reason:
            _log.error("PostgreSQL takes nothing: events wait in the spool", reason=reason)
        self._reason = reason
        self._is_unproven = False
        self._suspected.set()

    def suspect(self) -> None:
        """Let somebody look now whether PostgreSQL is there."""
        self._suspected.set()

    def may_be_over(self) -> None:
        """Let the next batch try."""
        self._is_unproven = self._reason is not None

    def end(self) -> None:
        """Know that PostgreSQL has stored something."""
        if self._reason is not None:
            _log.info("PostgreSQL takes what is written again", before=self._reason)
            self._reason = None
            self._is_unproven = False

    async def wait(self, seconds: float) -> bool:
        """Return after so many seconds, or when PostgreSQL may be away; say which."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._suspected.wait()
        was_suspected = self._suspected.is_set()
        self._suspected.clear()
        return was_suspected


def reason_of(error: BaseException) -> str:
    """The error in one line, without what changes from one try to the next."""
    return (str(error) or type(error).__name__).partition("\n")[0]
