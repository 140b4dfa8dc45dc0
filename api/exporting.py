"""Tables as CSV, sent as they are read: who was told what, events over time, and who has how much to do."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from api.answers import problem, try_later
from api.credentials import credential_of
from core.away import is_away
from domain.access import Actor
from domain.admission import Endpoint
from domain.errors import DomainError, InvalidInput, LimitExceeded, NotFound, Unauthenticated, Unavailable
from domain.event import Severity
from domain.notification import Channel, NotificationFilter, NotificationStatus
from domain.span import TimeRange
from domain.spreadsheet import write_rows
from domain.stats import Bucket, StatsFilter
from resolvers.access import authenticate
from resolvers.notification.export import HEADINGS, export_notifications
from resolvers.resources import Resources
from resolvers.stats_export import TIMELINE_HEADINGS, WORKLOAD_HEADINGS, export_timeline, export_workload
from schema.node import read_id

_Choice = TypeVar("_Choice", bound=StrEnum)
_Rows: TypeAlias = AsyncIterator[Sequence[Sequence[object]]]


@dataclass(frozen=True, slots=True)
class _Table:
    """A table: its name, the parameters that it knows, what stands above it, and its rows, some at a time."""

    name: str
    known: frozenset[str]
    headings: Sequence[str]
    read: Callable[[Resources, Actor, QueryParams], _Rows]

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/api/{self.name}.csv"

    async def answer(self, request: Request) -> Response:
        """The rows that pass the parameters, and that the caller may see."""
        res: Resources = request.app.state.resources
        try:
            actor = await authenticate(res, credential_of(request))
            self._check(request.query_params)
            batches = self.read(res, actor, request.query_params)
            await res.admission.call(actor, Endpoint.LIST, 1)
            first = await anext(batches)
        except (LimitExceeded, Unavailable) as failure:
            return try_later(failure)
        except DomainError as failure:
            return _refused(failure)
        except Exception as error:
            if not is_away(error):
                raise
            return try_later(Unavailable("The database is away."))
        headers = {
            "Content-Disposition": f'attachment; filename="{self.name}.csv"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return StreamingResponse(
            _lines([self.headings, *first], batches), headers=headers, media_type="text/csv; charset=utf-8"
        )

    def _check(self, parameters: QueryParams) -> None:
        """Return where all parameters are known.

        Raises: InvalidInput.
        """
        if unknown := sorted(set(parameters) - self.known):
            raise InvalidInput(f"There is no parameter `{unknown[0]}`.", (unknown[0],))


def export_routes() -> list[BaseRoute]:
    """Where tables are."""
    return [Route(table.path, table.answer, methods=["GET"]) for table in _TABLES]


async def _lines(first: Sequence[Sequence[object]], rest: _Rows) -> AsyncIterator[str]:
    yield write_rows(first)
    async for rows in rest:
        yield write_rows(rows)


def _notifications(res: Resources, actor: Actor, parameters: QueryParams) -> _Rows:
    """Raises: InvalidInput, NotFound."""
    recipient = parameters.get("recipient")
    filter = NotificationFilter(
        _choices(parameters, "status", NotificationStatus),
        _choices(parameters, "channel", Channel),
        read_id(recipient, "Developer", "recipient") if recipient else None,
    )
    return export_notifications(res, actor, filter=filter, span=_range(parameters).resolve(res.clock.now()))


def _timeline(res: Resources, actor: Actor, parameters: QueryParams) -> _Rows:
    """Raises: InvalidInput."""
    severities = _choices(parameters, "severity", Severity)
    filter = StatsFilter(
        project=_names(parameters, "project"),
        service=_names(parameters, "service"),
        environment=_names(parameters, "environment"),
        severity=tuple(severities) if severities else None,
    )
    bucket, *_ = _choices(parameters, "bucket", Bucket) or [Bucket.HOUR]
    return export_timeline(res, actor, filter=filter, asked=_range(parameters), bucket=bucket)


def _workload(res: Resources, actor: Actor, _parameters: QueryParams) -> _Rows:
    return export_workload(res, actor)


_TABLES = (
    _Table(
        "notifications",
        frozenset({"since", "until", "status", "channel", "recipient"}),
        HEADINGS,
        _notifications,
    ),
    _Table(
        "stats",
        frozenset({"since", "until", "project", "service", "environment", "severity", "bucket"}),
        TIMELINE_HEADINGS,
        _timeline,
    ),
    _Table("workload", frozenset(), WORKLOAD_HEADINGS, _workload),
)


def _range(parameters: QueryParams) -> TimeRange:
    """The span that the parameters name.

    Raises: InvalidInput.
    """
    return TimeRange(_instant(parameters, "since"), _instant(parameters, "until"))


def _names(parameters: QueryParams, name: str) -> tuple[str, ...] | None:
    """The values of a parameter that may be given more than once; a name may hold a comma."""
    return tuple(parameters.getlist(name)) or None


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
