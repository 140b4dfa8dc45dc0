"""Whose turn is it with an issue? Whoever changes one waits here first, and holds no transaction id while waiting.

The feed is in the order of transaction ids, and the rows of one issue must come in the order in which they happened.
The row lock alone does not give that: PostgreSQL gives a transaction its id while it still waits for a row that three
or more want, as it follows the versions of the row that the others leave, and a later one may overtake it then.
"""

from uuid import UUID

from sqlmodel import func, select

from core.db import Transaction

# For the writer: the turns of many issues, in one order for all.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(turn) FROM unnest($1::bigint[]) AS turns (turn)"
_SIGNED_64 = 1 << 63


def turn_of(issue_id: UUID) -> int:
    """The number by which PostgreSQL knows the issue's turn: the random half of its id."""
    return (issue_id.int & (2 * _SIGNED_64 - 1)) - _SIGNED_64


async def take_turn(tx: Transaction, issue_id: UUID) -> None:
    """Wait until nobody else changes the issue, and keep others waiting until the transaction ends.

    It comes before all that writes or locks a row; then the row itself is locked, for those who do not come this way.
    """
    await tx.session.exec(select(func.pg_advisory_xact_lock(turn_of(issue_id))))


async def take_free_turn(tx: Transaction, issue_id: UUID) -> bool:
    """As `take_turn` where that needs no waiting, and whether it did not: for who has another turn already.

    Whoever waits for turns waits for them in their order; who has one and waits for any other may wait for ever.
    """
    return bool((await tx.session.exec(select(func.pg_try_advisory_xact_lock(turn_of(issue_id))))).one())
