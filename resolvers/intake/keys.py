"""Finding and claiming the grouping keys of a batch: keys own the mapping from events to issues."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from core.ids import uuid7
from domain.claims import Key, adopted_issues, claim_keys
from domain.search.frames import Searched, searched_frames
from resolvers.intake.connection import Connection
from resolvers.intake.incoming import Incoming
from resolvers.intake.state import STATE_COLUMNS, IssueState, StaleState, read_state

_OWNERS = f"""
SELECT g.id AS key_id, g.project_id, g.hash, {STATE_COLUMNS}
  FROM unnest($1::uuid[], $2::bytea[]) AS wanted (project_id, hash)
  JOIN grouping_key g USING (project_id, hash)
  JOIN issue i ON i.id = g.issue_id
"""  # noqa: S608 - nothing of a caller's is in it
_CLAIM = """
WITH made AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::smallint[], $5::text[], $6::uuid[],
                       $7::timestamptz[], $8::text[], $9::text[])
      AS made (id, project_id, hash, version, kind, issue_id, created_at, words, identifiers)
), claimed AS (
  INSERT INTO grouping_key (id, project_id, hash, version, kind, issue_id, created_at)
  SELECT id, project_id, hash, version, kind, issue_id, created_at FROM made ORDER BY project_id, hash
  ON CONFLICT (project_id, hash) DO NOTHING
  RETURNING id, project_id, hash
), noted AS (
  INSERT INTO key_frames (key_id, words, identifiers)
  SELECT id, words, identifiers FROM claimed JOIN made USING (id) WHERE words IS NOT NULL
)
SELECT id, project_id, hash FROM claimed
"""
_ADOPT = """
UPDATE grouping_key SET issue_id = adopted.issue_id
  FROM unnest($1::uuid[], $2::uuid[]) AS adopted (id, issue_id)
 WHERE grouping_key.id = adopted.id
"""


@dataclass(slots=True)
class Owned:
    """The keys of a batch that lead to an issue by now: which row each is, what state its issue is in, which are ours.

    `locked` has the issues that nobody else can change now, `framed` those that are to be found by the frames of a new
    key, too: an issue that is made is by those of its first event.
    """

    ids: dict[Key, UUID] = field(default_factory=dict)
    issues: dict[Key, UUID] = field(default_factory=dict)
    states: dict[UUID, IssueState] = field(default_factory=dict)
    locked: set[UUID] = field(default_factory=set)
    framed: set[UUID] = field(default_factory=set)
    _places: dict[UUID, tuple[Key, IssueState]] = field(default_factory=dict)

    def of(self, event: Incoming) -> tuple[Key, IssueState]:
        """The key that an event came by, the first of its own that is owned, and the issue behind it.

        Asked once all keys of the batch are owned, and known from then on.
        """
        place = self._places.get(event.id)
        if place is None:
            key = next(key for key in event.keys if key in self.issues)
            place = self._places[event.id] = key, self.states[self.issues[key]]
        return place


async def find_owned(connection: Connection, batch: Iterable[Incoming]) -> Owned:
    """The keys of the batch that exist already."""
    return await _read(connection, {key for event in batch for key in event.all_keys}, Owned())


def joining(batch: Sequence[Incoming], owned: Owned) -> Iterator[tuple[Incoming, IssueState]]:
    """The events that will join an issue which exists, also by a key that another event of the batch will bring it."""
    if all(event.keys[0] in owned.issues for event in batch):
        yield from ((event, owned.states[owned.issues[event.keys[0]]]) for event in batch)
        return
    claimed = claim_keys((event.all_keys for event in batch), owned.issues, uuid4, _old(batch))
    for event in batch:
        issue_id = next(owned.issues.get(key) or claimed[key] for key in event.keys)
        if issue_id in owned.states:
            yield event, owned.states[issue_id]


def refuse_if_stale(batch: Sequence[Incoming], owned: Owned) -> None:
    """Return if every issue that the batch changes is either new or locked, now that all of its keys are owned.

    A key may have come to another issue than was thought: an event of the batch was a duplicate, or somebody else was
    quicker. A lock comes before anything is written, so it is too late for that one.

    Raises: StaleState: start over.
    """
    changing = {state.id for event in batch if (state := owned.of(event)[1]).may_change(event)} | owned.framed
    late = {id for id in changing if id not in owned.locked and not owned.states[id].is_new}
    if late:
        raise StaleState(late)


async def claim_missing(connection: Connection, batch: Sequence[Incoming], owned: Owned) -> dict[UUID, Incoming]:
    """Leave every key of the batch owned; return the issues still to be made, each with its first event."""
    if all(key in owned.issues for event in batch for key in event.keys):
        return {}
    made_at = batch[0].received_at
    claimed = claim_keys((event.all_keys for event in batch), owned.issues, lambda: uuid7(made_at), _old(batch))
    if not claimed:
        return {}
    existing = set(owned.issues.values())
    makers = _makers(batch, claimed)
    frames = _frames(makers)
    ours = await _claim(connection, claimed, makers, frames)
    won = await _read(connection, set(claimed) - set(ours), Owned())
    adopted = adopted_issues(claimed, won.issues, set(claimed.values()) - existing)
    await _adopt(connection, claimed, ours, adopted)
    owned.ids |= ours | won.ids
    owned.issues |= {key: adopted.get(claimed[key], claimed[key]) for key in ours} | won.issues
    owned.states |= won.states
    new = _first_events(batch, owned, set(claimed.values()) - existing - set(adopted))
    first = {event.keys[0] for event in new.values()}
    owned.framed = {owned.issues[key] for key in ours if key in frames and key not in first}
    return new


def _old(batch: Sequence[Incoming]) -> set[Key]:
    """The keys of an earlier version; none while no transition is on."""
    return {key for event in batch for key in event.old_keys}


def _makers(batch: Sequence[Incoming], claimed: dict[Key, UUID]) -> dict[Key, tuple[Incoming, int]]:
    """The event that brought each claimed key first, and at which place."""
    makers: dict[Key, tuple[Incoming, int]] = {}
    for event in batch:
        for place, key in enumerate(event.keys):
            if key in claimed:
                makers.setdefault(key, (event, place))
    return makers


def _frames(makers: dict[Key, tuple[Incoming, int]]) -> dict[Key, Searched]:
    """By which frames each key is found: events come by the first of their keys, so only that has any."""
    return {
        key: frames
        for key, (event, place) in makers.items()
        if not place and (frames := searched_frames(event.report.exceptions))
    }


def _first_events(batch: Sequence[Incoming], owned: Owned, new: set[UUID]) -> dict[UUID, Incoming]:
    first: dict[UUID, Incoming] = {}
    for event in batch:
        issue = owned.issues[next(key for key in event.keys if key in owned.issues)]
        if issue in new:
            first.setdefault(issue, event)
    return first


async def _claim(
    connection: Connection,
    claimed: dict[Key, UUID],
    makers: dict[Key, tuple[Incoming, int]],
    frames: dict[Key, Searched],
) -> dict[Key, UUID]:
    rows = []
    for key in sorted(claimed):
        event, place = makers[key]
        at: datetime = event.received_at
        searched = (frames[key].words, frames[key].identifiers) if key in frames else (None, None)
        rows.append((uuid7(at), *key, event.version, event.kinds[place], claimed[key], at, *searched))
    inserted = await connection.fetch(_CLAIM, *zip(*rows, strict=True))
    return {(row["project_id"], row["hash"]): row["id"] for row in inserted}


async def _adopt(
    connection: Connection, claimed: dict[Key, UUID], ours: dict[Key, UUID], adopted: dict[UUID, UUID]
) -> None:
    moved = [(key_id, adopted[claimed[key]]) for key, key_id in ours.items() if claimed[key] in adopted]
    if moved:
        await connection.execute(_ADOPT, *zip(*moved, strict=True))


async def _read(connection: Connection, keys: set[Key], owned: Owned) -> Owned:
    if keys:
        wanted = sorted(keys)
        rows = await connection.fetch(_OWNERS, *zip(*wanted, strict=True))
        for row in rows:
            key = (row["project_id"], row["hash"])
            owned.ids[key] = row["key_id"]
            owned.issues[key] = row["id"]
            owned.states.setdefault(row["id"], read_state(row))
    return owned
