"""Telling a database that is away, or refuses for a moment, from a fault of ours."""

import asyncpg
from sqlalchemy import exc

AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # of a connection that the server has ended, before its end is noticed
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    exc.TimeoutError,
    exc.DBAPIError,
)
_OUR_FAULT = (exc.ProgrammingError, exc.DataError, exc.IntegrityError, exc.NotSupportedError)


def is_away(error: BaseException | None) -> bool:
    """Whether the same may succeed later: PostgreSQL is away, shutting down, out of room, or took too long."""
    return isinstance(error, AWAY) and not isinstance(error, _OUR_FAULT)
