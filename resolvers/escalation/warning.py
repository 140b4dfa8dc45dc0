"""Telling those who answer for the project, and for everything, that an alert reaches nobody."""

from sqlmodel import col, select

from core.db import Transaction
from domain.access import Role
from domain.notification import NotificationKind
from models import Alert, Developer
from resolvers.issue.hold import Hold
from resolvers.notification.outbox import notify
from resolvers.routing import fallback_owner


async def warn_administrators(held: Hold, alert: Alert, what: str) -> None:
    """Leave whoever answers for the project told, and every OWNER and ADMIN, once for each level of the alert."""
    owner = await fallback_owner(held.tx, project_id=held.issue.project_id)
    admins = await administrators(held.tx)
    told = {person.id: person for person in (*([owner] if owner else ()), *admins)}
    for person in told.values():
        await notify(
            held.res,
            held.tx,
            kind=NotificationKind.ALERT,
            issue=held.issue,
            alert=alert,
            recipient=person,
            reason=f"{what} You answer for the project, or for everything, and can mend who is on call.",
            dedup=f"warning:{alert.id}:{alert.level}",
            can_wait=False,
        )


async def administrators(tx: Transaction) -> list[Developer]:
    """Those who answer for everything, oldest first."""
    query = select(Developer).where(col(Developer.role).in_((Role.OWNER, Role.ADMIN))).order_by(col(Developer.id))
    return list((await tx.session.exec(query)).all())
