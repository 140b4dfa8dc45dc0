from models.stats import HOURS_OF_DAY
from resolvers.resources import Resources

_OF_DAYS = f"""
SELECT project_id, (day::timestamp AT TIME ZONE 'UTC') + (nth - 1) * interval '1 hour' AS hour, service, environment,
       severity, release, count::bigint
  FROM day_count, unnest(ARRAY[{", ".join(HOURS_OF_DAY)}]) WITH ORDINALITY AS each (count, nth)
 WHERE count <> 0 ORDER BY 1, 2, 3, 4, 5, 6
"""
_BY_HOUR = """
SELECT project_id, hour, service, environment, severity, release, event_count
  FROM hourly_count WHERE event_count <> 0 ORDER BY 1, 2, 3, 4, 5, 6
"""
_DAYS = f"SELECT count(*) FROM day_count WHERE event_count <> {' + '.join(HOURS_OF_DAY)}"


async def check_hours(res: Resources) -> None:
    """What stands beside the days of each of their hours is what is counted by the hour, and adds up to the day."""
    assert await res.db.raw.fetch(_OF_DAYS) == await res.db.raw.fetch(_BY_HOUR)
    assert await res.db.raw.fetchval(_DAYS) == 0
