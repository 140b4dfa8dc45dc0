"""How many users events happened to: what the writer has seen is folded into a sketch for each day."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlmodel import col

from core.db import AnySelect, ReadSession, affected
from domain.access import Actor
from domain.sketch import Sketch
from domain.stats import Coverage, StatsFilter, hours_since
from models import GroupingKey, KeyUser, SeenUser, UserSketch
from resolvers.asked import among, asked_projects
from resolvers.resources import Resources

_Key: TypeAlias = tuple[Any, ...]
_STEP = 5_000
# How many sketches are in memory at once, of 4 KB each, and how many digests of 12 bytes are counted at once. Counting
# takes some milliseconds for each of these parts, and is done beside the loop.
_SKETCHES, _DIGESTS = 200, 5_000
_TAKE = """
DELETE FROM seen_user
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM seen_user LIMIT $1 FOR UPDATE SKIP LOCKED))
RETURNING project_id, day, service, environment, severity, user_hash
"""
_MAKE = """
INSERT INTO user_sketch (project_id, day, service, environment, severity, sketch)
SELECT *, ''::bytea FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[]) ORDER BY 1, 2, 3, 4, 5
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT project_id, day, service, environment, severity, sketch
  FROM user_sketch
 WHERE (project_id, day, service, environment, severity)
       IN (SELECT * FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[]))
 ORDER BY project_id, day, service, environment, severity
   FOR UPDATE
"""
_WRITE = """
UPDATE user_sketch AS u SET sketch = made.sketch
  FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::bytea[])
       AS made (project_id, day, service, environment, severity, sketch)
 WHERE (u.project_id, u.day, u.service, u.environment, u.severity)
       = (made.project_id, made.day, made.service, made.environment, made.severity)
"""
_OLD = """
DELETE FROM user_sketch WHERE ctid = ANY (ARRAY(
  SELECT s.ctid
    FROM project p
   CROSS JOIN LATERAL (SELECT ctid FROM user_sketch WHERE project_id = p.id AND day < $1
                        ORDER BY project_id, day, service, environment, severity FOR UPDATE SKIP LOCKED) AS s
   LIMIT $2
))
"""


async def fold_users(res: Resources) -> Mapping[str, int]:
    """Leave everybody who was seen in the sketch of their day, and no sketch of a day without hours.

    Return how many of each went. Whoever asks meanwhile counts each user once, and so does a fold that is done twice.
    """
    users = 0
    while step := await _fold_some(res):
        users += step
    days, oldest = 0, hours_since(res.clock.now()).date()
    while step := affected(await res.db.raw.execute(_OLD, oldest, _STEP)):
        days += step
    return {"users": users, "days": days}


async def _fold_some(res: Resources) -> int:
    async with res.db.raw.acquire() as connection, connection.transaction():
        rows = await connection.fetch(_TAKE, _STEP)
        if not rows:
            return 0
        seen: defaultdict[_Key, list[bytes]] = defaultdict(list)
        for *key, user in rows:
            seen[tuple(key)].append(user)
        keys = sorted(seen)
        for start in range(0, len(keys), _SKETCHES):
            await _fold_into(connection, keys[start : start + _SKETCHES], seen)
    return len(rows)


async def _fold_into(connection: Any, keys: Sequence[_Key], seen: Mapping[_Key, list[bytes]]) -> None:
    """Leave these sketches, which are in order, with who was seen, and locked."""
    columns = list(zip(*keys, strict=True))
    await connection.execute(_MAKE, *columns)
    locked = [(tuple(key), stored) for *key, stored in await connection.fetch(_LOCK, *columns)]
    made = await asyncio.to_thread(lambda: [(*key, _with(stored, seen[key])) for key, stored in locked])
    await connection.execute(_WRITE, *zip(*made, strict=True))


def _with(stored: bytes, users: Sequence[bytes]) -> bytes:
    sketch = Sketch.read(stored)
    sketch.take(digests=users)
    return sketch.stored()


async def count_users(session: ReadSession, actor: Actor, filter: StatsFilter, covered: Coverage) -> int | None:
    """About how many users there were on the UTC days that the range touches; none where those are kept no longer.

    Where an issue was named: exactly how many it ever had.
    """
    if filter.issue is not None:
        ((count,),) = await session.rows(_of_issue(actor, filter))
        return int(count)
    if covered.now is None or covered.since < hours_since(covered.now):
        return None
    sketch = Sketch()
    sketches = _on_days(actor, filter, covered, UserSketch, UserSketch.sketch)
    async for part in session.parts(sketches, _SKETCHES):
        await asyncio.to_thread(sketch.take, [stored for (stored,) in part])
    seen = _on_days(actor, filter, covered, SeenUser, SeenUser.user_hash).distinct()
    async for part in session.parts(seen, _DIGESTS):
        await asyncio.to_thread(sketch.take, (), [user for (user,) in part])
    return await asyncio.to_thread(sketch.count)


def _of_issue(actor: Actor, filter: StatsFilter) -> AnySelect:
    return (
        select(func.count(col(KeyUser.user_hash).distinct()))
        .join(
            GroupingKey, (col(GroupingKey.project_id) == KeyUser.project_id) & (col(GroupingKey.id) == KeyUser.key_id)
        )
        .where(
            col(GroupingKey.issue_id) == filter.issue,
            col(GroupingKey.project_id).in_(asked_projects(actor, filter.project)),
        )
    )


def _on_days(actor: Actor, filter: StatsFilter, covered: Coverage, table: Any, column: Any) -> AnySelect:
    since, until = covered.days
    query: AnySelect = select(col(column)).where(
        col(table.project_id).in_(asked_projects(actor, filter.project)),
        col(table.day) >= since.date(),
        col(table.day) < until.date(),
        *among(
            (col(table.service), filter.service),
            (col(table.environment), filter.environment),
            (col(table.severity), filter.severities),
        ),
    )
    return query
