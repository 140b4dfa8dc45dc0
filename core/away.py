"""Telling a database that is away, or refuses for a moment, from a fault of ours."""

import asyncpg
from sqlalchemy import exc

_DRIVER = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # of a connection that the server has ended, before its end is noticed
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
AWAY = (*_DRIVER, exc.TimeoutError, exc.DBAPIError)
# Of statements in sessions, which nobody repeats: they lost against others, or took longer than they may.
_FOR_A_MOMENT = (
    *_DRIVER,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidTransactionStateError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.PostgresSystemError,
)


def is_away(error: BaseException | None) -> bool:
    """Whether the same may succeed later: PostgreSQL is away, shutting down, out of room, or took too long."""
    if isinstance(error, exc.DBAPIError):
        cause = error.orig.__cause__ if error.orig else None
        return cause is None or isinstance(cause, _FOR_A_MOMENT)
    return isinstance(error, AWAY)
