"""Writing the rows that are only ever added: reporters' ids, issues, events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from domain.issue import IssueStatus
from domain.short_id import short_id
from resolvers.intake.connection import Connection
from resolvers.intake.incoming import Incoming, noted_tags_json
from resolvers.intake.keys import Owned
from resolvers.intake.state import IssueState
from resolvers.issue.frames import NOTE_FRAMES

_NAME = """
INSERT INTO event_key (project_id, event_id, id, received_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) ORDER BY 1, 2
ON CONFLICT (project_id, event_id) DO NOTHING
RETURNING project_id, event_id
"""
_NAMED = """
SELECT k.project_id, k.event_id, k.id, i.id AS issue_id, i.short_id
  FROM unnest($1::uuid[], $2::text[]) AS wanted (project_id, event_id)
  JOIN event_key k USING (project_id, event_id)
  LEFT JOIN event e ON e.project_id = k.project_id AND e.id = k.id
  LEFT JOIN grouping_key g ON g.id = e.grouping_key_id
  LEFT JOIN issue i ON i.id = g.issue_id
"""
_NUMBERS = "SELECT nextval('issue_number') FROM generate_series(1, $1)"
_ISSUES = """
INSERT INTO issue (id, project_id, short_id, title, error_type, message, culprit, service, severity, severity_is_set,
                   status, is_regression, first_seen_at, first_release, version, frames)
SELECT id, project_id, short_id, title, error_type, message, culprit, service, severity, false,
       'UNRESOLVED', false, first_seen_at, first_release, 1, coalesce(key_frames.search, '')
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::timestamptz[], $11::text[], $12::uuid[])
       AS made (id, project_id, short_id, title, error_type, message, culprit, service,
                severity, first_seen_at, first_release, key_id)
  LEFT JOIN key_frames USING (key_id)
"""
_EVENTS = """
INSERT INTO event (project_id, id, event_id, grouping_key_id, service, environment, release, severity, error_type,
                   error_code, message, culprit, source, occurred_at, received_at, payload, user_hash,
                   noted_tags, ingest_notes)
SELECT project_id, id, event_id, grouping_key_id, service, environment, release, severity, error_type,
       error_code, message, culprit, source, occurred_at, received_at, payload, user_hash, tags::jsonb,
       ARRAY(SELECT jsonb_array_elements_text(notes::jsonb))
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[],
              $15::timestamptz[], $16::bytea[], $17::bytea[], $18::text[], $19::text[])
       AS came (project_id, id, event_id, grouping_key_id, service, environment, release, severity, error_type,
                error_code, message, culprit, source, occurred_at, received_at, payload,
                user_hash, tags, notes)
ON CONFLICT (project_id, id) DO NOTHING
RETURNING id
"""
_LONGEST_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class First:
    """The event that has a reporter's id already, and the issue it is in."""

    row_id: UUID
    issue_id: UUID | None
    short_id: str | None


async def name_events(connection: Connection, batch: Sequence[Incoming]) -> dict[tuple[UUID, str], First]:
    """Leave every reporter's id of the batch taken; return those that another event had before.

    An id that the same event took in an earlier try, whose commit was not heard of, is no duplicate.
    """
    named = {(event.project_id, event.event_id): event for event in batch if event.is_reporters_id}
    if not named:
        return {}
    rows = [(*key, named[key].id, named[key].received_at) for key in sorted(named)]
    taken = await connection.fetch(_NAME, *zip(*rows, strict=True))
    lost = sorted(set(named) - {(row["project_id"], row["event_id"]) for row in taken})
    if not lost:
        return {}
    found = await connection.fetch(_NAMED, *zip(*lost, strict=True))
    return {
        (row["project_id"], row["event_id"]): First(row["id"], row["issue_id"], row["short_id"])
        for row in found
        if row["id"] != named[row["project_id"], row["event_id"]].id
    }


async def make_issues(connection: Connection, new: Mapping[UUID, Incoming], owned: Owned) -> dict[UUID, IssueState]:
    """Leave these issues there, each as its first event says."""
    if not new:
        return {}
    numbers = [row[0] for row in await connection.fetch(_NUMBERS, len(new))]
    rows, states = [], {}
    for (id, event), number in zip(sorted(new.items()), numbers, strict=True):
        report = event.report
        name = short_id(report.service, number)
        message = report.message[:_LONGEST_MESSAGE]
        about = (event.title, report.error_type, message, event.culprit, report.service, report.severity)
        rows.append((id, event.project_id, name, *about, event.received_at, report.release, owned.ids[event.keys[0]]))
        states[id] = IssueState(
            id, name, IssueStatus.UNRESOLVED, report.severity, False, False, None, None, None, None, is_new=True
        )
    await connection.execute(_ISSUES, *zip(*rows, strict=True))
    return states


async def note_frames(connection: Connection, owned: Owned) -> None:
    """Leave issues that have a new key found by its frames, too; they are new or locked."""
    if owned.framed:
        await connection.execute(NOTE_FRAMES, sorted(owned.framed))


async def add_events(connection: Connection, batch: Iterable[Incoming], owned: Owned) -> set[UUID]:
    """Leave the events there, each with the key it came by; return the ids of those that were not there before."""
    rows = []
    for event in batch:
        report = event.report
        where = (report.service, report.environment, report.release, report.severity)
        what = (report.error_type, report.error_code, report.message, event.culprit, report.source)
        when = (event.occurred_at, event.received_at)
        stored = (event.payload, event.user_hash, noted_tags_json(report.tags), orjson.dumps(report.notes).decode())
        key_id = owned.ids[owned.of(event)[0]]
        rows.append((event.project_id, event.id, event.event_id, key_id, *where, *what, *when, *stored))
    return {row["id"] for row in await connection.fetch(_EVENTS, *zip(*rows, strict=True))}
