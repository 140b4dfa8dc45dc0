"""Ingest keys: made, revoked, and shown."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.errors import Conflict, NotFound
from domain.text import one_line, whole_number
from domain.webhook import FieldMapping, check_mapping
from models import IngestKey, Project
from models.access import stored_mapping
from resolvers.asked import one_of
from resolvers.audit import record_audit, record_change
from resolvers.registering import renew_register
from resolvers.resources import Resources
from resolvers.sight import in_sight

MOST_KEYS = 100
MOST_PER_MINUTE = 10_000_000
_GONE = "No such ingest key."


class IngestKeySettings(TypedDict, total=False):
    """What can be set of a key; what is left out stays as it is."""

    name: str
    rate_limit_per_minute: int | None
    mapping: Sequence[FieldMapping]


async def create_ingest_key(
    res: Resources, actor: Actor, *, project_id: UUID, name: str, rate_limit_per_minute: int | None = None
) -> IngestKey:
    """Leave a new key with which programs log to the project, at most so many events a minute.

    Raises: PermissionDenied, NotFound (the project), InvalidInput, Conflict (too many).
    """
    actor.require(Scope.ADMIN, project_id)
    name = one_line(name, "name")
    limit = whole_number(rate_limit_per_minute, "rateLimitPerMinute", most=MOST_PER_MINUTE)
    async with res.db.transaction() as tx:
        project = select(Project).where(Project.id == project_id).with_for_update(key_share=True)
        if (await tx.session.exec(project)).first() is None:
            raise NotFound("No such project.")
        active = select(func.count()).where(
            col(IngestKey.project_id) == project_id, col(IngestKey.revoked_at).is_(None)
        )
        if (await tx.session.exec(active)).one() >= MOST_KEYS:
            raise Conflict(f"A project has at most {MOST_KEYS} ingest keys: revoke one first.")
        key = make_ingest_key(project_id, name, at=res.clock.now())
        key.rate_limit_per_minute = limit
        tx.session.add(key)
        record_audit(
            res,
            tx,
            actor,
            "createIngestKey",
            target_kind="IngestKey",
            target_id=key.id,
            project_id=project_id,
            after={"publicKey": key.public_key, **_facts(key)},
        )
    return key


async def update_ingest_key(
    res: Resources, actor: Actor, *, key_id: UUID, **settings: Unpack[IngestKeySettings]
) -> IngestKey:
    """Leave the key as the settings say, here at once and elsewhere within REVOCATION_BOUND_S; the rest stays.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.ADMIN)
    async with res.db.transaction() as tx:
        key = await lock_ingest_key(tx, actor, key_id)
        before = _facts(key)
        if "name" in settings:
            key.name = one_line(settings["name"], "name")
        if "mapping" in settings:
            key.webhook_mapping = stored_mapping(check_mapping(settings["mapping"])) or None
        if "rate_limit_per_minute" in settings:
            limit = settings["rate_limit_per_minute"]
            key.rate_limit_per_minute = whole_number(limit, "rateLimitPerMinute", most=MOST_PER_MINUTE)
        tx.session.add(key)
        record_change(
            res,
            tx,
            actor,
            "updateIngestKey",
            target_kind="IngestKey",
            target_id=key.id,
            project_id=key.project_id,
            before=before,
            after=_facts(key),
        )
    res.access.forget(key.id)
    return key


async def revoke_ingest_key(res: Resources, actor: Actor, *, key_id: UUID) -> IngestKey:
    """Leave the key of no use, here at once and elsewhere within REVOCATION_BOUND_S; doing it again changes nothing.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.ADMIN)
    async with res.db.transaction() as tx:
        key = await lock_ingest_key(tx, actor, key_id)
        if key.revoked_at is None:
            key.revoked_at = res.clock.now()
            tx.session.add(key)
            record_audit(
                res, tx, actor, "revokeIngestKey", target_kind="IngestKey", target_id=key.id, project_id=key.project_id
            )
    res.access.forget(key.id)
    await renew_register(res)
    return key


async def lock_ingest_key(tx: Transaction, actor: Actor, key_id: UUID) -> IngestKey:
    """The key, for a change.

    Raises: NotFound.
    """
    query = select(IngestKey).where(IngestKey.id == key_id, in_sight(actor, col(IngestKey.project_id)))
    key = (await tx.session.exec(query.with_for_update(key_share=True))).first()
    if key is None:
        raise NotFound(_GONE)
    return key


def _facts(key: IngestKey) -> dict[str, Any]:
    return {"name": key.name, "rateLimitPerMinute": key.rate_limit_per_minute, "mapping": key.webhook_mapping}


def make_ingest_key(project_id: UUID, name: str, *, at: datetime) -> IngestKey:
    """A key of 128 random bits, not stored yet."""
    return IngestKey(id=uuid7(at), project_id=project_id, name=name, public_key=token_hex(16), created_at=at)


async def ingest_keys_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[IngestKey | None]:
    """The key of each id, none where it is out of sight."""
    actor.require(Scope.READ)
    query = select(IngestKey).where(one_of(IngestKey.id, ids), in_sight(actor, col(IngestKey.project_id)))
    async with res.db.reading() as session:
        found = {key.id: key for key in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def ingest_keys_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[IngestKey]]:
    """The keys of each project in sight, revoked ones too, oldest first."""
    actor.require(Scope.READ)
    query = (
        select(IngestKey)
        .where(one_of(IngestKey.project_id, ids), in_sight(actor, col(IngestKey.project_id)))
        .order_by(col(IngestKey.id))
    )
    found: defaultdict[UUID, list[IngestKey]] = defaultdict(list)
    async with res.db.reading() as session:
        for key in (await session.exec(query)).all():
            found[key.project_id].append(key)
    return [found[project_id] for project_id in ids]
