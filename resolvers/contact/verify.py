"""Showing that somebody can be reached there: a code is sent by that very channel, and given back."""

from secrets import randbelow
from uuid import UUID

from core.ids import uuid7
from domain.access import Actor, Scope
from domain.contact import CODE_DIGITS, CODE_LIFE, Code, digest_of, is_right, refuse_code
from domain.errors import Conflict, InvalidInput
from domain.notification import NotificationKind, NotificationStatus
from models import ContactMethod, Notification
from resolvers.audit import record_audit
from resolvers.contact.methods import lock_method
from resolvers.notification.senders import senders
from resolvers.resources import Resources

_WHY = "Somebody asked Tocsin to send a code here."


async def send_verification_code(res: Resources, actor: Actor, *, method_id: UUID) -> ContactMethod:
    """Leave a code with the recipient, good for ten minutes and five tries; one that was sent before is good no more.

    It is sent at once, outside of any transaction and not by the outbox, which would keep it.

    Raises: PermissionDenied, NotFound, Conflict (verified already, sent just now, or the server did not take it).
    """
    actor.require(Scope.TRIAGE)
    code, at = f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}", res.clock.now()
    async with res.db.transaction() as tx:
        method = await lock_method(tx, actor, method_id)
        refuse_code(_code(method), verified=method.verified_at is not None, at=at)
        method.code_digest, method.code_expires_at = digest_of(code, method.id), at + CODE_LIFE
        method.code_tries = 0
        tx.session.add(method)
        record_audit(res, tx, actor, "sendVerificationCode", target_kind="ContactMethod", target_id=method.id)
    outcome = await senders(res)[method.channel](_message(res, method, code))
    if not outcome.succeeded:
        raise Conflict(f"The code could not be sent: {outcome.detail or outcome.status_code}")
    return method


async def verify_contact_method(res: Resources, actor: Actor, *, method_id: UUID, code: str) -> ContactMethod:
    """Leave the contact method of use, if this is the code that was sent; a wrong one counts as a try.

    Raises: PermissionDenied, NotFound, InvalidInput (a wrong code), Conflict (there is none, or it is good no more).
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        method = await lock_method(tx, actor, method_id)
        right = is_right(_code(method), code, method.id, at=res.clock.now())
        if right:
            method.verified_at, method.code_digest, method.code_expires_at = res.clock.now(), None, None
            record_audit(res, tx, actor, "verifyContactMethod", target_kind="ContactMethod", target_id=method.id)
        else:
            method.code_tries += 1
        tx.session.add(method)
    if not right:
        raise InvalidInput("`code` is not the one that was sent.", ("code",))
    return method


def _code(method: ContactMethod) -> Code:
    return Code(method.code_digest, method.code_expires_at, method.code_tries)


def _message(res: Resources, method: ContactMethod, code: str) -> Notification:
    """The message, which is stored nowhere."""
    at = res.clock.now()
    text = f"Your code is {code}. It is good for {CODE_LIFE.seconds // 60} minutes."
    return Notification(
        id=uuid7(at),
        kind=NotificationKind.TEST,
        channel=method.channel,
        recipient_id=method.developer_id,
        destination=method.value,
        subject="Tocsin",
        content={"text": text, "reason": _WHY, "recipient": "", "url": res.settings.base_url},
        status=NotificationStatus.SENDING,
        reason=_WHY,
        contact_method_id=method.id,
        idempotency_key=f"code:{method.id}:{at.isoformat()}",
        created_at=at,
    )
