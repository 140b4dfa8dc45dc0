"""Why events land in an issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy
from sqlmodel import col

from domain.access import Actor, Scope
from domain.grouping import GroupingComponent, explain
from models import Event, IssueCounter
from resolvers.event.report import stored_report
from resolvers.issue.loaders import keys_by_issue_id
from resolvers.resources import Resources
from resolvers.sight import in_sight


@dataclass(frozen=True, slots=True)
class Explanation:
    """The grouping keys that lead to an issue, in hex, and what the newest event has that might count for them.

    There are no components once that event is older than events are kept.
    """

    version: int
    keys: list[str]
    components: tuple[GroupingComponent, ...]


async def explanations_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Explanation | None]:
    """Why events land in each issue, none where it is out of sight.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    keys = await keys_by_issue_id(res, actor, ids)
    events = await _newest_events(res, actor, ids)
    return [
        Explanation(
            version=max(key.version for key in owned),
            keys=[key.hash.hex() for key in owned],
            components=explain(stored_report(events[id])) if id in events else (),
        )
        if owned
        else None
        for id, owned in zip(ids, keys, strict=True)
    ]


async def _newest_events(res: Resources, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Event]:
    query = (
        sqlalchemy.select(col(IssueCounter.issue_id), Event)
        .join(Event, (col(Event.project_id) == IssueCounter.project_id) & (Event.id == IssueCounter.last_event_id))
        .where(col(IssueCounter.issue_id).in_(set(ids)), in_sight(actor, col(IssueCounter.project_id)))
    )
    async with res.db.reading() as session:
        return dict(map(tuple, await session.rows(query)))
