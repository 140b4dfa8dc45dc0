"""On which day an issue was last seen: written with the first event of a key on a day, not with each.

`issue_seen` has the day beside the state, which a trigger keeps as an issue changes. So of a flush that changes issues
these rows are locked too, in the order of their ids, before the trigger comes to them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from resolvers.intake.connection import Connection
from resolvers.intake.counts import Added

# Locked in their order first; what waited for another writer is as that one left it.
_SEE = """
WITH held AS MATERIALIZED (
  SELECT issue_id FROM issue_seen WHERE issue_id = ANY($1::uuid[]) ORDER BY issue_id FOR NO KEY UPDATE
)
UPDATE issue_seen s SET last_day = came.day
  FROM held JOIN unnest($2::uuid[], $3::date[]) AS came (issue_id, day) USING (issue_id)
 WHERE s.issue_id = held.issue_id AND (s.last_day IS NULL OR s.last_day < came.day)
"""

# A key, and a UTC day on which it had an event.
KeyDay: TypeAlias = tuple[UUID, date]


def days_of_keys(added: Sequence[Added]) -> dict[KeyDay, UUID]:
    """The days on which keys had these events, and the issues that they lead to."""
    return {(item.key_id, item.event.received_at.date()): item.issue_id for item in added}


async def see_issues(connection: Connection, days: Mapping[KeyDay, UUID], changing: Collection[UUID]) -> None:
    """Leave the issues seen on these days, and those that are about to change locked."""
    last: dict[UUID, date] = {}
    for (_, day), issue_id in days.items():
        last[issue_id] = max(day, last.get(issue_id, day))
    if last or len(changing) > 1:
        await connection.execute(_SEE, sorted({*last, *changing}), list(last), list(last.values()))
