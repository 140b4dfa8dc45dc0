"""What PostgreSQL refuses because it is there already, said to the caller."""

from sqlalchemy.exc import IntegrityError

from core.db import Transaction
from domain.errors import Conflict


async def flush_unique(tx: Transaction, **messages: str) -> None:
    """Send what was written so far; `messages` has a word for each constraint that may refuse it.

    Raises: Conflict with that word.
    """
    try:
        await tx.session.flush()
    except IntegrityError as error:
        cause = error.orig.__cause__ if error.orig else None
        message = messages.get(getattr(cause, "constraint_name", None) or "")
        if message is None:
            raise
        raise Conflict(message) from error
