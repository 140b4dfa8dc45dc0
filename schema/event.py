"""How an event looks from outside."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Self

import strawberry
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

import models
from domain.event import EventFilter as AskedEvents
from domain.event import Severity
from domain.page import PageRequest, page_request
from domain.report import IngestSource
from resolvers.event.list import count_events, find_event, list_events
from resolvers.event.loaders import EventRef, Payload
from resolvers.pages import PageKey
from schema.circumstances import Breadcrumb, RequestInfo, ResponseInfo, SdkInfo, Tag, UserInfo
from schema.connection import (
    After,
    Before,
    Connection,
    CountedConnection,
    First,
    Last,
    Size,
    connection,
    counted_connection,
)
from schema.context import Info
from schema.feedback import Feedback
from schema.filter import EventFilter
from schema.grouping import GroupingExplanation
from schema.lists import LOADED
from schema.node import ID, Node, present, read_id
from schema.project import Project
from schema.stack import ExceptionInfo

# The fields of an event of what it holds besides its columns.
HELD: set[str] = set()


def _held(kind: Any, description: str, name: str, read: Callable[[Any], Any] | None = None) -> Any:
    """A field of what an event holds besides its columns, which is loaded when one of these is selected."""
    HELD.add(to_camel_case(name))

    async def resolve(self: "Event", info: Info) -> Any:
        value = (await self.payload(info)).get(name)
        return value if value is None or read is None else read(value)

    return strawberry.field(resolver=resolve, graphql_type=kind, description=description, metadata=LOADED)


def _held_list(kind: Any, description: str, name: str, read: Callable[[Any], Any]) -> Any:
    HELD.add(to_camel_case(name))

    async def resolve(self: "Event", info: Info) -> list[Any]:
        return [read(value) for value in (await self.payload(info)).get(name, ())]

    return strawberry.field(resolver=resolve, graphql_type=list[kind], description=description, metadata=LOADED)


@strawberry.type(description="One report of an error, immutable.")
class Event(Node):
    """One report of an error, immutable."""

    project_id: strawberry.Private[Any]
    grouping_key_id: strawberry.Private[Any]
    held: strawberry.Private[Payload | None] = None

    event_id: ID = strawberry.field(description="The reporter's own id, or the one given at the door.")
    service: str = strawberry.field(description="What reported.")
    environment: str = strawberry.field(description="Where it runs, as in `production`.")
    release: str | None = strawberry.field(description="Which version of it runs.")
    severity: Severity = strawberry.field(description="How bad it is.")
    error_type: str = strawberry.field(description="The class or kind of the error.")
    error_code: str | None = strawberry.field(description="The application's own code of it.")
    message: str = strawberry.field(description="What it said.")
    culprit: str | None = strawberry.field(description="Where it happened, in a few words.")
    source: IngestSource = strawberry.field(description="The dialect in which it came.")
    ingest_notes: list[str] = strawberry.field(description="What had to be mended or dropped to accept it.")
    occurred_at: datetime = strawberry.field(description="When it happened, by the reporter's clock.")
    received_at: datetime = strawberry.field(description="When it came in.")

    dist: str | None = _held(str | None, "The build of that release, where several differ.", "dist")
    exceptions: list[ExceptionInfo] = _held_list(
        ExceptionInfo,
        "Oldest cause first, the one thrown last; frames oldest first.",
        "exceptions",
        ExceptionInfo.from_stored,
    )
    raw_stack_trace: str | None = _held(
        str | None,
        "The stack trace as it was sent in text, or its frames as they were before source maps.",
        "raw_stack_trace",
    )
    module: str | None = _held(str | None, "The module where it happened.", "module")
    function: str | None = _held(str | None, "The function where it happened.", "function")
    line: int | None = _held(int | None, "The line where it happened.", "line")
    endpoint: str | None = _held(str | None, "What was called, as in `POST /orders`.", "endpoint")
    request: RequestInfo | None = _held(
        RequestInfo | None, "The request during which it happened.", "request", RequestInfo.from_stored
    )
    response: ResponseInfo | None = _held(
        ResponseInfo | None, "The answer that was sent or received.", "response", ResponseInfo.from_stored
    )
    user: UserInfo | None = _held(UserInfo | None, "To whom it happened.", "user", UserInfo.from_stored)
    session_id: str | None = _held(str | None, "The session in which it happened.", "session_id")
    server_name: str | None = _held(str | None, "The machine on which it happened.", "server_name")
    trace_id: str | None = _held(str | None, "The distributed trace that it belongs to.", "trace_id")
    span_id: str | None = _held(str | None, "The span of that trace.", "span_id")
    tags: list[Tag] = _held_list(
        Tag, "Labels that the reporter chose.", "tags", lambda pair: Tag(key=pair[0], value=pair[1])
    )
    breadcrumbs: list[Breadcrumb] = _held_list(
        Breadcrumb, "What went before, oldest first.", "breadcrumbs", Breadcrumb.from_stored
    )
    contexts: JSON | None = _held(JSON | None, "What else the reporter had to say, with secrets redacted.", "contexts")
    sdk: SdkInfo | None = _held(SdkInfo | None, "The library that reported.", "sdk", SdkInfo.from_stored)

    @strawberry.field(description="The issue that it belongs to now.", metadata=LOADED)
    async def issue(self, info: Info) -> Annotated["Issue", strawberry.lazy("schema.issue")]:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The issue that its grouping key leads to now."""
        row = await info.context.loaders.issue_by_key_id.load(self.grouping_key_id)
        return Node.of("Issue", present(row))

    @strawberry.field(
        description="Why it landed in its issue: the key that it came by, and each part that might count.",
        metadata=LOADED,
    )
    async def grouping(self, info: Info) -> GroupingExplanation:
        """Why it landed in its issue."""
        ref = EventRef(self.project_id, self.uuid)
        return GroupingExplanation.from_explanation(
            present(await info.context.loaders.explanation_by_event_ref.load(ref))
        )

    @strawberry.field(description="The project that it was logged to.", metadata=LOADED)
    async def project(self, info: Info) -> Project:
        """The project that it was logged to."""
        row = await info.context.loaders.project_by_id.load(self.project_id)
        return Project.from_row(present(row))

    @strawberry.field(description="What people said of it, newest first.", metadata=LOADED)
    async def feedback(self, info: Info, first: Size = 25, after: After = None) -> Connection[Feedback]:
        """What people said of it."""
        key = PageKey(self.uuid, page_request(first, after))
        return connection(await info.context.loaders.feedback_page_by_event.load(key), Feedback.from_row)

    async def payload(self, info: Info) -> Payload:
        """What it holds besides its columns."""
        if self.held is not None:
            return self.held
        return await info.context.loaders.payload_by_event_ref.load(EventRef(self.project_id, self.uuid))

    @classmethod
    def from_row(cls, row: models.Event) -> Self:
        """The event of a row, which may have been read without its payload."""
        return cls(
            uuid=row.id,
            project_id=row.project_id,
            grouping_key_id=row.grouping_key_id,
            held=vars(row).get("payload"),
            event_id=ID(row.event_id),
            service=row.service,
            environment=row.environment,
            release=row.release,
            severity=row.severity,
            error_type=row.error_type,
            error_code=row.error_code,
            message=row.message,
            culprit=row.culprit,
            source=row.source,
            ingest_notes=row.ingest_notes,
            occurred_at=row.occurred_at,
            received_at=row.received_at,
        )


@strawberry.input(description="The name that the reporter, or the door, gave an event.")
class EventIdIn:
    """The name that the reporter, or the door, gave an event."""

    project: str | None = strawberry.field(
        default=None, description="Slug of the project; left out, all that you may see are searched."
    )
    event_id: ID = strawberry.field(description="The id: a UUID in any of its spellings, or any other text as it is.")


@strawberry.input(one_of=True, description="One way to name an event.")
class EventBy:
    """One way to name an event."""

    id: ID | None = strawberry.field(default=strawberry.UNSET, description="The global id.")
    event_id: EventIdIn | None = strawberry.field(
        default=strawberry.UNSET,
        description="`eventId`, unique in a project. The reporter's own is known for three days, the door's for good.",
    )


@strawberry.type
class EventQuery:
    """Questions about events."""

    @strawberry.field(description="The event of that name; null where you see none.")
    async def event(
        self, info: Info, by: Annotated[EventBy, strawberry.argument(description="Which one.")]
    ) -> Event | None:
        """The event of that name."""
        if by.id:
            row = await info.context.loaders.event_by_id.load(read_id(by.id, "Event", "by", "id"))
        else:
            assert by.event_id
            name = by.event_id
            row = await find_event(
                info.context.resources, info.context.actor, event_id=name.event_id, project=name.project
            )
        return Event.from_row(row) if row else None

    @strawberry.field(
        description="The events that pass the filter and the search, newest first. A search looks at 20,000 events a"
        " page: where these do not fill it, `hasNextPage` and `endCursor` lead on behind them, and `totalCount` is of"
        " the newest 20,000."
    )
    async def events(
        self,
        info: Info,
        *,
        filter: Annotated[EventFilter | None, strawberry.argument(description="Which ones; left out, all.")] = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Which of them, in words: free text and key:value terms, as in"
                " `timeout service:checkout severity:>=high last:24h`. Text is looked for in type, culprit, message and"
                " the frames of the stack."
            ),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CountedConnection[Event] | None:
        """The events that pass the filter and the search."""
        page = page_request(first, after, last, before)
        return await event_connection(info, filter.to_domain() if filter else None, page, search)


async def event_connection(
    info: Info, filter: AskedEvents | None, page: PageRequest, search: str | None = None
) -> CountedConnection[Event]:
    """A page of the events that pass the filter and the search."""
    res, actor = info.context.resources, info.context.actor
    rows = await list_events(res, actor, filter=filter, search=search, page=page)
    return counted_connection(rows, Event.from_row, lambda: count_events(res, actor, filter=filter, search=search))
