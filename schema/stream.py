"""Live streams, and the position from which to watch on."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from datetime import datetime
from typing import Annotated, Any, Protocol, Self, TypeAlias

import strawberry
from strawberry.extensions import SchemaExtension

from domain import feed
from domain.alert import AlertStep
from domain.feed import StreamResetReason
from resolvers import stream
from resolvers.feed.rows import Row
from schema.activity import Activity
from schema.alert import Alert
from schema.company import Company
from schema.context import Context, Info
from schema.event import Event
from schema.filter import EventFilter, IssueFilter
from schema.issue import Issue
from schema.node import ID, read_id
from schema.notification import Notification
from schema.scalars import Cursor
from schema.sharing import Results, SharedItem, shown_straight

_POSITION_FIELD = "streamPosition"


class Told(Protocol):
    """What a stream makes of a row of the feed."""

    @property
    def row(self) -> Row:
        """The row."""
        ...


@strawberry.type
class RowItem(SharedItem):
    """What a row of the feed tells."""

    item: strawberry.Private[Told]

    @property
    def results(self) -> Results:
        """What all who watch keep with the row."""
        return self.item.row.results

    @strawberry.field(description="Pass it as `after` to go on just after this.")
    def cursor(self) -> Cursor:
        """Where the stream stands after this."""
        return Cursor(self.item.row.cursor.encode())


@strawberry.type(description="An event was logged.")
class ErrorLogged(RowItem):
    """An event was logged."""

    item: strawberry.Private[stream.EventLogged]

    @strawberry.field(description="The event.")
    def event(self) -> Event:
        """The event."""
        return Event.from_row(self.item.event)

    @strawberry.field(description="The issue that it belongs to, as it is by now.")
    def issue(self) -> Issue:
        """The issue that it belongs to."""
        return Issue.from_row(self.item.issue)

    @strawberry.field(description="Whether it was the first of its issue.")
    def is_new(self) -> bool:
        """Whether it was the first of its issue."""
        return bool(self.item.row.facts["isNew"])

    @strawberry.field(description="Whether it brought back an issue that was resolved.")
    def is_regression(self) -> bool:
        """Whether it brought back an issue that was resolved."""
        return bool(self.item.row.facts["isRegression"])


@strawberry.type(description="A step of triage was taken on an issue.")
class IssueChanged(RowItem):
    """A step of triage was taken on an issue."""

    item: strawberry.Private[stream.IssueChanged]

    @strawberry.field(description="The issue, as it is by now: of two views keep the one with the higher `version`.")
    def issue(self) -> Issue:
        """The issue, as it is by now."""
        return Issue.from_row(self.item.issue)

    @strawberry.field(description="The step, and who took it.")
    def activity(self) -> Activity:
        """The step, and who took it."""
        return Activity.from_row(self.item.step)


@strawberry.type(description="An alert took a step.")
class AlertChanged(RowItem):
    """An alert took a step."""

    item: strawberry.Private[stream.AlertChanged]

    @strawberry.field(description="The step.")
    def step(self) -> AlertStep:
        """The step."""
        return self.item.step

    @strawberry.field(description="The level on which the alert was after this step.")
    def level(self) -> int:
        """The level on which the alert was after this step."""
        return self.item.level

    @strawberry.field(description="When it took the step.")
    def at(self) -> datetime:
        """When it took the step."""
        return self.item.at

    @strawberry.field(description="The alert, as it is by now, and not as it was at that step.")
    def alert(self) -> Alert:
        """The alert, as it is by now."""
        return Alert.from_row(self.item.alert)


@strawberry.type(description="A notification was sent: a server took it, or it is on somebody's dashboard.")
class NotificationSent(RowItem):
    """A notification was sent."""

    item: strawberry.Private[stream.NotificationSent]

    @strawberry.field(description="The notification, as it is by now.")
    def notification(self) -> Notification:
        """The notification."""
        return Notification.from_row(self.item.notification)


@strawberry.type(
    description="Sent first (unless `after` is gone: then a `StreamReset` is), and every 30 s when nothing else is; "
    "and when a stream that began in the past has caught up. Nothing that matches lies before this cursor, but what "
    "was sent."
)
class StreamPosition:
    """Where the stream stands."""

    cursor: Cursor = strawberry.field(description="Pass it as `after` to go on from here.")
    at: datetime = strawberry.field(description="When it was said.")
    is_live: bool = strawberry.field(description="Whether the stream has caught up with what happens now.")

    @classmethod
    def from_item(cls, item: stream.StreamPosition) -> Self:
        """The position that a stream said."""
        return cls(cursor=Cursor(item.cursor.encode()), at=item.at, is_live=item.is_live)


@strawberry.type(
    description="What `after` pointed to is gone; the stream goes on from here. Ask the queries for the rest."
)
class StreamReset:
    """What `after` pointed to is gone."""

    cursor: Cursor = strawberry.field(description="Pass it as `after` to go on from here.")
    reason: StreamResetReason = strawberry.field(description="Why it is gone.")

    @classmethod
    def from_item(cls, item: stream.StreamReset) -> Self:
        """The reset that a stream said."""
        return cls(cursor=Cursor(item.cursor.encode()), reason=item.reason)


ErrorStreamItem = Annotated[
    ErrorLogged | StreamPosition | StreamReset,
    strawberry.union("ErrorStreamItem", description="What the stream of events brings."),
]
IssueStreamItem = Annotated[
    IssueChanged | StreamPosition | StreamReset,
    strawberry.union("IssueStreamItem", description="What the stream of changes brings."),
]
AlertStreamItem = Annotated[
    AlertChanged | StreamPosition | StreamReset,
    strawberry.union("AlertStreamItem", description="What the stream of alerts brings."),
]
NotificationStreamItem = Annotated[
    NotificationSent | StreamPosition | StreamReset,
    strawberry.union("NotificationStreamItem", description="What the stream of notifications brings."),
]
After: TypeAlias = Annotated[
    Cursor | None,
    strawberry.argument(
        description="Go on just after this cursor, with nothing lost and nothing twice. Left out: now."
    ),
]


@strawberry.type
class StreamQuery:
    """Questions about the live streams."""

    @strawberry.field(
        description="Where the live streams stand, read before all else in this request: subscribe from here and miss "
        "nothing of what the other fields do not show yet."
    )
    async def stream_position(self, info: Info) -> Cursor | None:
        """Where the live streams stand."""
        position = info.context.position or _read_position(info.context)
        return Cursor((await position).encode())


@strawberry.type
class StreamSubscription:
    """The live streams."""

    @strawberry.subscription(
        description="Each event that matches, from now on; or from just after `after`, with nothing lost and nothing "
        "twice."
    )
    async def error_logged(
        self,
        info: Info,
        filter: Annotated[EventFilter | None, strawberry.argument(description="Which ones; left out, all.")] = None,
        only_new_issues: Annotated[
            bool, strawberry.argument(description="Only the first event of each issue.")
        ] = False,
        after: After = None,
    ) -> AsyncGenerator[ErrorStreamItem, None]:
        """Each event that matches."""
        chosen = filter.to_domain() if filter else None
        turns = await stream.stream_events(
            info.context.resources,
            lambda: info.context.actor,
            filter=chosen,
            only_new_issues=bool(only_new_issues),
            after=after,
            company=Company(info, (chosen, bool(only_new_issues))),
        )
        return shown_straight(info, turns, _show, stream.place_of, stream.may_see)

    @strawberry.subscription(description="Each step of triage on the issues that match when it is told.")
    async def issue_changed(
        self,
        info: Info,
        filter: Annotated[IssueFilter | None, strawberry.argument(description="Which ones; left out, all.")] = None,
        after: After = None,
    ) -> AsyncGenerator[IssueStreamItem, None]:
        """Each step of triage on the issues that match."""
        chosen = filter.to_domain() if filter else None
        turns = await stream.stream_issue_changes(
            info.context.resources,
            lambda: info.context.actor,
            filter=chosen,
            after=after,
            company=Company(info, chosen),
        )
        return shown_straight(info, turns, _show, stream.place_of, stream.may_see)

    @strawberry.subscription(
        description="Each step of an alert, in the order in which it took them: from now on, or from just after "
        "`after`, with nothing lost and nothing twice."
    )
    async def alert_changed(
        self,
        info: Info,
        project: Annotated[
            str | None, strawberry.argument(description="The slug of a project; left out, all that you may see.")
        ] = None,
        after: After = None,
    ) -> AsyncGenerator[AlertStreamItem, None]:
        """Each step of an alert."""
        turns = await stream.stream_alert_changes(
            info.context.resources,
            lambda: info.context.actor,
            project=project,
            after=after,
            company=Company(info, project),
        )
        return shown_straight(info, turns, _show, stream.place_of, stream.may_see)

    @strawberry.subscription(
        description="Each notification that is sent, of the projects that you may see, and to you about none; those on "
        "dashboards too."
    )
    async def notification_sent(
        self,
        info: Info,
        recipient: Annotated[
            ID | None, strawberry.argument(description="Only those to this developer; left out, to all.")
        ] = None,
        after: After = None,
    ) -> AsyncGenerator[NotificationStreamItem, None]:
        """Each notification that is sent."""
        recipient_id = read_id(recipient, "Developer", "recipient") if recipient is not None else None
        turns = await stream.stream_notifications(
            info.context.resources,
            lambda: info.context.actor,
            recipient_id=recipient_id,
            after=after,
            # To whom a row is shown may depend on who asks.
            company=Company(info, (recipient_id, info.context.actor.developer_id)),
        )
        return shown_straight(info, turns, _show, stream.place_of, stream.may_see)


class PositionFirst(SchemaExtension):
    """Reads the streams' position before any field reads, where it is asked for.

    Fields run side by side, each in a snapshot of its own; so the position must be older than all of them.
    """

    async def on_execute(self) -> AsyncIterator[None]:
        """Read the position, if the document mentions it; the field tells what went wrong."""
        if _POSITION_FIELD in (self.execution_context.query or ""):
            context: Context = self.execution_context.context
            context.position = _read_position(context)
            await asyncio.wait([context.position])
            context.position.exception()  # heard, even if no field asks
        yield


def _read_position(context: Context) -> "asyncio.Task[feed.Cursor]":
    return asyncio.create_task(stream.find_position(context.resources, context.actor))


_SHOWN: dict[type, Callable[[Any], Any]] = {
    stream.EventLogged: lambda item: ErrorLogged(item=item),
    stream.IssueChanged: lambda item: IssueChanged(item=item),
    stream.AlertChanged: lambda item: AlertChanged(item=item),
    stream.NotificationSent: lambda item: NotificationSent(item=item),
    stream.StreamPosition: StreamPosition.from_item,
    stream.StreamReset: StreamReset.from_item,
}


def _show(item: Any) -> Any:
    """An item of a stream as the contract has it."""
    return _SHOWN[type(item)](item)
