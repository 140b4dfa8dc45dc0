"""Which targets are set, which hold for which issues, and when an issue is due by them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, and_, bindparam, or_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.db import AnySelect
from domain.access import Actor, Scope
from domain.errors import NotFound
from domain.issue import ActivityKind, IssueStatus
from domain.target import BEGINNINGS, ENDS, Aim, Due, Target, due
from models import Activity, Issue, Project, ResponseTarget
from resolvers.asked import one_of
from resolvers.resources import Resources
from resolvers.sight import in_sight


@dataclass(frozen=True, slots=True)
class Dues:
    """When an issue is due, as far as a target holds for it, and whether it was too late."""

    acknowledge: Due | None = None
    resolve: Due | None = None


def read_target(row: ResponseTarget) -> Target:
    """The target of a row."""
    return Target(row.severity, row.acknowledge_within, row.resolve_within, row.warn_at)


async def targets_of(session: AsyncSession, project_id: UUID | None) -> list[Target]:
    """The targets that are set of the project itself, or for all, the worst severity first."""
    query = select(ResponseTarget).where(col(ResponseTarget.project_id).is_not_distinct_from(project_id))
    rows = (await session.exec(query)).all()
    return sorted(map(read_target, rows), key=lambda target: -target.severity.rank)


async def list_targets(res: Resources, actor: Actor, *, project: str | None = None) -> list[Target]:
    """The targets that hold in the project of that slug, or for all that have none of their own, worst severity first.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.READ)
    async with res.db.reading() as session:
        general = {target.severity: target for target in await targets_of(session, None)}
        if project is not None:
            query = select(Project.id).where(Project.slug == project, in_sight(actor, col(Project.id)))
            project_id = (await session.exec(query)).first()
            if project_id is None:
                raise NotFound("There is no such project.")
            general |= {target.severity: target for target in await targets_of(session, project_id)}
    return sorted(general.values(), key=lambda target: -target.severity.rank)


def holding() -> Subquery:
    """The targets that hold, by `project_id` and `severity`: the project's own before those for all."""
    query: AnySelect = (
        select(  # type: ignore[call-overload]  # it knows no more than four
            col(Project.id).label("project_id"),
            col(ResponseTarget.severity),
            col(ResponseTarget.acknowledge_within),
            col(ResponseTarget.resolve_within),
            col(ResponseTarget.warn_at),
        )
        .join(
            ResponseTarget,
            or_(col(ResponseTarget.project_id) == col(Project.id), col(ResponseTarget.project_id).is_(None)),
        )
        .ext(distinct_on(col(Project.id), col(ResponseTarget.severity)))
        .order_by(col(Project.id), col(ResponseTarget.severity), col(ResponseTarget.project_id).nulls_last())
    )
    return query.subquery("target")


def within_of(target: Subquery, aim: Aim) -> Any:
    """The column of the time for that."""
    return target.c.acknowledge_within if aim is Aim.ACKNOWLEDGE else target.c.resolve_within


def of_kinds(step: Any, kinds: Sequence[ActivityKind]) -> Any:
    """The condition that a step is of one of these kinds; they stand in the statement, for the index of them."""
    return col(step.kind).in_(bindparam(None, list(kinds), expanding=True, literal_execute=True))


async def dues_by_issue_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[Dues]:
    """When each issue is due, and whether it was too late: by the last time it opened, or appeared.

    Nothing is due of an issue that is ignored or out of sight, and of one that is snoozed nobody need acknowledge it.
    """
    actor.require(Scope.READ)
    target, now = holding(), res.clock.now()
    columns = [column for aim in Aim for column in (within_of(target, aim), _began(aim), _ended(aim))]
    query: AnySelect = (
        select(col(Issue.id), col(Issue.status), col(Issue.first_seen_at), *columns)
        .join(target, and_(target.c.project_id == col(Issue.project_id), target.c.severity == col(Issue.severity)))
        .where(one_of(Issue.id, ids), in_sight(actor, col(Issue.project_id)))
    )
    async with res.db.reading() as session:
        rows = await session.rows(query)
    found = {row[0]: _dues(row, now) for row in rows}
    return [found.get(id, Dues()) for id in ids]


def _began(aim: Aim) -> Any:
    """When the time began that runs now, or ran last."""
    step = aliased(Activity)
    return (
        select(col(step.at))
        .where(col(step.issue_id) == col(Issue.id), of_kinds(step, BEGINNINGS[aim]))
        .order_by(col(step.id).desc())
        .limit(1)
        .scalar_subquery()
    )


def _ended(aim: Aim) -> Any:
    """When that time ended, by the first step after its beginning that ends it."""
    step, later = aliased(Activity), aliased(Activity)
    began = (
        select(col(later.id))
        .where(col(later.issue_id) == col(Issue.id), of_kinds(later, BEGINNINGS[aim]), col(later.id) > col(step.id))
        .exists()
    )
    return (
        select(col(step.at))
        .where(col(step.issue_id) == col(Issue.id), of_kinds(step, ENDS[aim]), ~began)
        .order_by(col(step.id))
        .limit(1)
        .scalar_subquery()
    )


def _dues(row: Sequence[Any], now: datetime) -> Dues:
    _, status, first_seen_at, *times = row
    if status is IssueStatus.IGNORED:
        return Dues()
    acknowledge, resolve = (
        due(within, began_at=began_at or first_seen_at, ended_at=ended_at, now=now) if within else None
        for within, began_at, ended_at in (times[:3], times[3:])
    )
    return Dues(None if status is IssueStatus.SNOOZED else acknowledge, resolve)
