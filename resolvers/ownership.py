"""Whose an issue is by the rules of its project, from the event that calls for somebody."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, func, select

from core.db import Transaction
from domain.ownership import Origin, OwnershipRule, ownership_from_json, owning_rule, words
from domain.policy import Target, TargetKind
from domain.wording import listed
from models import Developer, Event, Issue, IssueCounter, Project, Team

_OWNED = "owned"

# An issue, and the event that calls for somebody; none: its latest.
Subject: TypeAlias = tuple[Issue, UUID | None]


@dataclass(frozen=True, slots=True)
class Owned:
    """To whom an issue belongs: one team, or some developers; and why, for a person to read."""

    owners: tuple[Target, ...]
    why: str

    @property
    def team_id(self) -> UUID | None:
        """The team, if one it is."""
        return next((owner.id for owner in self.owners if owner.kind is TargetKind.TEAM), None)


async def owned_by(tx: Transaction, subject: Subject) -> Owned | None:
    """To whom the issue belongs by the first rule of its project that fits the event; none where none does."""
    key = _key(subject)
    if key not in tx.memory:
        await warm_owners(tx, [subject])
    known: Owned | None = tx.memory[key]
    return known


async def warm_owners(tx: Transaction, subjects: Collection[Subject]) -> None:
    """Leave known to the transaction to whom each of these belongs; one statement, where no project has rules."""
    rules = await _rules(tx, {issue.project_id for issue, _ in subjects})
    ruled = [subject for subject in subjects if subject[0].project_id in rules]
    payloads = await _payloads(tx, ruled) if ruled else {}
    fit = {
        _key(subject): owning_rule(
            rules[subject[0].project_id], Origin.of(subject[0].service, payloads.get(_key(subject)))
        )
        for subject in ruled
    }
    names = await _names(tx, {owner for rule in fit.values() if rule for owner in rule.owners})
    for subject in subjects:
        rule = fit.get(_key(subject))
        tx.memory[_key(subject)] = _owned(rule, names) if rule else None


def _key(subject: Subject) -> tuple[str, UUID, UUID | None]:
    return _OWNED, subject[0].id, subject[1]


def _owned(rule: OwnershipRule, names: Mapping[UUID, str]) -> Owned:
    owners = listed([names[owner.id] for owner in rule.owners if owner.id in names])
    return Owned(rule.owners, f"{words(rule)} belongs to {owners}")


async def _rules(tx: Transaction, project_ids: Collection[UUID]) -> dict[UUID, tuple[OwnershipRule, ...]]:
    """The rules of those of these projects that have any."""
    query = select(Project.id, Project.ownership_rules).where(
        col(Project.id).in_(project_ids), func.jsonb_array_length(col(Project.ownership_rules)) > 0
    )
    return {id: ownership_from_json(stored) for id, stored in (await tx.session.exec(query)).all()}


async def _payloads(tx: Transaction, subjects: Collection[Subject]) -> dict[tuple[str, UUID, UUID | None], Any]:
    """What is stored of the events of these, as far as it still is."""
    unnamed = [issue.id for issue, event_id in subjects if event_id is None]
    counters = select(IssueCounter.issue_id, IssueCounter.last_event_id).where(col(IssueCounter.issue_id).in_(unnamed))
    latest = dict((await tx.session.exec(counters)).all()) if unnamed else {}
    about = {_key((issue, id)): (issue.project_id, id or latest.get(issue.id)) for issue, id in subjects}
    query = select(Event.project_id, Event.id, Event.payload)
    its = tuple_(col(Event.project_id), col(Event.id))
    found = (await tx.session.exec(query.where(its.in_([pair for pair in about.values() if pair[1]])))).all()
    payloads = {(project_id, id): payload for project_id, id, payload in found}
    return {key: payloads[pair] for key, pair in about.items() if pair in payloads}


async def _names(tx: Transaction, owners: Iterable[Target]) -> dict[UUID, str]:
    """The names of these teams and developers."""
    ids = {owner.id for owner in owners}
    if not ids:
        return {}
    teams = select(Team.id, Team.name).where(col(Team.id).in_(ids))
    people = select(Developer.id, Developer.name).where(col(Developer.id).in_(ids))
    return {**dict((await tx.session.exec(teams)).all()), **dict((await tx.session.exec(people)).all())}
