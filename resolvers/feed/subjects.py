"""What rows are about, their events, steps and so on: loaded once in a process for rows that were read together."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, select

from domain.access import system
from domain.feed import FeedKind
from domain.issue import IssueFilter
from models import Activity, Alert, Event, Issue, IssueCounter, Notification
from resolvers.activity import activities_by_id
from resolvers.alert import alerts_by_id
from resolvers.event.loaders import EventRef, events_by_ref
from resolvers.feed.rows import Row, Subjects
from resolvers.issue.filter import issue_conditions
from resolvers.issue.loaders import issues_by_id
from resolvers.notification.listing import notifications_by_id
from resolvers.resources import Resources

Item = TypeVar("Item")
# All who watch share what is loaded, so it is loaded for nobody in particular: who may see a row is asked before.
_NOBODY = system("feed")


async def load_subjects(res: Resources, rows: Sequence[Row]) -> None:
    """Leave ready what each row is about, and the issue of events and steps, for `issue_of`, `event_of` and so on."""
    for subjects, together in _read_together(rows):
        logged = [row for row in together if row.kind is FeedKind.EVENT_LOGGED]
        changed = [row for row in together if row.kind is FeedKind.ISSUE_CHANGED]
        await subjects.events.stock([_key(row) for row in logged], partial(_events, res))
        await subjects.steps.stock([row.subject_id for row in changed], partial(activities_by_id, res, _NOBODY))
        sent = [row.subject_id for row in together if row.kind is FeedKind.NOTIFICATION_SENT]
        await subjects.notifications.stock(sent, partial(notifications_by_id, res, _NOBODY))
        alerts = [row.subject_id for row in together if row.kind is FeedKind.ALERT_CHANGED]
        await subjects.alerts.stock(alerts, partial(alerts_by_id, res, _NOBODY))
        of_issues = [row.issue_id for row in (*logged, *changed)]
        await subjects.issues.stock(of_issues, partial(issues_by_id, res, _NOBODY))


async def load_items(res: Resources, rows: Sequence[Row], kind: Hashable, make: Callable[[Row], Item | None]) -> None:
    """Leave ready, for `item_of`, what `make` makes of each row once its subjects are there: once for all who watch."""
    for subjects, together in _read_together(rows):
        by_key = {_item_key(kind, row): row for row in together}
        await subjects.items.stock(list(by_key), partial(_make_items, res, by_key, make))


def item_of(row: Row, kind: Hashable) -> Any:
    """What was made of a row; none where what it tells of has gone."""
    return row.subjects.items[_item_key(kind, row)]


async def load_matches(res: Resources, rows: Sequence[Row], filter: IssueFilter) -> None:
    """Leave it decided, for `is_match`, which rows' issues pass the filter now."""

    async def decide(pairs: Sequence[tuple[IssueFilter, UUID]]) -> list[bool]:
        passing = await _passing(res, filter, [issue_id for _, issue_id in pairs])
        return [issue_id in passing for _, issue_id in pairs]

    for subjects, together in _read_together(rows):
        await subjects.matches.stock([(filter, row.issue_id) for row in together], decide)


def issue_of(row: Row) -> Issue | None:
    """The issue of a row whose subjects were loaded; none where it has gone."""
    return row.subjects.issues[row.issue_id]


def event_of(row: Row) -> Event | None:
    """The event that a row tells of; none where it has gone."""
    return row.subjects.events[_key(row)]


def step_of(row: Row) -> Activity | None:
    """The step of the timeline that a row tells of; none where it has gone."""
    return row.subjects.steps[row.subject_id]


def notification_of(row: Row) -> Notification | None:
    """The notification that a row tells of; none where it has gone."""
    return row.subjects.notifications[row.subject_id]


def alert_of(row: Row) -> Alert | None:
    """The alert that a row tells of; none where it has gone."""
    return row.subjects.alerts[row.subject_id]


def is_match(row: Row, filter: IssueFilter) -> bool:
    """Whether the issue of a row passed the filter when that was decided."""
    return row.subjects.matches[filter, row.issue_id]


def _item_key(kind: Hashable, row: Row) -> tuple[Hashable, int]:
    return kind, row.cursor.position.id


async def _make_items(
    res: Resources,
    rows: Mapping[tuple[Hashable, int], Row],
    make: Callable[[Row], Item | None],
    keys: Sequence[tuple[Hashable, int]],
) -> list[Item | None]:
    wanted = [rows[key] for key in keys]
    await load_subjects(res, wanted)
    return [make(row) for row in wanted]


def _key(row: Row) -> tuple[UUID, UUID]:
    return row.project_id, row.subject_id


async def _events(res: Resources, keys: Sequence[tuple[UUID, UUID]]) -> list[Event | None]:
    return await events_by_ref(res, _NOBODY, [EventRef(*key) for key in keys])


def _read_together(rows: Iterable[Row]) -> Iterator[tuple[Subjects, list[Row]]]:
    """Rows come in the order in which they were read, so those that were read together are neighbours."""
    for _, together in groupby(rows, key=lambda row: id(row.subjects)):
        neighbours = list(together)
        yield neighbours[0].subjects, neighbours


async def _passing(res: Resources, filter: IssueFilter, ids: Sequence[UUID]) -> set[UUID]:
    query = (
        select(Issue.id)
        .join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
        .where(col(Issue.id).in_(ids), *issue_conditions(filter, res.clock.now()))
    )
    async with res.db.reading() as session:
        return set((await session.exec(query)).all())
