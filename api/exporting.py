"""`/api/notifications.csv`: who was told what, for the audit, as a table that is sent as it is read."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api.answers import problem, try_later
from api.credentials import credential_of
from core.away import is_away
from domain.admission import Endpoint
from domain.errors import DomainError, InvalidInput, LimitExceeded, NotFound, Unauthenticated, Unavailable
from domain.notification import Channel, NotificationFilter, NotificationStatus
from domain.span import Span, TimeRange
from domain.spreadsheet import write_rows
from resolvers.access import authenticate
from resolvers.notification.export import HEADINGS, export_notifications
from resolvers.resources import Resources
from schema.node import read_id

_KNOWN = {"since", "until", "status", "channel", "recipient"}
_HEADERS = {
    "Content-Disposition": 'attachment; filename="notifications.csv"',
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_Choice = TypeVar("_Choice", bound=StrEnum)


async def export(request: Request) -> Response:
    """The notifications that pass the parameters, and that the caller may see."""
    res: Resources = request.app.state.resources
    try:
        actor = await authenticate(res, credential_of(request))
        filter, span = _asked(request.query_params, res.clock.now())
        await res.admission.call(actor, Endpoint.LIST, 1)
        batches = export_notifications(res, actor, filter=filter, span=span)
        first = await anext(batches)
    except (LimitExceeded, Unavailable) as failure:
        return try_later(failure)
    except DomainError as failure:
        return _refused(failure)
    except Exception as error:
        if not is_away(error):
            raise
        return try_later(Unavailable("The database is away."))
    return StreamingResponse(_lines(first, batches), headers=_HEADERS, media_type="text/csv; charset=utf-8")


def export_routes() -> list[BaseRoute]:
    """Where tables are."""
    return [Route("/api/notifications.csv", export, methods=["GET"])]


async def _lines(
    first: Sequence[Sequence[object]], rest: AsyncIterator[Sequence[Sequence[object]]]
) -> AsyncIterator[str]:
    yield write_rows([HEADINGS, *first])
    async for rows in rest:
        yield write_rows(rows)


def _asked(parameters: QueryParams, now: datetime) -> tuple[NotificationFilter, Span]:
    """What the parameters ask for.

    Raises: InvalidInput, NotFound.
    """
    if unknown := sorted(set(parameters) - _KNOWN):
        raise InvalidInput(f"There is no parameter `{unknown[0]}`.", (unknown[0],))
    recipient = parameters.get("recipient")
    filter = NotificationFilter(
        _choices(parameters, "status", NotificationStatus),
        _choices(parameters, "channel", Channel),
        read_id(recipient, "Developer", "recipient") if recipient else None,
    )
    span = TimeRange(_instant(parameters, "since"), _instant(parameters, "until"))
    return filter, span.resolve(now)


def _choices(parameters: QueryParams, name: str, kind: type[_Choice]) -> list[_Choice] | None:
    """The values of a parameter that may be given more than once, or with commas."""
    words = [word.strip().upper() for text in parameters.getlist(name) for word in text.split(",") if word.strip()]
    try:
        return [kind(word) for word in words] or None
    except ValueError:
        raise InvalidInput(f"`{name}` must be one of {', '.join(kind)}.", (name,)) from None


def _instant(parameters: QueryParams, name: str) -> datetime | None:
    text = parameters.get(name)
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        at = None
    if text and (at is None or at.tzinfo is None):
        raise InvalidInput(f"`{name}` must be an instant such as 2026-03-02T08:00:00Z.", (name,))
    return at


def _refused(failure: DomainError) -> Response:
    if isinstance(failure, Unauthenticated):
        response = problem(401, "UNAUTHENTICATED", failure.message)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if isinstance(failure, InvalidInput):
        return problem(400, "INVALID_INPUT", failure.message, path=list(failure.path))
    if isinstance(failure, NotFound):
        return problem(404, "NOT_FOUND", failure.message)
    return problem(403, "FORBIDDEN", failure.message)
