"""What SDKs counted that they did not send: added up by the hour, shown for the last 24."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, cast, func
from sqlmodel import col, select

from core.db import affected
from domain.access import Actor, Scope
from domain.discarded import KEPT, SHOWN, Discarded, Discards, hour_of
from models import DiscardedCount
from resolvers.asked import one_of
from resolvers.intake.patience import execute_patiently
from resolvers.resources import Resources
from resolvers.sight import in_sight

_ADD = """
INSERT INTO discarded_count AS c (project_id, hour, reason, category, count)
SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bigint[]) ORDER BY 3, 4
ON CONFLICT (project_id, hour, reason, category) DO UPDATE SET count = c.count + excluded.count
"""
_PRUNE = "DELETE FROM discarded_count WHERE hour < $1"


async def add_discarded(res: Resources, actor: Actor, discards: Discards, *, project: str | int | None = None) -> None:
    """Leave what an SDK discarded added to the counts of this hour.

    Raises: PermissionDenied, InvalidInput, Unavailable.
    """
    destination = await res.writer.destinations.find(actor, project)
    if not discards:
        return
    rows = [(*kind, count) for kind, count in sorted(discards.items())]
    hour = hour_of(res.clock.now())
    await execute_patiently(res, _ADD, destination.project_id, hour, *zip(*rows, strict=True))


async def prune_discarded(res: Resources) -> int:
    """Leave no counts that are older than 30 days; return how many went."""
    return affected(await res.db.raw.execute(_PRUNE, res.clock.now() - KEPT))


async def discarded_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[list[Discarded]]:
    """What the SDKs of each project in sight discarded within the last 24 hours, most first.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    total = cast(func.sum(DiscardedCount.count), BigInteger)
    kind = (col(DiscardedCount.project_id), col(DiscardedCount.reason), col(DiscardedCount.category))
    query = (
        select(*kind, total)
        .where(one_of(kind[0], ids), in_sight(actor, kind[0]))
        .where(col(DiscardedCount.hour) > hour_of(res.clock.now()) - SHOWN)
        .group_by(*kind)
        .order_by(total.desc(), *kind)
    )
    found: defaultdict[UUID, list[Discarded]] = defaultdict(list)
    async with res.db.reading() as session:
        for project_id, reason, category, count in (await session.exec(query)).all():
            found[project_id].append(Discarded(reason, category, count))
    return [found[id] for id in ids]
