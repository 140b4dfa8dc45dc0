"""The dashboard's list without GraphQL: the same SQL by hand, and the same answer made of its rows."""

import base64
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from models.payload import unpack

DAYS = 14
Row: TypeAlias = "asyncpg.Record"

# Of each project so many as a page holds, by its index, and of these the first: what ours does, too.
PAGE = """
SELECT i.*, c.event_count, c.user_count, c.last_seen_at, c.last_event_id
  FROM project p
 CROSS JOIN LATERAL (SELECT {id} AS id, {key} AS key FROM {table} WHERE project_id = p.id
                      ORDER BY {key} DESC, {id} DESC LIMIT 26) AS first
  JOIN issue i ON i.id = first.id AND i.merged_into_id IS NULL
  JOIN issue_counter c ON c.issue_id = first.id
 ORDER BY first.key DESC, first.id DESC LIMIT 26
"""
_NEWEST = PAGE.format(table="issue_counter", id="issue_id", key="last_seen_at")
_PEOPLE = """
SELECT id, name, EXISTS (SELECT FROM duty WHERE developer_id = developer.id AND starts_at <= now()
                                            AND (ends_at IS NULL OR ends_at > now())) AS is_on_call
  FROM developer WHERE id = ANY($1)
"""
_LATEST = """
SELECT e.* FROM unnest($1::uuid[], $2::uuid[]) AS latest (project_id, id)
  JOIN event e ON e.project_id = latest.project_id AND e.id = latest.id
"""
_CHARTS = """
SELECT k.issue_id, d.day, sum(d.event_count)::bigint AS events
  FROM grouping_key k JOIN daily_count d ON d.key_id = k.id AND d.day >= $2
 WHERE k.issue_id = ANY($1) GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Rows:
    """What the list is made of."""

    page: list[Row]
    people: list[Row]
    events: list[Row]
    charts: list[Row]

    def all(self) -> list[Row]:
        """All of them, one after the other."""
        return [*self.page, *self.people, *self.events, *self.charts]


async def read_rows(connection: "asyncpg.Connection[Any]", today: date) -> Rows:
    """The rows of the first page, those seen last before others, with charts that end with that day."""
    page = await connection.fetch(_NEWEST)
    shown = page[:25]
    people = await connection.fetch(_PEOPLE, [row["assignee_id"] for row in shown])
    of, latest = ([row[name] for row in shown] for name in ("project_id", "last_event_id"))
    events = await connection.fetch(_LATEST, of, latest)
    charts = await connection.fetch(_CHARTS, [row["id"] for row in shown], today - timedelta(days=DAYS))
    return Rows(page, people, events, charts)


def answer(rows: Rows, today: date) -> bytes:
    """What our API would answer, but for the cursor. The history that it is asked of has no schedules."""
    people = {row["id"]: row for row in rows.people}
    events = {row["id"]: row for row in rows.events}
    counts = Counter({(row["issue_id"], row["day"]): row["events"] for row in rows.charts})
    days = [today - timedelta(days=ago) for ago in range(DAYS, -1, -1)]
    nodes = []
    for row in rows.page[:25]:
        chart = [{"at": _instant(datetime.combine(day, time(), UTC)), "count": counts[row["id"], day]} for day in days]
        person, event = people.get(row["assignee_id"]), events.get(row["last_event_id"])
        nodes.append(
            {
                "id": _id("Issue", row["id"]),
                "shortId": row["short_id"],
                **{name: row[name] for name in ("title", "culprit", "service", "severity", "status")},
                "eventCount": row["event_count"],
                "userCount": row["user_count"],
                "lastSeenAt": _instant(row["last_seen_at"]),
                "assignee": person and _person(person),
                "latestEvent": event and _event(event),
                "timeline": chart,
            }
        )
    page = {"hasNextPage": len(rows.page) > 25, "endCursor": str(rows.page[24]["last_seen_at"])}
    return orjson.dumps({"data": {"issues": {"nodes": nodes, "pageInfo": page}}})


def _person(row: Row) -> dict[str, Any]:
    return {"id": _id("Developer", row["id"]), "name": row["name"], "isOnCall": row["is_on_call"]}


def _event(row: Row) -> dict[str, Any]:
    user = orjson.loads(unpack(row["payload"])).get("user")
    return {
        "id": _id("Event", row["id"]),
        **{name: row[name] for name in ("message", "environment", "release")},
        "occurredAt": _instant(row["occurred_at"]),
        "user": user and {name: user.get(name) for name in ("id", "email")},
    }


def _id(kind: str, id: UUID) -> str:
    return base64.b64encode(f"{kind}:{id}".encode()).decode()


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
