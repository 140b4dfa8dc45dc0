"""Live streams: replay and live in one, so that nothing is lost or comes twice, and what came together stays so."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

from core.ids import made_at
from domain.access import Actor, Scope
from domain.alert import AlertStep
from domain.event import EventFilter
from domain.feed import NOWHERE, Cursor, FeedKind, StreamResetReason, read_cursor
from domain.issue import IssueFilter
from domain.stream import EventMatch, event_match
from models import Activity, Alert, Event, Issue, Notification
from resolvers.asked import asked_projects
from resolvers.feed.cohort import Place
from resolvers.feed.follower import Follower
from resolvers.feed.patience import patiently
from resolvers.feed.position import find_present
from resolvers.feed.replay import Gone
from resolvers.feed.rows import Row
from resolvers.feed.subjects import (
    alert_of,
    event_of,
    is_match,
    issue_of,
    item_of,
    load_items,
    load_matches,
    notification_of,
    step_of,
)
from resolvers.issue.filter import issue_conditions
from resolvers.resources import Resources

# Rights may change while a stream runs, so who watches is asked for again with all that comes.
Who: TypeAlias = Callable[[], Actor]


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """Nothing that matches lies before this cursor, but what was sent. `is_live`: the stream has caught up."""

    cursor: Cursor
    at: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class StreamReset:
    """What the cursor pointed to is gone; the stream goes on from here."""

    cursor: Cursor
    reason: StreamResetReason


@dataclass(frozen=True, slots=True)
class EventLogged:
    """An event was logged."""

    row: Row
    event: Event
    issue: Issue


@dataclass(frozen=True, slots=True)
class IssueChanged:
    """A step was taken on an issue."""

    row: Row
    issue: Issue
    step: Activity


@dataclass(frozen=True, slots=True)
class NotificationSent:
    """A notification was sent."""

    row: Row
    notification: Notification


@dataclass(frozen=True, slots=True)
class AlertChanged:
    """An alert took a step; `level` is where it stood after it, `alert` the alert as it is by now."""

    row: Row
    alert: Alert
    step: AlertStep
    level: int
    at: datetime


class Company(Protocol):
    """The others who watch the same.

    `start`: where to begin, for a stream of theirs. `returns_from`: where one stood who was told with them until now.
    """

    start: Cursor | None
    returns_from: Cursor | None

    def takes(self, cursor: Cursor) -> bool:
        """Whether who stands there, level with what happens, is told by others from now on: then the stream ends."""
        ...


EventItem: TypeAlias = EventLogged | StreamPosition | StreamReset
IssueItem: TypeAlias = IssueChanged | StreamPosition | StreamReset
AlertItem: TypeAlias = AlertChanged | StreamPosition | StreamReset
NotificationItem: TypeAlias = NotificationSent | StreamPosition | StreamReset
Item = TypeVar("Item")


async def stream_events(
    res: Resources,
    who: Who,
    *,
    filter: EventFilter | None = None,
    only_new_issues: bool = False,
    after: str | None = None,
    company: Company | None = None,
) -> AsyncGenerator[list[EventItem], None]:
    """A stream of the events that match: from now on, or from just after a cursor.

    Raises: PermissionDenied, InvalidInput.
    """
    who().require(Scope.READ)
    filter = filter or EventFilter()
    projects = await _projects(res, who(), filter.project)
    match = event_match(filter, projects=projects, only_new_issues=only_new_issues, now=res.clock.now())
    return await _begin(res, after, company, partial(_events, res, who, match))


async def stream_issue_changes(
    res: Resources,
    who: Who,
    *,
    filter: IssueFilter | None = None,
    after: str | None = None,
    company: Company | None = None,
) -> AsyncGenerator[list[IssueItem], None]:
    """A stream of the steps on issues that match when their turn comes: from now on, or from just after a cursor.

    Raises: PermissionDenied, InvalidInput.
    """
    who().require(Scope.READ)
    filter = filter or IssueFilter()
    issue_conditions(filter, res.clock.now())  # refuses a range that contradicts itself
    projects = await _projects(res, who(), filter.project)
    return await _begin(res, after, company, partial(_changes, res, who, filter, projects))


async def stream_alert_changes(
    res: Resources, who: Who, *, project: str | None = None, after: str | None = None, company: Company | None = None
) -> AsyncGenerator[list[AlertItem], None]:
    """A stream of the steps of alerts, perhaps only in one project: from now on, or from just after a cursor.

    Raises: PermissionDenied, InvalidInput.
    """
    who().require(Scope.READ)
    projects = await _projects(res, who(), None if project is None else [project])
    return await _begin(res, after, company, partial(_alert_changes, res, who, projects))


async def stream_notifications(
    res: Resources,
    who: Who,
    *,
    recipient_id: UUID | None = None,
    after: str | None = None,
    company: Company | None = None,
) -> AsyncGenerator[list[NotificationItem], None]:
    """A stream of the notifications that are sent, perhaps only to one developer: from now on, or from a cursor.

    Raises: PermissionDenied, InvalidInput.
    """
    who().require(Scope.READ)
    return await _begin(res, after, company, partial(_notifications, res, who, recipient_id))


def place_of(item: EventItem | IssueItem | AlertItem | NotificationItem) -> Place | None:
    """Where an item stands; none of a reset, which has no place in the order of what is told."""
    if isinstance(item, StreamReset):
        return None
    if isinstance(item, StreamPosition):
        return Place(item.cursor, is_row=False)
    return Place(item.row.cursor, is_row=True)


def may_see(actor: Actor, item: EventItem | IssueItem | AlertItem | NotificationItem) -> bool:
    """Whether what a stream tells is for this actor, whose rights may have changed since it was chosen."""
    if isinstance(item, StreamPosition | StreamReset):
        return True
    return _may_read(actor, item.row) if isinstance(item, NotificationSent) else actor.sees(item.row.project_id)


async def find_position(res: Resources, actor: Actor) -> Cursor:
    """Where the live streams stand: what is committed from now on comes after it.

    Raises: PermissionDenied, Unavailable.
    """
    actor.require(Scope.READ)
    return await find_present(res.db.raw, res.clock.now().date())


async def _projects(res: Resources, actor: Actor, slugs: Collection[str] | None) -> frozenset[UUID] | None:
    if slugs is None:
        return None

    async def find() -> frozenset[UUID]:
        async with res.db.reading() as session:
            return frozenset((await session.exec(asked_projects(actor, slugs))).all())

    return await patiently(find)  # who comes back from others must not be lost while PostgreSQL is away


async def _begin(
    res: Resources, after: str | None, company: Company | None, choose: Callable[[Sequence[Row]], Awaitable[list[Item]]]
) -> AsyncGenerator[list[Item | StreamPosition | StreamReset], None]:
    """The stream from just after the cursor, or from now on; the taker may empty its lists. Raises: InvalidInput."""
    if company is not None and company.returns_from is not None:
        return _stream(res, company.returns_from, choose, company, is_present=False, has_begun=True)
    start = company.start if company is not None else None
    is_present = after is None or start is not None
    if start is None:
        start = read_cursor(after) if after is not None else await patiently(partial(_present, res))
    return _stream(res, start, choose, company, is_present=is_present, has_begun=False)


async def _present(res: Resources) -> Cursor:
    return await find_present(res.db.raw, res.clock.now().date())


async def _stream(
    res: Resources,
    start: Cursor,
    choose: Callable[[Sequence[Row]], Awaitable[list[Item]]],
    company: Company | None,
    *,
    is_present: bool,
    has_begun: bool,
) -> AsyncGenerator[list[Item | StreamPosition | StreamReset], None]:
    """Say where the stream stands, then what `choose` makes of the rows, and again where it stands, after a silence.

    It says so too when a replay has caught up. Where the start is gone, that is said before all else. What has begun
    says no more where it begins. It ends once company takes who watches.
    """
    follower = Follower(res, start, is_present=is_present)
    silence = res.silences.begin(follower.nudge)
    try:
        items: list[Item | StreamPosition | StreamReset] = [] if is_present else await _turn(follower, choose)
        is_live = has_begun or (follower.is_live and not items)
        # A start that is gone is no position: the reset comes first, or who breaks off there never hears of it.
        if not has_begun and not any(isinstance(item, StreamReset) for item in items[:1]):
            yield [StreamPosition(start if items else follower.cursor, res.clock.now(), is_live)]
        while True:
            if items:
                yield items
                items = []  # rows hold much, and the next may be long in coming
                silence.broken()
            if silence.is_long or (follower.is_live and not is_live):
                yield [StreamPosition(follower.cursor, res.clock.now(), follower.is_live)]
                silence.broken()
            is_live = follower.is_live
            if company is not None and follower.is_level and company.takes(follower.cursor):
                return
            items = await _turn(follower, choose)
    finally:
        follower.close()
        silence.close()


async def _turn(
    follower: Follower, choose: Callable[[Sequence[Row]], Awaitable[list[Item]]]
) -> list[Item | StreamPosition | StreamReset]:
    try:
        rows = await follower.take()
    except Gone as gone:
        return [StreamReset(follower.cursor, gone.reason)]
    return [*(await choose(rows))]


async def _events(res: Resources, who: Who, match: EventMatch, rows: Sequence[Row]) -> list[EventLogged | StreamReset]:
    actor = who()
    chosen = [
        row
        for row in rows
        if row.kind is FeedKind.EVENT_LOGGED
        and actor.sees(row.project_id)
        and match.lets_through(
            row.facts, project_id=row.project_id, issue_id=row.issue_id, received_at=made_at(row.subject_id)
        )
    ]
    return await _items(res, chosen, EventLogged, _event_item)


async def _changes(
    res: Resources, who: Who, filter: IssueFilter, projects: frozenset[UUID] | None, rows: Sequence[Row]
) -> list[IssueChanged | StreamReset]:
    actor = who()
    chosen = [
        row
        for row in rows
        if row.kind is FeedKind.ISSUE_CHANGED
        and actor.sees(row.project_id)
        and (projects is None or row.project_id in projects)
    ]
    if filter != IssueFilter(project=filter.project):
        await patiently(lambda: load_matches(res, chosen, filter))
        chosen = [row for row in chosen if is_match(row, filter)]
    return await _items(res, chosen, IssueChanged, _change_item)


async def _alert_changes(
    res: Resources, who: Who, projects: frozenset[UUID] | None, rows: Sequence[Row]
) -> list[AlertChanged | StreamReset]:
    actor = who()
    chosen = [
        row
        for row in rows
        if row.kind is FeedKind.ALERT_CHANGED
        and actor.sees(row.project_id)
        and (projects is None or row.project_id in projects)
    ]
    return await _items(res, chosen, AlertChanged, _alert_item)


async def _notifications(
    res: Resources, who: Who, recipient_id: UUID | None, rows: Sequence[Row]
) -> list[NotificationSent | StreamReset]:
    actor = who()
    chosen = [
        row
        for row in rows
        if row.kind is FeedKind.NOTIFICATION_SENT
        and _may_read(actor, row)
        and recipient_id in (None, _recipient_of(row))
    ]
    return await _items(res, chosen, NotificationSent, _notification_item)


def _may_read(actor: Actor, row: Row) -> bool:
    """As `resolvers/notification/sight.py` has it."""
    if row.project_id == NOWHERE and actor.developer_id is not None and actor.developer_id == _recipient_of(row):
        return True
    return actor.sees(row.project_id)


def _recipient_of(row: Row) -> UUID | None:
    id = row.facts["recipientId"]
    return UUID(id) if id else None


async def _items(
    res: Resources, rows: Sequence[Row], kind: Hashable, make: Callable[[Row], Item | None]
) -> list[Item | StreamReset]:
    """The item of each row, made once for all who watch; where what rows told of is no longer kept it is said."""
    if rows:
        await patiently(lambda: load_items(res, rows, kind, make))
    return list(_without_gaps((row, item_of(row, kind)) for row in rows))


def _event_item(row: Row) -> EventLogged | None:
    event, issue = event_of(row), issue_of(row)
    return None if event is None or issue is None else EventLogged(row.alone(), event, issue)


def _change_item(row: Row) -> IssueChanged | None:
    issue, step = issue_of(row), step_of(row)
    return None if issue is None or step is None else IssueChanged(row.alone(), issue, step)


def _notification_item(row: Row) -> NotificationSent | None:
    notification = notification_of(row)
    return None if notification is None else NotificationSent(row.alone(), notification)


def _alert_item(row: Row) -> AlertChanged | None:
    alert, facts = alert_of(row), row.facts
    if alert is None:
        return None
    return AlertChanged(
        row.alone(), alert, AlertStep(facts["step"]), facts["level"], datetime.fromisoformat(facts["at"])
    )


def _without_gaps(items: Iterable[tuple[Row, Item | None]]) -> Iterator[Item | StreamReset]:
    """The items; where what rows told of is no longer kept it is said, once for all that are neighbours."""
    gap = False
    for row, item in items:
        if item is not None:
            yield item
        elif not gap:
            yield StreamReset(row.cursor, StreamResetReason.EXPIRED)
        gap = item is None
