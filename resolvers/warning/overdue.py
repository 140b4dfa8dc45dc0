"""What should have been done by now: alerts that do not climb, messages that do not leave, issues not judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from resolvers.resources import Resources

# All of these are looked at every second, and a message is sent within a lease.
OVERDUE_AFTER = timedelta(minutes=5)


class Work(StrEnum):
    """What may be overdue."""

    ESCALATIONS = "escalations"
    NOTIFICATIONS = "notifications"
    TRIAGE = "triage"


# While a message is under way, `next_attempt_at` is the end of the lease.
_OVERDUE = """
SELECT 'escalations' AS work, count(*) AS count, min(next_escalation_at) AS since
  FROM alert WHERE next_escalation_at < $1
UNION ALL
SELECT 'notifications', count(*), min(next_attempt_at) FROM notification WHERE next_attempt_at < $1
UNION ALL
SELECT 'triage', count(*), min(coalesce(retry_at, created_at)) FROM triage WHERE coalesce(retry_at, created_at) < $1
"""


@dataclass(frozen=True, slots=True)
class Overdue:
    """How much of it is overdue, and since when the oldest is; none where nothing is."""

    count: int
    since: datetime | None


async def find_overdue(res: Resources) -> dict[Work, Overdue]:
    """What was due more than five minutes ago and is not done, of each kind of work."""
    rows = await res.db.raw.fetch(_OVERDUE, res.clock.now() - OVERDUE_AFTER)
    return {Work(row["work"]): Overdue(row["count"], row["since"]) for row in rows}
