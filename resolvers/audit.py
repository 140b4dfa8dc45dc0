"""Who changed what."""

from typing import Any
from uuid import UUID

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor
from models import AuditEntry
from resolvers.resources import Resources


def record_audit(
    res: Resources,
    tx: Transaction,
    actor: Actor,
    action: str,
    *,
    target_kind: str,
    target_id: UUID,
    project_id: UUID | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Leave an entry that says who did what to which thing; `action` is the mutation's name.

    `before` and `after` hold only what changed, as JSON, and never a secret.
    """
    at = res.clock.now()
    tx.session.add(
        AuditEntry(
            id=uuid7(at),
            project_id=project_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            action=action,
            target_kind=target_kind,
            target_id=target_id,
            before=before,
            after=after,
            at=at,
        )
    )


def record_change(
    res: Resources,
    tx: Transaction,
    actor: Actor,
    action: str,
    *,
    target_kind: str,
    target_id: UUID,
    before: dict[str, Any],
    after: dict[str, Any],
    project_id: UUID | None = None,
) -> None:
    """Leave an entry with those facts that differ, where any do; both sides have the same keys."""
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        record_audit(
            res,
            tx,
            actor,
            action,
            target_kind=target_kind,
            target_id=target_id,
            project_id=project_id,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
