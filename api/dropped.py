"""Counting a report that was turned away before it was read."""

from contextlib import suppress

from starlette.requests import Request
from starlette.types import Scope as ASGIScope

from api.credentials import credential_of
from api.ingest.sentry_key import KeyPlaces
from domain.access import Scope
from domain.admission import DropReason
from domain.errors import DomainError
from resolvers.access import authenticate


async def count_too_large(scope: ASGIScope) -> None:
    """Count one event that was too large, where the request names a project by a credential in its head."""
    request = Request(scope)
    resources = request.app.state.resources
    with suppress(DomainError):
        actor = await authenticate(resources, credential_of(request) or KeyPlaces(request).one())
        actor.require(Scope.INGEST)
        resources.admission.count(actor, DropReason.TOO_LARGE)
