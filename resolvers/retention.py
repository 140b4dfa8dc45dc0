"""What has been kept long enough, deleted in small steps that hold nobody up."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from core.db import affected
from domain.stats import DAY, days_since, hours_since, minutes_since
from resolvers.resources import Resources

# docs: a reporter's id is remembered for three days; after that the same id is a new event.
EVENT_KEYS_KEPT = timedelta(days=3)
# Longer than any cool-down; a rule that fires for how long an issue is open looks back as far as that may be.
FIRINGS_KEPT = timedelta(days=90)
_STEP = 1_000
_UNUSED = """
DELETE FROM source_map
 WHERE id = ANY (ARRAY(SELECT id FROM source_map WHERE last_used_at < $1 ORDER BY last_used_at LIMIT 20))
"""
_FIRINGS = "DELETE FROM alert_rule_firing WHERE at < $1"
# Counts go project by project, in the order of the key, which is an index: nothing is read that stays. What a writer
# has at the moment is left for the next time, so that nobody waits for one while holding what that one waits for.
_COUNTS = """
WITH gone AS (
  DELETE FROM {table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM {table} WHERE project_id = $1 AND {at} < $2
     ORDER BY project_id, {at}, service, environment, severity LIMIT $3 FOR UPDATE SKIP LOCKED
  ))
  RETURNING 1
)
SELECT count(*) FROM gone
"""
_MINUTES = _COUNTS.format(table="minute_count", at="minute")
_HOURS = _COUNTS.format(table="hourly_count", at="hour")
_DAYS = _COUNTS.format(table="day_count", at="day")
_SURGES = "DELETE FROM surge WHERE began_at < $1"
_DELETE = """
DELETE FROM event_key
 WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM event_key WHERE received_at < $1 ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ))
   AND received_at < $1
"""


async def prune_event_keys(res: Resources) -> int:
    """Leave no reporter's id that is older than the window in which it is recognised; return how many went."""
    before = res.clock.now() - EVENT_KEYS_KEPT
    gone = 0
    while step := await _delete(res, before):
        gone += step
    return gone


async def prune_source_maps(res: Resources) -> int:
    """Leave no source map that was of no use for longer than they are kept; return how many went."""
    before = res.clock.now() - timedelta(days=res.settings.sourcemap_retention_days)
    gone = 0
    while step := affected(await res.db.raw.execute(_UNUSED, before)):
        gone += step
    return gone


async def prune_firings(res: Resources) -> int:
    """Leave no firing of an alert rule that is older than they are kept; return how many went."""
    return int((await res.db.raw.execute(_FIRINGS, res.clock.now() - FIRINGS_KEPT)).rpartition(" ")[2])


async def prune_counts(res: Resources) -> Mapping[str, int]:
    """Leave counts by the minute for a day, by the hour for 90, by the day for two years, and surges for as long.

    Return how many went. Hours are kept for a day more, for those who ask at midnight.
    """
    now, gone = res.clock.now(), {"minutes": 0, "hours": 0, "days": 0}
    for (project_id,) in await res.db.raw.fetch("SELECT id FROM project ORDER BY id"):
        gone["minutes"] += await _in_steps(res, _MINUTES, project_id, minutes_since(now))
        gone["hours"] += await _in_steps(res, _HOURS, project_id, hours_since(now) - DAY)
        gone["days"] += await _in_steps(res, _DAYS, project_id, days_since(now).date())
    return {**gone, "surges": affected(await res.db.raw.execute(_SURGES, days_since(now)))}


async def _in_steps(res: Resources, statement: str, project_id: UUID, before: date) -> int:
    """Do it with all of the project that is older, in transactions of their own; return with how many rows."""
    gone = 0
    while step := int(await res.db.raw.fetchval(statement, project_id, before, _STEP)):
        gone += step
    return gone


async def _delete(res: Resources, before: datetime) -> int:
    """Delete one step's worth, in a transaction of its own."""
    return affected(await res.db.raw.execute(_DELETE, before, _STEP))
