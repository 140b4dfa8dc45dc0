"""Dead letters: what was taken at the door and could not be stored, shown, tried again, or given up."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, delete, select

from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.report import IngestOutcome
from models import DeadLetter
from resolvers.intake.absence import reason_of
from resolvers.intake.entry import decode
from resolvers.intake.writer import Writer
from resolvers.resources import Resources

MOST_LISTED = 1000


async def list_dead_letters(res: Resources, actor: Actor, *, first: int = MOST_LISTED) -> Sequence[DeadLetter]:
    """The oldest of them, in their order.

    Raises: PermissionDenied.
    """
    actor.require_everywhere(Scope.ADMIN)
    async with res.db.reading() as session:
        query = select(DeadLetter).order_by(col(DeadLetter.at), col(DeadLetter.id)).limit(min(first, MOST_LISTED))
        return (await session.exec(query)).all()


async def retry_dead_letter(res: Resources, actor: Actor, *, letter_id: UUID) -> str | None:
    """Store the event as if it came from the spool now, and leave it no dead letter; or say why it stays one.

    Raises: PermissionDenied, NotFound, Unavailable.
    """
    actor.require_everywhere(Scope.ADMIN)
    async with res.db.reading() as session:
        letter = (await session.exec(select(DeadLetter).where(DeadLetter.id == letter_id))).first()
    if letter is None:
        raise NotFound("No such dead letter.")
    if (why := await _store(res, letter.body)) is None:
        await drop_dead_letters(res, actor, letter_ids=[letter.id])
    return why


async def drop_dead_letters(res: Resources, actor: Actor, *, letter_ids: Collection[UUID]) -> int:
    """Leave none of these; return how many there were.

    Raises: PermissionDenied.
    """
    actor.require_everywhere(Scope.ADMIN)
    async with res.db.transaction() as tx:
        gone = await tx.session.exec(delete(DeadLetter).where(col(DeadLetter.id).in_(letter_ids)))
        return gone.rowcount


async def _store(res: Resources, body: bytes) -> str | None:
    """Bring the event to the disk; the reason where that cannot be done.

    Raises: Unavailable.
    """
    try:
        event = decode(body, res.clock.now().date())
    except Exception as error:  # noqa: BLE001 - it is here for that very reason
        return f"It cannot be read: {reason_of(error)}"
    writer = Writer(res.settings, res.db, res.clock, res.feed.wake)
    try:
        (stored,) = await writer.bring([event])
    finally:
        await writer.let_go()
    return (stored.reason or "It is invalid.") if stored.outcome is IngestOutcome.INVALID else None
