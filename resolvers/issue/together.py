"""Several issues of one project in the hands of one actor, and the writers kept waiting: for merges and splits."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, or_, select

from core.db import Transaction
from domain.access import Actor
from domain.alert import AlertStatus
from domain.errors import InvalidInput, NotFound
from models import Alert, GroupingKey, Issue, IssueCounter
from resolvers.intake.flush import project_lock
from resolvers.resources import Resources
from resolvers.sight import in_sight
from resolvers.turn import turn_of

_TURNS = text("SELECT pg_advisory_xact_lock(turn) FROM unnest(CAST(:turns AS bigint[])) AS turns (turn)")


@dataclass(slots=True)
class Together:
    """Issues that nobody else changes, and whose keys and counters stand still, until the transaction ends.

    All that were merged into one of them are held with it. `alerts` has the open ones, by issue.
    """

    res: Resources
    tx: Transaction
    actor: Actor
    issues: dict[UUID, Issue]
    counters: dict[UUID, IssueCounter]
    alerts: dict[UUID, Alert]
    at: datetime

    def merged_into(self, issue_id: UUID) -> list[Issue]:
        """The issues that were merged into that one."""
        return [issue for issue in self.issues.values() if issue.merged_into_id == issue_id]

    async def keys_of(self, ids: Iterable[UUID]) -> list[GroupingKey]:
        """The grouping keys that lead to these issues, oldest first."""
        query = select(GroupingKey).where(col(GroupingKey.issue_id).in_(ids)).order_by(col(GroupingKey.id))
        return list((await self.tx.session.exec(query)).all())


@asynccontextmanager
async def hold_together(res: Resources, actor: Actor, ids: Sequence[UUID], path: str) -> AsyncIterator[Together]:
    """Hold these issues within the block, and commit; `path` is the field that named all but the first.

    Flushes of the project that have begun are waited for, and later ones wait. Nothing is written before all locks are
    held, in the order of the writer: project, turns, rows (ADR 0004).

    Raises: NotFound for one out of sight; InvalidInput where they belong to several projects.
    """
    async with res.db.transaction() as tx:
        project_id = await _common_project(tx, actor, ids, path)
        await tx.session.exec(select(func.pg_advisory_xact_lock(project_lock(project_id))))
        issues = await _lock(tx, ids)
        yield Together(res, tx, actor, issues, await _counters(tx, issues), await _alerts(tx, issues), res.clock.now())


async def _common_project(tx: Transaction, actor: Actor, ids: Sequence[UUID], path: str) -> UUID:
    query = select(Issue.id, Issue.project_id).where(col(Issue.id).in_(ids), in_sight(actor, col(Issue.project_id)))
    projects = dict((await tx.session.exec(query)).all())
    if len(projects) < len(set(ids)):
        raise NotFound("No such Issue.")
    if len(set(projects.values())) > 1:
        raise InvalidInput(f"`{path}` holds issues of another project; only those of one can be merged.", (path,))
    return projects[ids[0]]


async def _lock(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, Issue]:
    """Lock them, and what was merged into them: only a merge or a split changes that, and the project is ours."""
    near = or_(col(Issue.id).in_(ids), col(Issue.merged_into_id).in_(ids))
    found = (await tx.session.exec(select(Issue.id).where(near))).all()
    connection = await tx.session.connection()
    await connection.execute(_TURNS, {"turns": sorted(map(turn_of, found))})
    query = select(Issue).where(col(Issue.id).in_(found)).order_by(col(Issue.id)).with_for_update(key_share=True)
    return {issue.id: issue for issue in (await tx.session.exec(query)).all()}


async def _counters(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, IssueCounter]:
    query = select(IssueCounter).where(col(IssueCounter.issue_id).in_(ids)).order_by(col(IssueCounter.issue_id))
    return {counter.issue_id: counter for counter in (await tx.session.exec(query.with_for_update())).all()}


async def _alerts(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, Alert]:
    query = select(Alert).where(col(Alert.issue_id).in_(ids), Alert.status != AlertStatus.RESOLVED)
    ringing = (await tx.session.exec(query.order_by(col(Alert.id)).with_for_update(key_share=True))).all()
    return {alert.issue_id: alert for alert in ringing}
