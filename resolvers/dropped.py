"""What was turned away, written down and shown; and the loop that does so, and looks what is usual."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from core.away import AWAY, is_away
from core.db import Transaction, affected
from domain.access import Actor, Scope
from domain.admission import TOLD, DropReason
from models import DroppedCount, HourlyCount
from resolvers.asked import one_of
from resolvers.intake.drops import Row, hour_of
from resolvers.intake.usual import READ_EVERY_S
from resolvers.notification.dropped import tell_dropped
from resolvers.resources import Resources
from resolvers.sight import in_sight

_log = structlog.get_logger()
EVERY_S = 1.0
KEPT = timedelta(days=90)


async def keep_books(res: Resources) -> None:
    """Until cancelled, write down every second what was turned away, and look now and then what is usual.

    What is left is written down at the end. A kill takes at most the last second with it.
    """
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(res.admission.allowances.run())
            group.create_task(_look_what_is_usual(res))
            while True:
                await write_drops(res)
                await asyncio.sleep(EVERY_S)
    finally:
        await write_drops(res)


async def write_drops(res: Resources) -> int:
    """Leave written down what this process has turned away, and those told who answer for it; return how much it was.

    While PostgreSQL is away it is kept for the next time.
    """
    taken = res.admission.drops.take()
    if not taken:
        return 0
    try:
        await _write(res, taken)
    except Exception as error:  # noqa: BLE001 - the loop goes on, and tries the same again
        log = _log.warning if isinstance(error, AWAY) or is_away(error) else _log.exception
        log("drops not written", error=type(error).__name__)
        res.admission.drops.put_back(taken)
        return 0
    return sum(count for _, count in taken)


async def prune_dropped(res: Resources) -> int:
    """Leave no count that is older than 90 days; return how many went."""
    return affected(await res.db.raw.execute("DELETE FROM dropped_count WHERE hour < $1", res.clock.now() - KEPT))


async def dropped_this_hour_by_project_id(
    res: Resources, actor: Actor, ids: Sequence[UUID]
) -> list[list[tuple[DropReason, int]]]:
    """How many events of each project in sight were turned away in this hour, by the reason, the most first."""
    actor.require(Scope.READ)
    query = (
        select(DroppedCount)
        .where(
            one_of(DroppedCount.project_id, ids),
            in_sight(actor, col(DroppedCount.project_id)),
            DroppedCount.hour == hour_of(res.clock.now()),
        )
        .order_by(col(DroppedCount.event_count).desc(), col(DroppedCount.reason))
    )
    found: defaultdict[UUID, list[tuple[DropReason, int]]] = defaultdict(list)
    async with res.db.reading() as session:
        for row in (await session.exec(query)).all():
            found[row.project_id].append((row.reason, row.event_count))
    return [found[key] for key in ids]


async def used_this_hour_by_project_id(res: Resources, actor: Actor, ids: Sequence[UUID]) -> list[int]:
    """How many events of each project in sight were stored in this hour."""
    actor.require(Scope.READ)
    query = (
        select(col(HourlyCount.project_id), func.sum(HourlyCount.event_count))
        .where(
            one_of(HourlyCount.project_id, ids),
            in_sight(actor, col(HourlyCount.project_id)),
            HourlyCount.hour == hour_of(res.clock.now()),
        )
        .group_by(col(HourlyCount.project_id))
    )
    async with res.db.reading() as session:
        found = {project_id: int(count) for project_id, count in (await session.exec(query)).all()}
    return [found.get(key, 0) for key in ids]


async def _write(res: Resources, taken: Sequence[tuple[Row, int]]) -> None:
    rows = [
        {"project_id": project_id, "hour": hour, "reason": reason, "event_count": count}
        for (project_id, hour, reason), count in taken
    ]
    added = insert(DroppedCount).values(rows)
    total = col(DroppedCount.event_count) + added.excluded.event_count
    statement = added.on_conflict_do_update(
        index_elements=["project_id", "hour", "reason"], set_={"event_count": total}
    )
    async with res.db.transaction() as tx:
        await tx.session.exec(statement)
        await _tell(res, tx, taken)


async def _tell(res: Resources, tx: Transaction, taken: Sequence[tuple[Row, int]]) -> None:
    """Tell who answers for a project that its events are turned away, once an hour, by the weightiest reason."""
    first: dict[tuple[UUID, datetime], DropReason] = {}
    for (project_id, hour, reason), _ in sorted(taken, key=_weight):
        if reason in TOLD:
            first.setdefault((project_id, hour), reason)
    for (project_id, hour), reason in first.items():
        await tell_dropped(res, tx, project_id=project_id, hour=hour, reason=reason)


def _weight(item: tuple[Row, int]) -> int:
    reason = item[0][2]
    return TOLD.index(reason) if reason in TOLD else len(TOLD)


async def _look_what_is_usual(res: Resources) -> None:
    while True:
        try:
            await res.admission.usual.read(res.clock.now())
        except (*AWAY, asyncpg.PostgresError) as error:
            _log.warning("what is usual not read", error=type(error).__name__)
        await asyncio.sleep(READ_EVERY_S)
