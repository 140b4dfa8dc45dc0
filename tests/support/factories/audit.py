from sqlmodel import col, select

from models import AuditEntry
from resolvers.resources import Resources


async def audit_trail(res: Resources, target_id=None) -> list[AuditEntry]:
    """The audit entries of one thing, or all, oldest first."""
    query = select(AuditEntry).order_by(col(AuditEntry.id))
    if target_id is not None:
        query = query.where(AuditEntry.target_id == target_id)
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())
