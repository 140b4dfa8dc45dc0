"""Who sends a webhook: a key alone, or one that must show by a signature that it knows the secret."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.once import VALKEY_AWAY
from domain.access import Actor, Scope
from domain.errors import PermissionDenied, Unavailable
from domain.signature import check_signature
from resolvers.resources import Resources

_RETRY_AFTER_S = 2.0


def check_may_send(actor: Actor) -> None:
    """Return if it may send webhooks, once it has signed them where it must; before the body is read.

    Raises: PermissionDenied.
    """
    if actor.webhook.signing_secret is None:
        actor.require(Scope.INGEST)


@asynccontextmanager
async def signing(res: Resources, actor: Actor, header: str | None, body: bytes) -> AsyncIterator[Actor]:
    """Who may report within the block; a request that fails there may come again as it is, any other may not.

    `body` are the bytes as they travelled. While Valkey is away nobody knows what came before, so nothing that is
    signed is taken.

    Raises: PermissionDenied, Unavailable.
    """
    secret = actor.webhook.signing_secret
    if secret is None:
        actor.require(Scope.INGEST)
        yield actor
        return
    window_s = res.settings.webhook_window_s
    signature, left_s = check_signature(header, secret, body, at=res.clock.now(), window_s=window_s)
    word = f"webhook:{actor.id}:{signature}"
    await _claim(res, word, left_s)
    try:
        yield actor.signed
    except BaseException:
        await _give_back(res, word)
        raise


async def _claim(res: Resources, word: str, kept_s: float) -> None:
    try:
        is_first = await res.once.is_first(word, kept_s)
    except VALKEY_AWAY as error:
        message = "Valkey is away, so nobody knows whether this signed request came before; try again."
        raise Unavailable(message, _RETRY_AFTER_S) from error
    if not is_first:
        raise PermissionDenied("This signed request was taken before: sign each try anew, with the time of then.")


async def _give_back(res: Resources, word: str) -> None:
    try:
        await res.once.forget(word)
    except VALKEY_AWAY:
        return  # the sender has to sign anew, as it should
