"""Why events land in an issue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy
from sqlalchemy import tuple_
from sqlmodel import col

from core.db import ReadSession
from domain.access import Actor, Scope
from domain.grouping import VERSION, GroupingComponent, explain
from models import Event, GroupingKey, IssueCounter
from resolvers.asked import one_of
from resolvers.event.loaders import EventRef
from resolvers.event.report import stored_report
from resolvers.issue.loaders import issues_by_id, keys_by_issue_id
from resolvers.resources import Resources
from resolvers.sight import in_sight


@dataclass(frozen=True, slots=True)
class Explanation:
    """The grouping keys that lead to an issue, in hex, and what the newest event has that might count for them.

    There are no components once that event is older than events are kept, and no keys where it was merged away.
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
    async with res.db.reading() as session:
        events = await newest_events(session, actor, ids)
    issues = await issues_by_id(res, actor, ids)
    return [
        Explanation(
            version=max((key.version for key in owned), default=VERSION),
            keys=[key.hash.hex() for key in owned],
            components=explain(stored_report(events[id])) if id in events else (),
        )
        if issue is not None
        else None
        for id, issue, owned in zip(ids, issues, keys, strict=True)
    ]


async def explanations_by_event_ref(res: Resources, actor: Actor, refs: Sequence[EventRef]) -> list[Explanation | None]:
    """Why each event landed where it did, with the one key that it came by; none out of sight, or no longer kept.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query = (
        sqlalchemy.select(Event, GroupingKey)
        .join(GroupingKey, col(GroupingKey.id) == col(Event.grouping_key_id))
        .where(
            tuple_(col(Event.project_id), col(Event.id)).in_(sorted(set(refs))),
            col(Event.project_id).in_({ref.project_id for ref in refs}),
            col(Event.id).in_({ref.id for ref in refs}),
            in_sight(actor, col(Event.project_id)),
        )
    )
    async with res.db.reading() as session:
        found = {EventRef(event.project_id, event.id): (event, key) for event, key in await session.rows(query)}
    return [_of_event(*found[ref]) if ref in found else None for ref in refs]


def _of_event(event: Event, key: GroupingKey) -> Explanation:
    return Explanation(key.version, [key.hash.hex()], explain(stored_report(event)))


async def newest_events(session: ReadSession, actor: Actor, ids: Collection[UUID]) -> dict[UUID, Event]:
    """The newest event of each issue, with its payload, where it is kept."""
    query = (
        sqlalchemy.select(col(IssueCounter.issue_id), Event)
        .join(Event, (col(Event.project_id) == IssueCounter.project_id) & (Event.id == IssueCounter.last_event_id))
        .where(one_of(IssueCounter.issue_id, ids), in_sight(actor, col(IssueCounter.project_id)))
    )
    return dict(map(tuple, await session.rows(query)))
