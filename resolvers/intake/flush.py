"""One flush: a batch of reports to the disk, in one transaction, with set-based SQL only.

One order of locks for all: the issues that the batch may change; then reporters' ids, grouping keys, facets,
releases; then the days on which issues were seen, counters, users, days, hours and minutes, each statement in the
order of its keys (ADR 0004). Merge, split and changes of rules hold the project's advisory lock alone; every flush
shares it.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from domain.issue import ActivityKind
from domain.report import IngestOutcome
from resolvers.intake.connection import Connection
from resolvers.intake.counts import Added, Known, Lately, add_facets, count_and_tell
from resolvers.intake.days import KeyDay, days_of_keys, see_issues
from resolvers.intake.events import First, add_events, make_issues, name_events, note_frames
from resolvers.intake.incoming import Incoming, Stored
from resolvers.intake.keys import Owned, claim_missing, find_owned, joining, refuse_if_stale
from resolvers.intake.state import lock_states, read_releases, write_changes
from resolvers.intake.trail import feed_rows, leave_trail, steps_of

# The locks are whole numbers of ours, so they may stand in the statement, which takes no arguments beside others.
_BEGIN = "BEGIN; SELECT pg_advisory_xact_lock_shared(lock) FROM unnest('{{{}}}'::bigint[]) AS locks (lock)"
_SIGNED_64 = 1 << 63


@dataclass(frozen=True, slots=True)
class Flushed:
    """What became of each report of a batch, and whether the worker has something to judge."""

    results: list[Stored]
    wakes_worker: bool


def project_lock(project_id: UUID) -> int:
    """The advisory lock that writers share, and that merge, split and rule changes hold alone."""
    return (project_id.int & (2 * _SIGNED_64 - 1)) - _SIGNED_64


async def flush(
    connection: Connection, batch: Sequence[Incoming], known: Known, late: Collection[UUID] = ()
) -> Flushed:
    """Leave the batch on disk, each report once; reports whose reporter's id is known are told so.

    `late` are issues of which an earlier try knew too late that it changes them.

    Raises: StaleState when the flush is to start over; asyncpg.PostgresError.
    """
    async with _sharing(connection, {project_lock(event.project_id) for event in batch}):
        owned = await find_owned(connection, batch)
        await _lock_changing(connection, batch, owned, late)
        firsts = await name_events(connection, batch)
        fresh = [event for event in batch if not _is_duplicate(event, firsts)]
        added = await _store(connection, fresh, owned)
        facets = await add_facets(connection, added, known.facets)
        days = {day: issue_id for day, issue_id in days_of_keys(added).items() if known.days.lacks(day)}
        users, wakes = await _count_and_tell(connection, added, owned, days, known.users)
    known.facets.learn(facets)
    known.users.learn(users)
    known.days.learn(days)
    return Flushed([_result(event, firsts, owned) for event in batch], wakes)


@asynccontextmanager
async def _sharing(connection: Connection, locks: Collection[int]) -> AsyncIterator[None]:
    """A transaction that shares these advisory locks; both begin in one round trip."""
    try:
        await connection.execute(_BEGIN.format(",".join(map(str, sorted(locks)))))
        yield
    except BaseException:  # a cancellation too: nothing may stay open, and with it locked
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
        raise
    await connection.execute("COMMIT")


async def _lock_changing(
    connection: Connection, batch: Sequence[Incoming], owned: Owned, late: Collection[UUID]
) -> None:
    """Lock the issues that the batch may change, and know them as they are then."""
    changing = {
        state.id
        for event, state in joining(batch, owned)
        if event.keys[0] not in owned.issues or state.may_change(event)
    }
    locked = await lock_states(connection, changing.union(late))
    owned.states |= locked
    owned.locked |= set(locked)


async def _store(connection: Connection, fresh: Sequence[Incoming], owned: Owned) -> list[Added]:
    if not fresh:
        return []
    new = await claim_missing(connection, fresh, owned)
    owned.states |= await make_issues(connection, new, owned)
    refuse_if_stale(fresh, owned)
    await note_frames(connection, owned)
    stored = await add_events(connection, fresh, owned)
    added = []
    for event in fresh:
        if event.id in stored:
            key, state = owned.of(event)
            added.append(Added(event, owned.ids[key], state.id))
    return added


async def _count_and_tell(
    connection: Connection,
    added: Sequence[Added],
    owned: Owned,
    days: Mapping[KeyDay, UUID],
    users: Lately,
) -> tuple[set[tuple[object, ...]], bool]:
    if not added:
        return set(), False
    states = [owned.states[item.issue_id] for item in added]
    pairs = ((item.event.project_id, state) for item, state in zip(added, states, strict=True))
    releases = await read_releases(connection, pairs, [item.event for item in added])
    before = {state.id: (state.severity, state.status) for state in states}
    for item, state in zip(added, states, strict=True):
        state.see(item.event, releases)
    changed = {state.id: state for state in states if before[state.id] != (state.severity, state.status)}
    await see_issues(connection, days, changed)
    await write_changes(connection, changed.values())
    steps = steps_of({state.id: state for state in states}.values())
    seen = await count_and_tell(connection, added, feed_rows(added, steps), users)
    return seen, await leave_trail(connection, added, steps)


def _is_duplicate(event: Incoming, firsts: dict[tuple[UUID, str], First]) -> bool:
    return event.is_reporters_id and (event.project_id, event.event_id) in firsts


def _result(event: Incoming, firsts: dict[tuple[UUID, str], First], owned: Owned) -> Stored:
    if _is_duplicate(event, firsts):
        first = firsts[event.project_id, event.event_id]
        return Stored(IngestOutcome.DUPLICATE, event.event_id, first.row_id, first.issue_id, first.short_id)
    state = owned.of(event)[1]
    kinds = {step.kind for step in state.steps if step.event is event}
    return Stored(
        IngestOutcome.STORED,
        event.event_id,
        event.id,
        state.id,
        state.short_id,
        is_new=ActivityKind.FIRST_SEEN in kinds,
        is_regression=ActivityKind.REGRESSED in kinds,
    )
