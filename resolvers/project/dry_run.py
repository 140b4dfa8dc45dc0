"""What would rules of grouping change? The newest events are grouped anew, and nothing is written."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy
from sqlmodel import col, select

from core.ids import lowest_uuid7
from domain.access import Actor, Scope
from domain.claims import Key, claim_keys
from domain.rules import GroupingRules, Rulebook, check_rules, without_rules
from domain.versions import PRESENT
from models import Event, GroupingKey, Project
from resolvers.event.report import stored_report
from resolvers.resources import Resources
from resolvers.sight import in_sight

MOST_EVENTS = 1000
SPAN = timedelta(days=7)
_PAGE = 100
# Grouping is work for the processor; after so many the loop sees to others.
_STRETCH = 10


@dataclass(frozen=True, slots=True)
class Move:
    """So many events of an issue would be in another one: in `to_id`, or else in the new issue of that number."""

    from_id: UUID
    to_id: UUID | None
    new_number: int | None
    events: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What was found: how many events were looked at, back to when, whether there are older ones, and what moves."""

    examined: int
    since: datetime
    is_cut: bool
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class _Regrouped:
    """An event's issue, and the keys that it would have, with those of the version before while they are looked up."""

    issue_id: UUID
    keys: tuple[Key, ...]
    old_keys: tuple[Key, ...]

    @property
    def all_keys(self) -> tuple[Key, ...]:
        return self.keys + self.old_keys


async def try_grouping_rules(res: Resources, actor: Actor, *, project: str, rules: GroupingRules) -> DryRun | None:
    """Which of the project's newest events, at most 1,000 of the last week, the rules would have led elsewhere.

    As if those events had come one by one, oldest first, with the rules in force, to the issues that exist now. None
    where the project is out of sight.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    rulebook = Rulebook(check_rules(rules))
    async with res.db.reading() as session:
        query = select(Project.id).where(Project.slug == project, in_sight(actor, col(Project.id)))
        project_id = (await session.exec(query)).first()
    if project_id is None:
        return None
    regrouped, since = await _regrouped(res, project_id, rulebook)
    is_cut = len(regrouped) >= MOST_EVENTS
    return DryRun(len(regrouped), since, is_cut, await _moves(res, regrouped[::-1]))


async def _regrouped(res: Resources, project_id: UUID, rulebook: Rulebook) -> tuple[list[_Regrouped], datetime]:
    """The newest events by the page, newest first, and since when these are all."""
    since = res.clock.now() - SPAN
    found: list[_Regrouped] = []
    before = None
    while len(found) < MOST_EVENTS:
        page = await _page(res, project_id, since, before)
        found += await _regroup(page, rulebook)
        if len(page) < _PAGE:
            return found, since
        oldest = page[-1][0]
        before = oldest.id
    return found, oldest.received_at


async def _page(res: Resources, project_id: UUID, since: datetime, before: UUID | None) -> list[tuple[Event, UUID]]:
    """The next events, newest first, each with its issue."""
    query = (
        sqlalchemy.select(Event, col(GroupingKey.issue_id))
        .join(GroupingKey, col(GroupingKey.id) == col(Event.grouping_key_id))
        .where(
            col(Event.project_id) == project_id,
            col(Event.id) >= lowest_uuid7(since.date() - timedelta(days=1)),
            col(Event.received_at) >= since,
        )
        .order_by(col(Event.id).desc())
        .limit(_PAGE)
    )
    if before is not None:
        query = query.where(col(Event.id) < before)
    async with res.db.reading() as session:
        return [(event, issue_id) for event, issue_id in await session.rows(query)]


async def _regroup(page: Sequence[tuple[Event, UUID]], rulebook: Rulebook) -> list[_Regrouped]:
    regrouped = []
    for place, (event, issue_id) in enumerate(page):
        report = stored_report(event)
        without_rules(report)
        rulebook.apply(report)
        keys = tuple((event.project_id, key.hash) for key in PRESENT.current(report).keys)
        old = tuple((event.project_id, hash) for hash in PRESENT.old_hashes(report))
        regrouped.append(_Regrouped(issue_id, keys, old))
        if place % _STRETCH == _STRETCH - 1:
            await asyncio.sleep(0)
    return regrouped


async def _moves(res: Resources, events: Sequence[_Regrouped]) -> tuple[Move, ...]:
    """What leaves its issue, most first; new issues are numbered in that order."""
    owned = await _owners(res, {key for event in events for key in event.all_keys})
    old = {key for event in events for key in event.old_keys}
    claimed = claim_keys((event.all_keys for event in events), owned, uuid4, old)
    led = [next(owned.get(key) or claimed[key] for key in event.keys) for event in events]
    counts = Counter((event.issue_id, to) for event, to in zip(events, led, strict=True) if event.issue_id != to)
    existing = {*owned.values(), *(event.issue_id for event in events)}
    numbers: dict[UUID, int] = {}
    for (_, to), _ in counts.most_common():
        if to not in existing:
            numbers.setdefault(to, len(numbers) + 1)
    return tuple(
        Move(from_id, None if to in numbers else to, numbers.get(to), count)
        for (from_id, to), count in counts.most_common()
    )


async def _owners(res: Resources, keys: set[Key]) -> dict[Key, UUID]:
    hashes, projects = {key[1] for key in keys}, {key[0] for key in keys}
    query = select(GroupingKey).where(col(GroupingKey.project_id).in_(projects), col(GroupingKey.hash).in_(hashes))
    async with res.db.reading() as session:
        return {(key.project_id, key.hash): key.issue_id for key in (await session.exec(query)).all()}
