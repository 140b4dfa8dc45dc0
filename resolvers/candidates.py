"""Who may get issues of which services: read and locked together for all that one transaction gives away."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import col, or_, select

from core.db import AnySelect, Transaction
from domain.access import Role
from domain.issue import IssueStatus
from domain.policy import Target, TargetKind
from domain.routing import Candidate
from models import Developer, DeveloperService, Issue, Schedule, TeamMember, TeamProject
from resolvers.developer.on_duty import duties_by_hand, latest
from resolvers.developer.time_off import is_off
from resolvers.schedule.present import OnCall, on_call_now

_EVERYWHERE = (Role.OWNER, Role.ADMIN)
_KEY = "candidates"

Candidates: TypeAlias = dict[UUID, Candidate]
_Facts: TypeAlias = tuple[int, datetime | None]
_Until: TypeAlias = tuple[UUID, datetime | None]


class Line(NamedTuple):
    """Who may get the issues of a service of a project: those who know it, in any team, or in that team.

    With owners it is they, whatever they know: developers, and members of teams.
    """

    project_id: UUID
    service: str
    team_id: UUID | None = None
    owners: tuple[Target, ...] = ()

    def owning(self, kind: TargetKind) -> list[UUID]:
        """The ids of its owners of that kind."""
        return [owner.id for owner in self.owners if owner.kind is kind]


async def candidates(tx: Transaction, at: datetime, line: Line, *others: Line) -> Candidates:
    """Those who may get an issue of that line; who of them is on call stays locked until the transaction ends.

    `others` are lines that are going to be asked for next, so that all are locked in one order.
    """
    if unknown := [one for one in (line, *others) if (_KEY, one) not in tx.memory]:
        await warm_candidates(tx, at, unknown)
    known: Candidates = tx.memory[_KEY, line]
    return known


async def warm_candidates(tx: Transaction, at: datetime, lines: Collection[Line]) -> None:
    """Leave all of these known to the transaction, and locked in the order of their ids, so that no two wait crosswise.

    Lock issues before, not after.
    """
    services = {line.service for line in lines}
    on_call = await on_call_now(tx.session, at, services=services)
    teams = await _on_call_in_teams(tx, at, {id for line in lines for id in line.owning(TargetKind.TEAM)})
    knowing = await _those_who_know(tx, at, [line for line in lines if not line.owners], on_call)
    knowing |= await _those_who_own(tx, at, [line for line in lines if line.owners])
    ids = {id for found in knowing.values() for id in found}
    by_hand = await duties_by_hand(tx.session, at, ids)
    duties = {line: latest([*by_hand, *_for(on_call, line.service, ids), *_in(teams, line)]) for line in knowing}
    await tx.session.flush()
    on_duty = {id for line, found in knowing.items() for id in found if id in duties[line]}
    facts = await _lock(tx, on_duty) | await _facts(tx, ids - on_duty)
    loads = await _loads(tx, ids)
    for line, found in knowing.items():
        tx.memory[_KEY, line] = {
            id: _candidate(id, facts[id], duties[line], loads.get(id, 0)) for id in found if id in facts
        }


def note_given(tx: Transaction, developer_id: UUID, before: UUID | None, at: datetime) -> None:
    """Leave it known to the transaction that the developer has an issue more, and who had it before one less."""
    for key, known in tx.memory.items():
        if not isinstance(key, tuple) or key[0] != _KEY:
            continue
        if developer_id != before and (one := known.get(developer_id)):
            known[developer_id] = replace(one, load=one.load + 1, last_assigned_at=at)
        if before is not None and developer_id != before and (one := known.get(before)):
            known[before] = replace(one, load=one.load - 1)


def may_triage(project_id: UUID) -> ColumnElement[bool]:
    """The condition that a developer may act on the issues of the project."""
    in_team = (
        select(TeamMember.developer_id)
        .join(TeamProject, col(TeamProject.team_id) == col(TeamMember.team_id))
        .where(col(TeamProject.project_id) == project_id, col(TeamMember.developer_id) == col(Developer.id))
        .exists()
    )
    return or_(col(Developer.role).in_(_EVERYWHERE), (col(Developer.role) == Role.DEVELOPER) & in_team)


def _named(on_call: Iterable[OnCall], service: str) -> set[UUID]:
    """Who is on call by a schedule that names the service, and so counts as knowing it."""
    return {one.developer_id for one in on_call if service in one.services}


def _for(on_call: Iterable[OnCall], service: str, ids: Collection[UUID]) -> list[_Until]:
    """Until when those are on call by a schedule that is for the service."""
    return [
        (one.developer_id, one.until)
        for one in on_call
        if one.developer_id in ids and (not one.services or service in one.services)
    ]


def _in(teams: Mapping[UUID, Sequence[_Until]], line: Line) -> list[_Until]:
    """Until when people are on call by schedules of the teams that own the line."""
    return [duty for team_id in line.owning(TargetKind.TEAM) for duty in teams.get(team_id, ())]


async def _on_call_in_teams(tx: Transaction, at: datetime, team_ids: Collection[UUID]) -> Mapping[UUID, list[_Until]]:
    """Who is on call by any schedule of each team, whatever services it is for, and until when."""
    if not team_ids:
        return {}
    query = select(Schedule.id, Schedule.team_id).where(col(Schedule.team_id).in_(team_ids))
    team_of = dict((await tx.session.exec(query)).all())
    found: defaultdict[UUID, list[_Until]] = defaultdict(list)
    for one in await on_call_now(tx.session, at, schedule_ids=team_of) if team_of else ():
        if (team_id := team_of[one.schedule_id]) is not None:
            found[team_id].append((one.developer_id, one.until))
    return found


async def _those_who_own(tx: Transaction, at: datetime, lines: Collection[Line]) -> dict[Line, set[UUID]]:
    """Who owns each line, themselves or in a team, may triage the project, and is not off."""
    if not lines:
        return {}
    team_ids = {id for line in lines for id in line.owning(TargetKind.TEAM)}
    members: defaultdict[UUID, set[UUID]] = defaultdict(set)
    query = select(TeamMember.team_id, TeamMember.developer_id).where(col(TeamMember.team_id).in_(team_ids))
    for team_id, developer_id in (await tx.session.exec(query)).all():
        members[team_id].add(developer_id)
    people = {
        line: {*line.owning(TargetKind.DEVELOPER), *chain(*(members[id] for id in line.owning(TargetKind.TEAM)))}
        for line in lines
    }
    for project_id in sorted({line.project_id for line in lines}):
        here = [line for line in lines if line.project_id == project_id]
        ids = {id for line in here for id in people[line]}
        fit = select(Developer.id).where(col(Developer.id).in_(ids), may_triage(project_id), ~is_off(at))
        found = set((await tx.session.exec(fit)).all())
        for line in here:
            people[line] &= found
    return people


async def _those_who_know(
    tx: Transaction, at: datetime, lines: Collection[Line], on_call: Collection[OnCall]
) -> dict[Line, set[UUID]]:
    """Who in the project, or in the team, knows the service, of themselves or by a schedule, and is not off."""
    knowing: dict[Line, set[UUID]] = {line: set() for line in lines}
    named = {line: _named(on_call, line.service) for line in lines}
    for project_id, team_id in sorted({(line.project_id, line.team_id) for line in lines}, key=str):
        here = [line for line in lines if (line.project_id, line.team_id) == (project_id, team_id)]
        fit = [may_triage(project_id), ~is_off(at)]
        if team_id is not None:
            fit.append(col(Developer.id).in_(select(TeamMember.developer_id).where(TeamMember.team_id == team_id)))
        of_themselves = (
            select(DeveloperService.service, Developer.id)
            .join(Developer, col(Developer.id) == col(DeveloperService.developer_id))
            .where(col(DeveloperService.service).in_([line.service for line in here]), *fit)
        )
        for service, id in (await tx.session.exec(of_themselves)).all():
            knowing[Line(project_id, service, team_id)].add(id)
        by_schedule = {id for line in here for id in named[line]}
        query = select(Developer.id).where(col(Developer.id).in_(by_schedule), *fit)
        found = set((await tx.session.exec(query)).all()) if by_schedule else set()
        for line in here:
            knowing[line] |= found & named[line]
    return knowing


async def _lock(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, _Facts]:
    """Lock them in the order of their ids; return the most each may have, and when they were given one last."""
    return await _read(tx, _facts_of(ids).order_by(col(Developer.id)).with_for_update(key_share=True))


async def _facts(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, _Facts]:
    return await _read(tx, _facts_of(ids)) if ids else {}


async def _read(tx: Transaction, query: AnySelect) -> dict[UUID, _Facts]:
    connection = await tx.session.connection()
    return {id: (most, last) for id, most, last in (await connection.execute(query)).all()}


def _facts_of(ids: Collection[UUID]) -> AnySelect:
    columns = (col(Developer.id), col(Developer.max_load), col(Developer.last_assigned_at))
    return select_columns(*columns).where(col(Developer.id).in_(ids))


async def _loads(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many open issues each of them has, in all projects."""
    query = (
        select(Issue.assignee_id, func.count())
        .where(
            col(Issue.assignee_id).in_(ids),
            col(Issue.status) == IssueStatus.UNRESOLVED,
            col(Issue.merged_into_id).is_(None),
        )
        .group_by(col(Issue.assignee_id))
    )
    return {id: count for id, count in (await tx.session.exec(query)).all() if id is not None}


def _candidate(id: UUID, facts: _Facts, duties: Mapping[UUID, datetime | None], load: int) -> Candidate:
    max_load, last_assigned_at = facts
    return Candidate(
        developer_id=id,
        is_on_call=id in duties,
        on_call_until=duties.get(id),
        load=load,
        max_load=max_load,
        last_assigned_at=last_assigned_at,
    )
