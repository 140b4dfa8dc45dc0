"""How far readers of the feed are behind what was committed, and which transaction keeps them there."""

from datetime import datetime, timedelta
from typing import Any

from core.ids import made_at
from resolvers.feed.rows import Fetching

_MOST_COUNTED = 10_000
_DAY = timedelta(days=1)
_WAITING = """
SELECT subject_id, facts ->> 'at' AS at FROM feed WHERE day >= $1 AND xid >= pg_snapshot_xmin(pg_current_snapshot())
 ORDER BY xid, id LIMIT $2
"""
_HOLDER = """
SELECT pid, application, state, since FROM (
       SELECT pid, application_name AS application, state, xact_start AS since, backend_xid AS xid
         FROM pg_stat_activity WHERE backend_xid IS NOT NULL
        UNION ALL
       SELECT NULL, gid, 'prepared', prepared, transaction FROM pg_prepared_xacts) AS writing
 ORDER BY age(xid) DESC LIMIT 1
"""


async def find_lag(database: Fetching, now: datetime) -> dict[str, Any]:
    """Since how many seconds the oldest committed row waits to be read, how many wait, and who holds them up.

    The holder is the transaction of this cluster that has been writing for longest; none where nobody writes.
    """
    waiting = await database.fetch(_WAITING, now.date() - _DAY, _MOST_COUNTED)
    holders = await database.fetch(_HOLDER)
    oldest = _since(waiting[0]) if waiting else now
    return {
        "seconds": max(0.0, round((now - oldest).total_seconds(), 3)),
        "waitingRows": len(waiting),
        "heldBy": _holder(holders[0]) if holders else None,
    }


def _since(row: Any) -> datetime:
    """When the row was written: what it is about may be older, and then it says so itself."""
    return datetime.fromisoformat(row["at"]) if row["at"] else made_at(row["subject_id"])


def _holder(row: Any) -> dict[str, Any]:
    return {"pid": row["pid"], "application": row["application"], "state": row["state"], "since": row["since"]}
