"""The secrets by which the webhooks of an ingest key are signed: made, shown once, and taken away."""

from dataclasses import dataclass, field
from secrets import token_urlsafe
from uuid import UUID

from domain.access import Actor, Scope
from domain.errors import Conflict
from domain.signature import SECRET_PREFIX
from models import IngestKey
from resolvers.access_key import lock_ingest_key
from resolvers.audit import record_audit
from resolvers.registering import renew_register
from resolvers.resources import Resources

_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A key, and the secret that it has from now on."""

    key: IngestKey
    secret: str = field(repr=False)


async def create_signing_secret(res: Resources, actor: Actor, *, key_id: UUID) -> NewSecret:
    """Leave the key good for webhooks that are signed with the new secret, and for nothing else; an old one is gone.

    Here at once, elsewhere within REVOCATION_BOUND_S.

    Raises: PermissionDenied, NotFound, Conflict (the key was revoked).
    """
    actor.require(Scope.ADMIN)
    async with res.db.transaction() as tx:
        key = await lock_ingest_key(tx, actor, key_id)
        if key.revoked_at is not None:
            raise Conflict("This ingest key was revoked.")
        key.signing_secret = SECRET_PREFIX + token_urlsafe(_RANDOM_BYTES)
        tx.session.add(key)
        record_audit(
            res,
            tx,
            actor,
            "createSigningSecret",
            target_kind="IngestKey",
            target_id=key.id,
            project_id=key.project_id,
            after={"isSigned": True},
        )
    res.access.forget(key.id)
    await renew_register(res)  # where it would still be good for what is not signed
    return NewSecret(key, key.signing_secret)


async def delete_signing_secret(res: Resources, actor: Actor, *, key_id: UUID) -> IngestKey:
    """Leave the key good for whatever is sent with it, signed or not; doing it again changes nothing.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.ADMIN)
    async with res.db.transaction() as tx:
        key = await lock_ingest_key(tx, actor, key_id)
        if key.signing_secret is not None:
            key.signing_secret = None
            tx.session.add(key)
            record_audit(
                res,
                tx,
                actor,
                "deleteSigningSecret",
                target_kind="IngestKey",
                target_id=key.id,
                project_id=key.project_id,
                after={"isSigned": False},
            )
    res.access.forget(key.id)
    return key
