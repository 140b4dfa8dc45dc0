"""Who is calling: a credential made an actor."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from core.away import AWAY
from domain.access import (
    ANONYMOUS,
    CREDENTIAL_KEPT_S,
    REFUSAL_KEPT_S,
    SCOPES_BY_ROLE,
    Actor,
    ActorKind,
    Role,
    Scope,
    credential_kind,
    document_digest,
    refused,
)
from domain.errors import Unavailable
from domain.webhook import Webhook
from models.access import read_mapping
from resolvers.access_cache import Verdict
from resolvers.intake.connection import Connection
from resolvers.register import Bearer
from resolvers.resources import Resources

_log = structlog.get_logger()

_WITHIN_S, _RETRY_AFTER_S = 2.0, 2.0
_USE_NOTED_EVERY = timedelta(minutes=1)
_TOKENS = """
    SELECT token.id, token.name, token.scopes, token.project_ids, token.expires_at, token.revoked_at,
           token.last_used_at, token.owner_id, token.digest, token.document, owner.role,
           ARRAY(SELECT team_project.project_id FROM team_project JOIN team_member USING (team_id)
                 WHERE team_member.developer_id = owner.id) AS project_ids_of_teams
    FROM api_token token JOIN developer owner ON owner.id = token.owner_id
"""
_KEYS = """
    SELECT id, name, project_id, revoked_at, last_used_at, public_key, rate_limit_per_minute, signing_secret,
           webhook_mapping
    FROM ingest_key
"""
_BY_DIGEST = f"{_TOKENS} WHERE token.digest = $1"
_BY_PUBLIC_KEY = f"{_KEYS} WHERE public_key = $1"
_GOOD_TOKENS = f"{_TOKENS} WHERE token.revoked_at IS NULL"
# A signing secret is none for Valkey: while PostgreSQL is away nobody can tell whether a request was signed.
_GOOD_KEYS = f"{_KEYS} WHERE revoked_at IS NULL AND signing_secret IS NULL"
_USED = "SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)"
_NOTE_USE = {ActorKind.TOKEN: f"UPDATE api_token {_USED}", ActorKind.INGEST_KEY: f"UPDATE ingest_key {_USED}"}


async def authenticate(res: Resources, credential: str | None) -> Actor:
    """Who the credential, an API token or an ingest key, makes the caller.

    Without one the actor is anonymous; one that is not accepted makes an anonymous actor that knows the reason.
    What is known is believed for `CREDENTIAL_KEPT_S`: that, and how often a socket asks, bound how long a
    revoked credential still works.

    While PostgreSQL is away it is what the register says.

    Raises: Unavailable while PostgreSQL is away and the credential is not known.
    """
    if not credential:
        return ANONYMOUS
    kind = credential_kind(credential)
    if kind is None:
        return refused("This is neither an API token nor an ingest key.")
    digest = _digest(credential)

    async def judge() -> Verdict:
        at = res.clock.now()
        is_token = kind is ActorKind.TOKEN
        try:
            row = await _fetch(res, _BY_DIGEST if is_token else _BY_PUBLIC_KEY, digest if is_token else credential)
        except (*AWAY, asyncpg.PostgresError) as error:
            return await _judge_without_database(res, digest, at, error)
        verdict = _judge_token(res, row, at) if is_token else _judge_key(res, row, at)
        if verdict.actor.kind is kind:
            res.register.note(digest)
        return verdict

    return await res.access.actor(digest, judge)


async def read_bearers(connection: Connection) -> dict[bytes, Bearer]:
    """All who may call, by the digest of their credential.

    Raises: OSError, asyncpg.PostgresError, asyncpg.InterfaceError.
    """
    keys = {_digest(row["public_key"]): Bearer(_key_actor(row)) for row in await connection.fetch(_GOOD_KEYS)}
    tokens = await connection.fetch(_GOOD_TOKENS)
    return keys | {row["digest"]: Bearer(_bearer(row), row["expires_at"]) for row in tokens}


def _digest(credential: str) -> bytes:
    return sha256(credential.encode()).digest()


async def _fetch(res: Resources, statement: str, value: object) -> Any:
    """The one row, or none.

    Raises: OSError, asyncpg.PostgresError, asyncpg.InterfaceError.
    """
    if (reason := res.writer.absence.reason) and res.writer.absence.is_known:
        raise ConnectionError(reason)
    async with res.db.raw.acquire(timeout=_WITHIN_S) as connection:
        return await connection.fetchrow(statement, value, timeout=_WITHIN_S)


async def _judge_without_database(res: Resources, digest: bytes, at: datetime, error: BaseException) -> Verdict:
    """What the register says.

    Raises: Unavailable.
    """
    res.writer.absence.suspect()
    bearer = await res.register.find(digest)
    if bearer is None:
        raise Unavailable("The database is away; try again.", _RETRY_AFTER_S) from error
    until = at + timedelta(seconds=CREDENTIAL_KEPT_S)
    return Verdict(bearer.actor, min(until, bearer.expires_at or until))


def _judge_token(res: Resources, row: Any, at: datetime) -> Verdict:
    if row is None:
        return _refusal("This token is unknown.", at)
    if row["revoked_at"] is not None:
        return _refusal("This token was revoked.", at)
    if row["expires_at"] is not None and row["expires_at"] <= at:
        return _refusal("This token has expired.", at)
    _note_use(res, ActorKind.TOKEN, row, at)
    until = at + timedelta(seconds=CREDENTIAL_KEPT_S)
    return Verdict(_bearer(row), min(until, row["expires_at"] or until))


def _judge_key(res: Resources, row: Any, at: datetime) -> Verdict:
    if row is None:
        return _refusal("This ingest key is unknown.", at)
    if row["revoked_at"] is not None:
        return _refusal("This ingest key was revoked.", at)
    _note_use(res, ActorKind.INGEST_KEY, row, at)
    return Verdict(_key_actor(row), at + timedelta(seconds=CREDENTIAL_KEPT_S))


def _key_actor(row: Any) -> Actor:
    webhook = Webhook(row["signing_secret"], read_mapping(row["webhook_mapping"]))
    return Actor(
        ActorKind.INGEST_KEY,
        id=row["id"],
        scopes=frozenset() if webhook.signing_secret else frozenset({Scope.INGEST}),
        project_ids=frozenset({row["project_id"]}),
        name=row["name"],
        webhook=webhook,
        rate_limit_per_minute=row["rate_limit_per_minute"],
    )


def _refusal(reason: str, at: datetime) -> Verdict:
    return Verdict(refused(reason), at + timedelta(seconds=REFUSAL_KEPT_S))


def _bearer(row: Any) -> Actor:
    """The actor of a token: what its scopes, its projects, and its owner's role and teams all allow."""
    role = Role(row["role"])
    seen = None if role in (Role.OWNER, Role.ADMIN) else frozenset(row["project_ids_of_teams"])
    confined = None if row["project_ids"] is None else frozenset(row["project_ids"])
    scopes = frozenset(map(Scope, row["scopes"])) & SCOPES_BY_ROLE[role]
    is_bound = row["document"] is not None
    return Actor(
        ActorKind.TOKEN,
        id=row["id"],
        developer_id=row["owner_id"],
        role=role,
        scopes=frozenset() if is_bound else scopes,
        document=document_digest(row["document"]) if is_bound else None,
        scopes_within=scopes if is_bound else frozenset(),
        project_ids=confined if seen is None else seen if confined is None else seen & confined,
        name=row["name"],
    )


def _note_use(res: Resources, kind: ActorKind, row: Any, at: datetime) -> None:
    """Let it be known later when the credential was last used, to the minute."""
    if row["last_used_at"] is None or at - row["last_used_at"] >= _USE_NOTED_EVERY:
        res.access.later(_write_use(res, kind, row["id"], at))


async def _write_use(res: Resources, kind: ActorKind, id: UUID, at: datetime) -> None:
    try:
        await res.db.raw.execute(_NOTE_USE[kind], id, at, at - _USE_NOTED_EVERY)
    except (*AWAY, asyncpg.PostgresError) as error:
        _log.warning("use of a credential not noted", kind=kind, id=str(id), error=str(error) or type(error).__name__)
