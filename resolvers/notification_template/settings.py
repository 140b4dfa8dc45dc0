"""Giving messages words of one's own, changing them, and going back to the usual ones."""

from functools import partial
from typing import Any, Unpack
from uuid import UUID

from sqlmodel import func, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict, NotFound
from domain.notification import Channel, NotificationKind
from domain.notification_template import MOST_TEMPLATES, TemplateSettings, check_lengths, check_place
from models import NotificationTemplate
from resolvers.audit import record_audit, record_change
from resolvers.conflicts import flush_unique
from resolvers.notification_template.words import check_words
from resolvers.project.named import project_id_of
from resolvers.resources import Resources

_TAKEN = "There is a template for these messages already: change that one."
_audit = partial(record_audit, target_kind="NotificationTemplate")
_audit_change = partial(record_change, target_kind="NotificationTemplate")


async def create_notification_template(
    res: Resources,
    actor: Actor,
    *,
    channel: Channel,
    text: str,
    subject: str | None = None,
    kind: NotificationKind | None = None,
    project: str | None = None,
) -> NotificationTemplate:
    """Leave a template for messages by that channel: of that kind or of all, in that project or in all.

    It gives its words to what is written from now on.

    Raises: PermissionDenied, InvalidInput, Conflict (there is one for these, or there are too many).
    """
    actor.require_everywhere(Scope.ADMIN)
    check_place(channel, kind, has_project=project is not None)
    _check(channel, kind, subject, text)
    at = res.clock.now()
    async with res.db.transaction() as tx:
        if (await tx.session.exec(select(func.count()).select_from(NotificationTemplate))).one() >= MOST_TEMPLATES:
            raise Conflict(f"There are {MOST_TEMPLATES} templates, and there may be no more.")
        row = NotificationTemplate(
            id=uuid7(at),
            channel=channel,
            kind=kind,
            project_id=await project_id_of(tx, project),
            subject=subject,
            text=text,
            created_at=at,
        )
        tx.session.add(row)
        await flush_unique(tx, notification_template_place=_TAKEN)
        _audit(
            res, tx, actor, "createNotificationTemplate",
            target_id=row.id, project_id=row.project_id, after=_facts(row),
        )  # fmt: skip
    return row


async def update_notification_template(
    res: Resources, actor: Actor, *, template_id: UUID, **settings: Unpack[TemplateSettings]
) -> NotificationTemplate:
    """Leave the template with these words; what is left out stays. What was written before keeps its words.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require_everywhere(Scope.ADMIN)
    async with res.db.transaction() as tx:
        row = await _lock(tx, template_id)
        before = _facts(row)
        row.subject, row.text = settings.get("subject", row.subject), settings.get("text", row.text)
        _check(row.channel, row.kind, row.subject, row.text)
        tx.session.add(row)
        _audit_change(
            res, tx, actor, "updateNotificationTemplate",
            target_id=row.id, project_id=row.project_id, before=before, after=_facts(row),
        )  # fmt: skip
    return row


async def delete_notification_template(res: Resources, actor: Actor, *, template_id: UUID) -> NotificationTemplate:
    """Leave no such template; hand back what it was. What was written before keeps its words.

    Raises: PermissionDenied, NotFound.
    """
    actor.require_everywhere(Scope.ADMIN)
    async with res.db.transaction() as tx:
        row = await _lock(tx, template_id)
        await tx.session.delete(row)
        _audit(
            res, tx, actor, "deleteNotificationTemplate",
            target_id=row.id, project_id=row.project_id, before=_facts(row),
        )  # fmt: skip
    return row


def _check(channel: Channel, kind: NotificationKind | None, subject: str | None, text: str) -> None:
    check_lengths(channel, subject, text)
    check_words(kind, subject, text)


async def _lock(tx: Transaction, template_id: UUID) -> NotificationTemplate:
    query = select(NotificationTemplate).where(NotificationTemplate.id == template_id).with_for_update()
    row = (await tx.session.exec(query)).first()
    if row is None:
        raise NotFound("No such NotificationTemplate.")
    return row


def _facts(row: NotificationTemplate) -> dict[str, Any]:
    return {"channel": row.channel, "kind": row.kind, "subject": row.subject, "text": row.text}
