"""The account at the end: what was acknowledged is stored once, and each who watched was told what the feed has."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from bench.listeners import Listener
from domain.feed import START, Position
from schema.node import read_id

# Once more, not by the facts that the streams go by but by what is stored.
_FEED = """
SELECT f.xid, f.id, f.kind, f.subject_id, e.event_id, coalesce(e.service, i.service) AS service, e.severity,
       (f.facts ->> 'isNew')::boolean AS is_new
  FROM feed f
  LEFT JOIN event e ON f.kind = 'EVENT_LOGGED' AND e.project_id = f.project_id AND e.id = f.subject_id
  LEFT JOIN issue i ON i.id = f.issue_id
 WHERE f.kind IN ('EVENT_LOGGED', 'ISSUE_CHANGED') AND f.xid >= $1::xid8
 ORDER BY f.xid, f.id"""
_STORED = "SELECT event_id FROM event"
_TOLD = """
SELECT e.event_id FROM feed f JOIN event e ON e.project_id = f.project_id AND e.id = f.subject_id
 WHERE f.kind = 'EVENT_LOGGED'"""
_SUMS = """
SELECT (SELECT count(*) FROM event) AS events,
       (SELECT sum(event_count)::bigint FROM issue_counter) AS issues,
       (SELECT sum(event_count)::bigint FROM hourly_count) AS hours,
       (SELECT sum(event_count)::bigint FROM daily_count) AS days"""


@dataclass(frozen=True)
class Account:
    """How much was lost and doubled, of what was acknowledged and of what was to be told."""

    lost: int
    doubled: int
    notes: tuple[str, ...] = ()

    def __add__(self, other: "Account") -> "Account":
        return Account(self.lost + other.lost, self.doubled + other.doubled, self.notes + other.notes)


async def count_missing(database: "asyncpg.Connection[Any]", acknowledged: Collection[str]) -> int:
    """How many of what was acknowledged are not yet stored."""
    stored = {row["event_id"] for row in await database.fetch(_STORED)}
    return len(set(acknowledged) - stored)


async def find_rows(database: "asyncpg.Connection[Any]", listeners: Sequence[Listener]) -> list[Any]:
    """All rows of the feed that somebody could be told of, in its order."""
    began = (each.started.xid for each in listeners if each.started is not None)
    return await database.fetch(_FEED, min(began, default=START.xid))


async def count_rows(database: "asyncpg.Connection[Any]") -> int:
    """How many rows the feed has."""
    return int(await database.fetchval("SELECT count(*) FROM feed"))


def end_of(rows: Sequence[Any]) -> Position:
    """Where the last of them stands."""
    return _place(rows[-1]) if rows else START


async def account_of_events(database: "asyncpg.Connection[Any]", acknowledged: Collection[str]) -> Account:
    """Each event that was acknowledged is stored once, told once, and counted once in each sum."""
    account = Account(0, 0)
    for name, query in (("stored", _STORED), ("in the feed", _TOLD)):
        found = Counter(row["event_id"] for row in await database.fetch(query))
        lost = len(set(acknowledged) - found.keys())
        doubled = sum(found[id] - 1 for id in acknowledged if id in found)
        account += Account(lost, doubled, (f"{name}: {lost} lost, {doubled} doubled",) if lost or doubled else ())
    sums = dict(await database.fetchrow(_SUMS) or {})
    events = sums.pop("events")
    for name, count in sums.items():
        if count != events:
            note = f"{events} events, but by {name} {count}"
            account += Account(max(0, events - count), max(0, count - events), (note,))
    return account


def account_of(listener: Listener, rows: Sequence[Any], settled: Position) -> Account:
    """What was told is what the feed has since it began, in that order, until `settled` or, if later, where it stands.

    `settled` is the end of the feed when all had been given the time to hear of it: who has not has stalled.
    """
    if listener.started is None:
        return Account(
            1, 0, (f"{listener.watch.name}: it was never told where it begins, came {dict(listener.comes)}",)
        )
    heard = listener.heard.positions()
    until = max(settled, listener.place)
    expected = {_place(row): _id(row) for row in expected_of(listener, rows) if _place(row) <= until}
    lost = len(expected.keys() - set(heard))
    strange = len(set(heard) - expected.keys())
    doubled = len(heard) - len(set(heard)) + strange
    others = sum(
        expected.get(place, id) != _bare(listener, id) for place, id in zip(heard, listener.heard.ids, strict=True)
    )
    unordered = int(heard != sorted(heard)) + listener.backwards
    if not (lost or doubled or others or unordered):
        return Account(0, 0)
    note = (
        f"{listener.watch.name}: {lost} lost, {doubled} doubled ({strange} of them not to be told), "
        f"{others} told as another, {unordered} out of order, first missing "
        f"{min(expected.keys() - set(heard), default=None)}, resets {listener.resets}, came {dict(listener.comes)}"
    )
    return Account(lost + others, doubled + unordered, (note,))


class Due:
    """How many each is to have been told, counted once for each that has begun: to count takes seconds."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows
        self._counts: dict[Listener, int] = {}

    def is_told_to(self, listener: Listener) -> bool:
        """Whether it has begun, and has been told as many as there are for it."""
        if listener.started is None:
            return False
        if listener not in self._counts:
            self._counts[listener] = len(expected_of(listener, self.rows))
        return len(listener.heard) >= self._counts[listener]


def expected_of(listener: Listener, rows: Sequence[Any]) -> list[Any]:
    """What one is to have been told since it began; nothing while it has not."""
    if listener.started is None:
        return []
    return [row for row in rows if _place(row) > listener.started and listener.watch.lets_through(row)]


def _place(row: Any) -> Position:
    return Position(row["xid"], row["id"])


def _id(row: Any) -> str:
    return str(row["event_id"] or row["subject_id"])


def _bare(listener: Listener, id: str) -> str:
    return id if listener.watch.is_of_events else str(read_id(id, "Activity"))
