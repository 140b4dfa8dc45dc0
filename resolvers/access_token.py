"""API tokens: made, revoked, and shown to those who may know of them. The secret is handed out once."""

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, true
from sqlmodel import col, or_, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import SCOPES_BY_ROLE, TOKEN_PREFIX, Actor, ActorKind, Role, Scope
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.text import one_line
from domain.token import Grant, check_grant
from models import ApiToken, Developer, Project
from resolvers.asked import one_of
from resolvers.audit import record_audit
from resolvers.developer.sight import developer_in_sight
from resolvers.registering import renew_register
from resolvers.resources import Resources
from resolvers.sight import in_sight

MOST_TOKENS = 100
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token, and its secret, which is kept nowhere."""

    token: ApiToken
    secret: str


async def create_api_token(
    res: Resources,
    actor: Actor,
    *,
    name: str,
    scopes: Sequence[Scope],
    project_ids: Sequence[UUID] | None = None,
    expires_at: datetime | None = None,
    owner_id: UUID | None = None,
    document: str | None = None,
) -> NewToken:
    """Leave a new token of the actor's developer, or with ADMIN of another; without `project_ids` it is for all.

    With a `document`, laid out as `print` of graphql-core does, it may run that and nothing else.

    Raises: PermissionDenied (more than the actor may do, or by a token that is bound itself), NotFound (no such owner),
        InvalidInput, Conflict (too many).
    """
    actor.require(Scope.READ)
    if actor.document is not None:
        raise PermissionDenied("A token that is bound to a document makes no others: they could do more.")
    name = one_line(name, "name")
    async with res.db.transaction() as tx:
        owner = await _lock_owner(tx, actor, owner_id)
        at = res.clock.now()
        grant = check_grant(scopes, project_ids, expires_at, role=owner.role, at=at)
        grant.check_within(await _limit(tx, actor))
        await _check_projects(tx, actor, grant)
        await _check_count(tx, owner.id, at)
        new = make_token(owner.id, name, grant, at=at, document=document)
        tx.session.add(new.token)
        facts = _facts(new.token)
        record_audit(res, tx, actor, "createApiToken", target_kind="ApiToken", target_id=new.token.id, after=facts)
    return new


async def revoke_api_token(res: Resources, actor: Actor, *, token_id: UUID) -> ApiToken:
    """Leave the token of no use, here at once and elsewhere within REVOCATION_BOUND_S; doing it again changes nothing.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.READ)
    async with res.db.transaction() as tx:
        query = select(ApiToken).where(ApiToken.id == token_id, _in_charge(actor))
        token = (await tx.session.exec(query.with_for_update(key_share=True))).first()
        if token is None:
            raise NotFound("No such token.")
        if token.id != actor.id:
            await _check_stands_above(tx, actor, token)
        if token.revoked_at is None:
            token.revoked_at = res.clock.now()
            tx.session.add(token)
            record_audit(res, tx, actor, "revokeApiToken", target_kind="ApiToken", target_id=token.id)
    res.access.forget(token.id)
    await renew_register(res)
    return token


def make_token(owner_id: UUID, name: str, grant: Grant, *, at: datetime, document: str | None = None) -> NewToken:
    """A token of 256 random bits with its secret, not stored yet."""
    secret = TOKEN_PREFIX + urlsafe_b64encode(token_bytes(32)).decode().rstrip("=")
    token = ApiToken(
        id=uuid7(at),
        owner_id=owner_id,
        name=name,
        prefix=secret[:_SHOWN],
        digest=sha256(secret.encode()).digest(),
        scopes=[scope for scope in Scope if scope in grant.scopes],
        project_ids=None if grant.project_ids is None else sorted(grant.project_ids),
        created_at=at,
        expires_at=grant.expires_at,
        document=document,
    )
    return NewToken(token, secret)


async def api_tokens_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[ApiToken | None]:
    """The token of each id, none where out of sight: its owner, or each project that it is for."""
    actor.require(Scope.READ)
    query = (
        select(ApiToken)
        .join(Developer, col(Developer.id) == col(ApiToken.owner_id))
        .where(one_of(ApiToken.id, ids), developer_in_sight(actor), _shares_project(actor))
    )
    async with res.db.reading() as session:
        found = {token.id: token for token in (await session.exec(query)).all()}
    return [found.get(key) for key in ids]


async def api_tokens_by_owner_id(res: Resources, actor: Actor, owner_ids: Sequence[UUID]) -> list[list[ApiToken]]:
    """The tokens of each developer that are of use, oldest first; none of others, but for an ADMIN."""
    actor.require(Scope.READ)
    query = (
        select(ApiToken)
        .where(one_of(ApiToken.owner_id, owner_ids), _in_charge(actor), _of_use(res.clock.now()))
        .order_by(col(ApiToken.id))
    )
    found: defaultdict[UUID, list[ApiToken]] = defaultdict(list)
    async with res.db.reading() as session:
        for token in (await session.exec(query)).all():
            found[token.owner_id].append(token)
    return [found[key] for key in owner_ids]


def _in_charge(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may revoke a token: its own, its developer's, and as ADMIN of everything all."""
    if Scope.ADMIN in actor.scopes and actor.project_ids is None:
        return true()
    return or_(
        col(ApiToken.id) == actor.id,
        (col(ApiToken.owner_id) == actor.developer_id) & _shares_project(actor),
    )


def _shares_project(actor: Actor) -> ColumnElement[bool]:
    if actor.project_ids is None:
        return true()
    return or_(col(ApiToken.project_ids).is_(None), col(ApiToken.project_ids).overlap(sorted(actor.project_ids)))  # type: ignore[attr-defined]


def _of_use(at: datetime) -> ColumnElement[bool]:
    return col(ApiToken.revoked_at).is_(None) & or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > at)


async def _lock_owner(tx: Transaction, actor: Actor, owner_id: UUID | None) -> Developer:
    """The developer whose token it will be, locked, so that their tokens can be counted.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    if owner_id is None and actor.developer_id is None:
        raise InvalidInput("Say whose token it is.", ("ownerId",))
    if owner_id not in (None, actor.developer_id):
        actor.require_everywhere(Scope.ADMIN)
    query = select(Developer).where(Developer.id == (owner_id or actor.developer_id))
    owner = (await tx.session.exec(query.with_for_update(key_share=True))).first()
    if owner is None:
        raise NotFound("No such developer.")
    actor.require_rank(owner.role)
    return owner


async def _limit(tx: Transaction, actor: Actor) -> Grant:
    """What the actor may hand on: its scopes, and where it acts by a token, that token's projects and end."""
    if actor.kind is not ActorKind.TOKEN:
        return Grant(actor.scopes)
    token = (await tx.session.exec(select(ApiToken).where(ApiToken.id == actor.id))).one()
    projects = None if token.project_ids is None else frozenset(token.project_ids)
    return Grant(actor.scopes, projects, token.expires_at)


async def _check_projects(tx: Transaction, actor: Actor, grant: Grant) -> None:
    if grant.project_ids is not None:
        query = select(func.count()).where(col(Project.id).in_(grant.project_ids), in_sight(actor, col(Project.id)))
        if (await tx.session.exec(query)).one() < len(grant.project_ids):
            raise InvalidInput("There is no such project.", ("projectIds",))


async def _check_count(tx: Transaction, owner_id: UUID, at: datetime) -> None:
    query = select(func.count()).where(col(ApiToken.owner_id) == owner_id, _of_use(at))
    if (await tx.session.exec(query)).one() >= MOST_TOKENS:
        raise Conflict(f"A developer has at most {MOST_TOKENS} tokens: revoke one first.")


async def _check_stands_above(tx: Transaction, actor: Actor, token: ApiToken) -> None:
    """Return if the token lets nobody do more than the actor may.

    Raises: PermissionDenied.
    """
    role = Role((await tx.session.exec(select(Developer.role).where(Developer.id == token.owner_id))).one())
    actor.require_rank(role)
    if not SCOPES_BY_ROLE[role].intersection(token.scopes) <= actor.scopes:
        raise PermissionDenied("That token may do more than you may.")


def _facts(token: ApiToken) -> dict[str, Any]:
    return {
        "name": token.name,
        "ownerId": str(token.owner_id),
        "prefix": token.prefix,
        "scopes": token.scopes,
        "projectIds": token.project_ids and [str(id) for id in token.project_ids],
        "expiresAt": token.expires_at and token.expires_at.isoformat(),
        "document": token.document,
    }
