"""Erasing people a step at a time, each step a transaction of its own: events, kept events, then what quotes them."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson

from domain.erasure import MARK, SHORTEST_IN_TEXT, Person
from models.payload import pack, unpack
from resolvers.erasure.rows import EventText, Theirs, forget_users
from resolvers.intake.incoming import noted_tags_json, user_digest
from resolvers.resources import Resources

_STEP = 200
_NEXT = """
SELECT id, project_id, person, is_in_kept, after_id FROM erasure
 WHERE finished_at IS NULL AND NOT is_in_archive AND id = coalesce($1, id) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_READ = """
SELECT id, message, culprit, payload FROM {table} WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3
"""
_WRITE = """
UPDATE {table} SET message = made.message, culprit = made.culprit, payload = made.payload,
                   user_hash = made.user_hash, noted_tags = made.tags::jsonb
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::text[])
       AS made (id, message, culprit, payload, user_hash, tags)
 WHERE {table}.project_id = $1 AND {table}.id = made.id
"""
_TABLES = {False: "event", True: "kept_event"}
_PROGRESS = """
UPDATE erasure SET after_id = $2, events_read = events_read + $3, events_changed = events_changed + $4 WHERE id = $1
"""
_GO_TO_KEPT = "UPDATE erasure SET is_in_kept = true, after_id = $2 WHERE id = $1"
_FINISH = "UPDATE erasure SET person = NULL, finished_at = $2 WHERE id = $1"
# A day is known before its first file is written, so nobody's events can be on their way there unseen.
_HAS_ARCHIVE = "SELECT EXISTS (SELECT FROM archived_day WHERE project_id = $1)"
_GO_TO_ARCHIVE = "UPDATE erasure SET is_in_archive = true WHERE id = $1"
# What somebody said is theirs, whole: here by the name that they gave.
_FORGET_WORDS_OF = """
DELETE FROM feedback WHERE project_id = $1 AND (lower(email) = ANY($2::text[]) OR lower(name) = ANY($2::text[]))
"""
# Values of tags that are theirs, or quote them.
_FORGET_TAGS_OF = """
DELETE FROM key_facet
 WHERE project_id = $1 AND kind LIKE 'tag.%' AND (lower(value) = ANY($2::text[]) OR $3 <> '' AND value ~* $3)
"""
# Texts that were taken from events: titles, and what was mailed. A summary and a warning may quote several projects.
_QUOTES = (
    """
    UPDATE issue SET title = regexp_replace(title, $2, $3, 'gi'), message = regexp_replace(message, $2, $3, 'gi'),
                     culprit = regexp_replace(culprit, $2, $3, 'gi'), version = version + 1
     WHERE project_id = $1 AND (title ~* $2 OR message ~* $2 OR culprit ~* $2)
    """,
    """
    UPDATE notification SET subject = regexp_replace(subject, $2, $3, 'gi'),
                            content = regexp_replace(content::text, $2, $3, 'gi')::jsonb
     WHERE (project_id = $1 OR kind IN ('DAILY_SUMMARY', 'WARNING')
            OR id IN (SELECT carrier_id FROM notification WHERE project_id = $1))
       AND (subject ~* $2 OR content::text ~* $2)
    """,
    """
    UPDATE pattern SET template = regexp_replace(template, $2, $3, 'gi'),
                       endpoints = regexp_replace(endpoints::text, $2, $3, 'gi')::jsonb
     WHERE project_id = $1 AND (template ~* $2 OR endpoints::text ~* $2)
    """,
    """
    UPDATE feedback SET message = regexp_replace(message, $2, $3, 'gi'), url = regexp_replace(url, $2, $3, 'gi')
     WHERE project_id = $1 AND (message ~* $2 OR url ~* $2)
    """,
)
_SPECIAL = frozenset(r".^$*+?()[]{}|\\")


async def continue_erasures(res: Resources, *, only: UUID | None = None) -> bool:
    """Do one step of an erasure that is asked for; false once none is left to do.

    What is left then of one that concerns archived files is for `resolvers.archive.erase`.
    """
    async with res.db.raw.acquire() as connection, connection.transaction():
        job = await connection.fetchrow(_NEXT, only)
        if job is None:
            return False
        who = Person(tuple(sorted(job["person"].items())))
        if not await _erase_some(connection, job, who):
            if not job["is_in_kept"]:
                await connection.execute(_GO_TO_KEPT, job["id"], UUID(int=0))
            elif await connection.fetchval(_HAS_ARCHIVE, job["project_id"]):
                await connection.execute(_GO_TO_ARCHIVE, job["id"])
            else:
                await finish_erasure(res, connection, job, who)
    return True


async def _erase_some(connection: Any, job: asyncpg.Record, who: Person) -> int:
    """Leave the next events without the person; return how many were looked at."""
    table, project_id = _TABLES[job["is_in_kept"]], job["project_id"]
    rows = await connection.fetch(_READ.format(table=table), project_id, job["after_id"], _STEP)
    if not rows:
        return 0
    theirs = Theirs()
    theirs.look_at((_text(row) for row in rows), who)
    if theirs.changed:
        rows_left = map(_written, theirs.changed)
        await connection.execute(_WRITE.format(table=table), project_id, *zip(*rows_left, strict=True))
        await theirs.forget_besides(connection, project_id)
    await connection.execute(_PROGRESS, job["id"], rows[-1]["id"], len(rows), len(theirs.changed))
    return len(rows)


def _text(row: asyncpg.Record) -> EventText:
    return EventText(row["id"], row["message"], row["culprit"], orjson.loads(unpack(row["payload"])))


def _written(event: EventText) -> tuple[Any, ...]:
    """The event as it is left, and by what it is searched then."""
    user, tags = event.payload.get("user"), event.payload.get("tags", ())
    searched = user_digest(user) if user else None, noted_tags_json(tags)
    return event.id, event.message, event.culprit, pack(orjson.dumps(event.payload)), *searched


async def finish_erasure(res: Resources, connection: Any, job: asyncpg.Record, who: Person) -> None:
    """Leave nothing that quotes the person's events, nor who it was; all their events are done by now."""
    hashes = [digest for name, value in who.known_as if (digest := user_digest({name: value}))]
    await forget_users(connection, job["project_id"], hashes)
    names = [value.lower() for _, value in who.known_as]
    await connection.execute(_FORGET_WORDS_OF, job["project_id"], names)
    values = [value for _, value in who.known_as if len(value) >= SHORTEST_IN_TEXT]
    pattern = "|".join("".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in value) for value in values)
    await connection.execute(_FORGET_TAGS_OF, job["project_id"], names, pattern)
    if values:
        for statement in _QUOTES:
            await connection.execute(statement, job["project_id"], pattern, MARK)
    await connection.execute(_FINISH, job["id"], res.clock.now())
