"""Asked before anybody watches, so that the first event is told as fast as those that come after it."""

from domain.access import system
from domain.feed import NOWHERE, START, Cursor, FeedKind
from resolvers.feed.rows import Row, Subjects
from resolvers.feed.subjects import load_subjects
from resolvers.issue.loaders import counters_by_issue_id
from resolvers.resources import Resources


async def warm_up(res: Resources) -> None:
    """Leave compiled what telling of a change asks of the database, by asking it of one that never was.

    SQLAlchemy compiles a statement when it is first asked, and keeps it for the process.

    Raises: one of `core.away.AWAY`.
    """
    never, subjects = Cursor("", res.clock.now().date(), START), Subjects()
    await load_subjects(res, [Row(never, NOWHERE, kind, NOWHERE, NOWHERE, {}, subjects) for kind in FeedKind])
    await counters_by_issue_id(res, system("feed"), [NOWHERE])
