"""Reading the feed: the rows after a cursor that may be read by now, in their one order.

The order is (transaction id, row id). It is not the order of the commits: a transaction that began to write earlier
may commit later. So a row may be read only once no older transaction is still writing, that is, once its
transaction id is below the snapshot's `xmin`; then every row before it is visible too, and nothing can come in
between any more. One statement is one snapshot, so the rows, `xmin` and the epoch belong together.

A cursor always stands on a row that may be read, never on `xmin` itself: transaction ids that came to nothing just
before a crash of PostgreSQL are given out again after it, and rows that get them must not lie before a cursor. All
that is not yet visible has an id of `xmin` or higher, so it comes after. What is visible already and has such an id
comes after too: a reader who starts at the present, or a client who asks for `streamPosition` and then lists issues,
may get some rows that were committed just before, and never misses one. Within one stream no row comes twice, since
its position only grows.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from core.shelf import Shelf
from domain.feed import Cursor, FeedKind, Position
from domain.issue import IssueFilter
from models import Activity, Alert, Event, Issue, Notification

MOST_ROWS = 256
_DAY = timedelta(days=1)

# A row's day is that of the clock of the process that wrote it, so it may lag a little behind: one day is read more.
_AFTER = """
SELECT present.epoch, f.day, f.id, f.xid, f.project_id, f.kind, f.issue_id, f.subject_id, f.facts,
       EXISTS (SELECT FROM feed WHERE day >= $1 AND xid >= present.xmin) AS is_held_up
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin, (SELECT epoch FROM feed_epoch) AS epoch) AS present
  LEFT JOIN LATERAL (
       SELECT day, id, xid, project_id, kind, issue_id, subject_id, facts FROM feed
        WHERE day >= $1 AND (xid, id) > ($2, $3) AND xid < present.xmin
        ORDER BY xid, id LIMIT $4) AS f ON true
 ORDER BY f.xid, f.id
"""


class Fetching(Protocol):
    """A raw connection, or a pool of them."""

    async def fetch(self, query: str, *args: object) -> list[Any]:
        """The rows of a statement."""
        ...


@dataclass(slots=True, eq=False)
class Subjects:
    """What rows that were read together are about, loaded once for all who want it; none where it has gone."""

    events: Shelf[tuple[UUID, UUID], Event | None] = field(default_factory=Shelf)
    steps: Shelf[UUID, Activity | None] = field(default_factory=Shelf)
    issues: Shelf[UUID, Issue | None] = field(default_factory=Shelf)
    notifications: Shelf[UUID, Notification | None] = field(default_factory=Shelf)
    alerts: Shelf[UUID, Alert | None] = field(default_factory=Shelf)
    matches: Shelf[tuple[IssueFilter, UUID], bool] = field(default_factory=Shelf)
    items: Shelf[tuple[Hashable, int], Any] = field(default_factory=Shelf)


_NOTHING = Subjects()


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One change, as its readers get it.

    `subject_id` is the event, the step of the timeline, the notification or the alert.
    All who watch in a process share a row, so what one of them makes of it is kept for the others in `results`.
    """

    cursor: Cursor
    project_id: UUID
    kind: FeedKind
    issue_id: UUID
    subject_id: UUID
    facts: dict[str, Any]
    subjects: Subjects
    results: dict[Hashable, Any] = field(default_factory=dict)

    def alone(self) -> "Row":
        """The same row without what it is about, for what is kept there: it must not lead back, or it makes a circle.

        A circle stays until the garbage collector finds it, and it comes seldom; and who has one item in hand would
        hold all that was read together with it.
        """
        return replace(self, subjects=_NOTHING)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows in order, and where the reader stands after them.

    `is_full`: there may be more at once. `is_held_up`: there are some that an older transaction holds up.
    """

    rows: Sequence[Row]
    cursor: Cursor
    is_full: bool
    is_held_up: bool


async def read_rows(database: Fetching, after: Cursor, today: date) -> Batch:
    """The rows after the cursor that may be read, at most `MOST_ROWS`; `cursor.epoch` is the epoch of the feed.

    Raises: OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError.
    """
    position = after.position
    found = await database.fetch(_AFTER, after.day - _DAY, position.xid, position.id, MOST_ROWS)
    first = found[0]
    subjects = Subjects()
    rows = [_row(record, subjects) for record in found if record["id"] is not None]
    is_full = len(rows) == MOST_ROWS
    stands = rows[-1].cursor.position if rows else position
    present = Cursor(first["epoch"], today, stands)
    return Batch(rows, rows[-1].cursor if is_full else present, is_full, first["is_held_up"])


def _row(record: Any, subjects: Subjects) -> Row:
    return Row(
        cursor=Cursor(record["epoch"], record["day"], Position(record["xid"], record["id"])),
        project_id=record["project_id"],
        kind=FeedKind(record["kind"]),
        issue_id=record["issue_id"],
        subject_id=record["subject_id"],
        facts=record["facts"],
        subjects=subjects,
    )
