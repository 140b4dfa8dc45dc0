"""Source maps of a project, shown and deleted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.errors import NotFound
from models import SourceMap
from resolvers.asked import one_of
from resolvers.audit import record_audit
from resolvers.resources import Resources
from resolvers.sight import in_sight

MOST_SHOWN = 100


async def source_maps_by_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[SourceMap | None]:
    """The map of each id, none where it is out of sight."""
    actor.require(Scope.READ)
    query = select(SourceMap).where(one_of(SourceMap.id, ids), in_sight(actor, col(SourceMap.project_id)))
    async with res.db.reading() as session:
        found = {row.id: row for row in (await session.exec(query)).all()}
    return [found.get(id) for id in ids]


async def source_maps_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[SourceMap]]:
    """The maps of each project in sight that were uploaded last, at most 100, newest first."""
    actor.require(Scope.READ)
    rank = func.row_number().over(partition_by=col(SourceMap.project_id), order_by=col(SourceMap.id).desc())
    ranked = (
        select(SourceMap, rank.label("rank"))
        .where(one_of(SourceMap.project_id, ids), in_sight(actor, col(SourceMap.project_id)))
        .subquery()
    )
    newest = aliased(SourceMap, ranked)
    query = select(newest).where(ranked.c.rank <= MOST_SHOWN).order_by(ranked.c.id.desc())
    found: dict[UUID, list[SourceMap]] = {id: [] for id in ids}
    async with res.db.reading() as session:
        for row in (await session.exec(query)).all():
            found[row.project_id].append(row)
    return [found[id] for id in ids]


async def delete_source_map(res: Resources, actor: Actor, *, source_map_id: UUID) -> SourceMap:
    """Leave no such map; events stay as they are. Return it as it was.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.ADMIN)
    async with res.db.transaction() as tx:
        query = select(SourceMap).where(SourceMap.id == source_map_id, in_sight(actor, col(SourceMap.project_id)))
        row = (await tx.session.exec(query.with_for_update())).first()
        if row is None:
            raise NotFound("No such source map.")
        await tx.session.delete(row)
        record_audit(
            res,
            tx,
            actor,
            "deleteSourceMap",
            target_kind="SourceMap",
            target_id=row.id,
            project_id=row.project_id,
            before={"name": row.name, "release": row.release, "dist": row.dist, "debugId": row.debug_id},
        )
    res.source_maps.forget(row.project_id)
    return row
