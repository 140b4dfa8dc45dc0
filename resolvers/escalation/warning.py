"""Telling those who answer for everything that an alert reaches nobody."""

from sqlmodel import col, select

from core.db import Transaction
from domain.access import Role
from domain.notification import NotificationKind
from models import Alert, Developer
from resolvers.issue.hold import Hold
from resolvers.notification.outbox import notify


async def warn_administrators(held: Hold, alert: Alert, what: str) -> None:
    """Leave every OWNER and ADMIN told, once for each level of the alert."""
    for admin in await administrators(held.tx):
        await notify(
            held.res,
            held.tx,
            kind=NotificationKind.ALERT,
            issue=held.issue,
            alert=alert,
            recipient=admin,
            reason=f"{what} You are an administrator, and can mend who is on call.",
            dedup=f"warning:{alert.id}:{alert.level}",
        )


async def administrators(tx: Transaction) -> list[Developer]:
    """Those who answer for everything, oldest first."""
    query = select(Developer).where(col(Developer.role).in_((Role.OWNER, Role.ADMIN))).order_by(col(Developer.id))
    return list((await tx.session.exec(query)).all())
