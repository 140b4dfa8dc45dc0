"""What must hold when a storm is over: what was answered is there, once, counted once, and was seen once by all."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import asyncpg

from resolvers.notification.claim import LOST
from tests.support.crew import Crew, Door
from tests.support.reporters import Reporters
from tests.support.subscriber import Subscriber

_EVENTS = """query($filter: EventFilter, $stats: StatsFilter, $after: String) {
  events(filter: $filter, first: 200, after: $after) { totalCount nodes { eventId } pageInfo { hasNextPage endCursor } }
  stats(filter: $stats) { total issues } }"""
_ISSUES = """query($filter: IssueFilter, $after: String) { issues(filter: $filter, first: 200, after: $after) {
  nodes { shortId notifications(first: 10) { nodes { channel status destination } } } pageInfo { hasNextPage endCursor } } }"""
_STORED = "SELECT event_id FROM event WHERE project_id = $1"
_TOLD = """SELECT e.event_id FROM feed f JOIN event e ON e.project_id = f.project_id AND e.id = f.subject_id
 WHERE f.project_id = $1 AND f.kind = 'EVENT_LOGGED' ORDER BY f.xid, f.id"""
_LOST = """SELECT count(*) FROM delivery_attempt JOIN notification n ON n.id = notification_id
 WHERE n.destination = $1 AND detail = $2"""
_COUNTS = """SELECT (SELECT sum(event_count)::int FROM issue_counter WHERE project_id = $1) AS issues,
 (SELECT sum(event_count)::int FROM hourly_count WHERE project_id = $1) AS hours,
 (SELECT sum(event_count)::int FROM day_count WHERE project_id = $1) AS dates,
 (SELECT sum(event_count)::int FROM daily_count WHERE project_id = $1) AS days,
 (SELECT sum(event_count)::int FROM daily_count d JOIN grouping_key k ON k.id = d.key_id
    JOIN issue_span s ON (s.issue_id, s.environment, s.severity) = (k.issue_id, d.environment, d.severity)
   WHERE d.project_id = $1 AND d.day BETWEEN first_day AND last_day) AS spanned,
 (SELECT count(*)::int FROM event_key WHERE project_id = $1) AS keys"""


async def check_stored(database_url: str, crew: Crew, reporters: Reporters, subscribers: Sequence[Subscriber]) -> None:
    """In PostgreSQL each event that was answered is there once, and every subscriber got what the feed holds."""
    answered = sorted(reporters.outcomes)
    assert set(reporters.outcomes.values()) <= {"STORED", "SPOOLED", "DUPLICATE"}
    database = await asyncpg.connect(database_url)
    try:
        project = await database.fetchval("SELECT id FROM project WHERE slug = $1", crew.slug)
        while await database.fetchval(f"SELECT count(*) FROM ({_STORED}) AS stored", project) < len(answered):
            await asyncio.sleep(0.05)  # what was spooled may still be on its way
        stored = [row["event_id"] for row in await database.fetch(_STORED, project)]
        told = [row["event_id"] for row in await database.fetch(_TOLD, project)]
        counts = dict(await database.fetchrow(_COUNTS, project))
    finally:
        await database.close()
    assert sorted(stored) == answered
    assert sorted(told) == answered
    assert counts == dict.fromkeys(("issues", "hours", "dates", "days", "spanned", "keys"), len(answered))
    for subscriber in subscribers:
        assert subscriber.events == told
        assert "TimeoutError" not in subscriber.resumed


async def check_mails(database_url: str, crew: Crew, reporters: Reporters, mails: Counter[str]) -> None:
    """A mail for each HIGH issue arrived; a second copy, with the same id, only where a worker died as it was sending."""
    database = await asyncpg.connect(database_url)
    try:
        lost = await database.fetchval(_LOST, crew.ada, LOST)
    finally:
        await database.close()
    assert len(mails) == len(reporters.outages)
    assert mails.total() - len(mails) <= lost


async def check_shown(door: Door, crew: Crew, reporters: Reporters) -> None:
    """Through GraphQL there are the same events, and counts of them."""
    answered = sorted(reporters.outcomes)
    asked = {"filter": {"project": [crew.slug]}, "stats": {"project": [crew.slug]}}
    pages = [answer async for answer in _pages(door, _EVENTS, "events", **asked)]
    assert sorted(node["eventId"] for page in pages for node in page["events"]["nodes"]) == answered
    assert pages[0]["events"]["totalCount"] == len(answered)
    assert pages[0]["stats"] == {"total": len(answered), "issues": 1 + len(reporters.outages)}


async def find_statuses(door: Door, crew: Crew) -> list[str | None]:
    """What became of the mail on each HIGH issue, none where there is none yet; all are for Ada, and alone."""
    asked = {"filter": {"project": [crew.slug], "minSeverity": "HIGH"}}
    statuses: list[str | None] = []
    async for page in _pages(door, _ISSUES, "issues", **asked):
        for issue in page["issues"]["nodes"]:
            found = [node for node in issue["notifications"]["nodes"] if node["channel"] == "EMAIL"]
            assert [notification["destination"] for notification in found] in ([], [crew.ada]), issue
            statuses.append(found[0]["status"] if found else None)
    return statuses


async def _pages(door: Door, document: str, field: str, **variables: Any) -> Any:
    after, is_more = None, True
    while is_more:
        answer = await door.ask(document, **variables, after=after)
        yield answer
        after, is_more = answer[field]["pageInfo"]["endCursor"], answer[field]["pageInfo"]["hasNextPage"]
