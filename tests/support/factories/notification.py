from domain.notification import NotificationKind
from models import Developer, Issue, Notification
from resolvers.notification.outbox import notify
from resolvers.resources import Resources


async def make_notification(
    res: Resources, issue: Issue, recipient: Developer, *, dedup: str | None = None, reason: str = "You have it."
) -> Notification:
    """A mail, written as the product writes it, and on the dashboard besides."""
    async with res.db.transaction() as tx:
        held = await tx.session.get_one(Issue, issue.id, with_for_update={"key_share": True})
        rows = await notify(
            res,
            tx,
            kind=NotificationKind.ASSIGNMENT,
            issue=held,
            alert=None,
            recipient=recipient,
            reason=reason,
            dedup=dedup or f"test:{recipient.id}:{issue.id}",
        )
        return rows[0]
