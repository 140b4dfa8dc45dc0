"""Tocsin tracks its own errors: what it logs as a bug becomes an event of its internal project."""

import asyncio
import logging
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from core.away import AWAY
from domain.access import system
from domain.dialects.graphql import report_from_input
from domain.errors import DomainError
from domain.event import Severity
from domain.project import INTERNAL
from domain.report import IngestSource
from resolvers.intake.incoming import prepare
from resolvers.resources import Resources

_log = structlog.get_logger()
# Past this many under way the rest is only logged: an error that comes with each request must not drown the others.
_MOST_UNDER_WAY = 20


@asynccontextmanager
async def tracked_errors(res: Resources, service: str) -> AsyncIterator[None]:
    """Let every exception that is logged as an error within the block be stored too; the writer must be running."""
    handler = _Recorder(res, service, asyncio.get_running_loop())
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        await handler.finish()


class _Recorder(logging.Handler):
    """Turns log records that carry an exception into events, in the background."""

    def __init__(self, res: Resources, service: str, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(logging.ERROR)
        self._res = res
        self._service = service
        self._loop = loop
        self._under_way: set[asyncio.Task[None]] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Begin to store the record's exception, if it has one and there is room."""
        error = _exception_of(record)
        if error is not None and len(self._under_way) < _MOST_UNDER_WAY:
            self._loop.call_soon_threadsafe(self._begin, _fields(self._service, record, error))

    async def finish(self) -> None:
        """Return when what was begun is stored."""
        await asyncio.sleep(0)  # what was emitted in this turn of the loop begins in the next
        await asyncio.gather(*self._under_way)

    def _begin(self, fields: dict[str, Any]) -> None:
        task = self._loop.create_task(self._store(fields))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _store(self, fields: dict[str, Any]) -> None:
        try:
            destination = await self._res.writer.destinations.find(system(), INTERNAL)
            at = self._res.clock.now()
            report = report_from_input(fields, received_at=at, source=IngestSource.INTERNAL)
            if destination.rules is not None:
                destination.rules.apply(report)
            await self._res.writer.store([prepare(report, project_id=destination.project_id, received_at=at)])
        except (DomainError, *AWAY) as failure:
            _log.warning("own error not stored", error=str(failure))


def _exception_of(record: logging.LogRecord) -> BaseException | None:
    """The exception of a record: structlog keeps it in the message, the standard library beside it."""
    given = record.msg.get("exc_info") if isinstance(record.msg, dict) else record.exc_info
    if isinstance(given, tuple):
        given = given[1]
    elif given is True:
        given = sys.exc_info()[1]
    return given if isinstance(given, BaseException) else None


def _fields(service: str, record: logging.LogRecord, error: BaseException) -> dict[str, Any]:
    """The error as a reporter would send it."""
    what = record.msg.get("event") if isinstance(record.msg, dict) else record.getMessage()
    return {
        "service": service,
        "errorType": type(error).__name__,
        "message": str(error) or type(error).__name__,
        "severity": Severity.MEDIUM,
        "stackTrace": "".join(traceback.format_exception(error)),
        "module": record.name,
        "contexts": {"log": {"event": str(what)}},
    }
