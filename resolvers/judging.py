"""Holding what is judged together: many triage rows and their issues in few statements, in one order of locks.

What judging asks for is read for all of them at once, and left known to the transaction (`Transaction.memory`).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, text, tuple_
from sqlmodel import col, select

from core.db import Transaction
from domain.access import system
from domain.alert import AlertStatus, AlertTrigger
from domain.issue import IssueStatus
from domain.routing import likely
from models import Alert, Issue, Triage
from resolvers.candidates import Line, candidates, warm_candidates
from resolvers.contact.person import warm_people
from resolvers.issue.hold import Hold
from resolvers.notification.content import warm_content
from resolvers.ownership import warm_owners
from resolvers.resources import Resources
from resolvers.routing import lines_of, warm_shared_teams
from resolvers.turn import turn_of

_TURNS = text("SELECT pg_advisory_xact_lock(turn) FROM unnest(CAST(:turns AS bigint[])) AS turns (turn)")


async def hold_waiting(
    res: Resources, tx: Transaction, waiting: Sequence[tuple[UUID, UUID]]
) -> tuple[list[tuple[Triage, Hold]], list[tuple[UUID, UUID]]]:
    """Take those of these rows (with the ids of their issues) that are free, each with its issue, which is held.

    They are gone when the transaction commits. Those whose issue was merged away are returned besides. As in ADR 0004
    turns come first, then issues by their ids, then all else.
    """
    held = await hold_issues(res, tx, {issue_id for _, issue_id in waiting})
    asked = [pair for pair in waiting if pair[1] in held]
    claimed = select(Triage).where(tuple_(col(Triage.id), col(Triage.issue_id)).in_(asked)).order_by(col(Triage.id))
    rows = (await tx.session.exec(claimed.with_for_update(skip_locked=True))).all()
    await tx.session.exec(delete(Triage).where(col(Triage.id).in_([row.id for row in rows])))
    return [(row, held[row.issue_id]) for row in rows], [pair for pair in waiting if pair[1] not in held]


async def hold_issues(res: Resources, tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Hold]:
    """Hold those of these issues that were not merged away, by their ids: turns first, then issues, then alerts."""
    connection = await tx.session.connection()
    await connection.execute(_TURNS, {"turns": sorted(map(turn_of, ids))})
    query = select(Issue).where(col(Issue.id).in_(ids), col(Issue.merged_into_id).is_(None)).order_by(col(Issue.id))
    issues = {issue.id: issue for issue in (await tx.session.exec(query.with_for_update(key_share=True))).all()}
    alerts = await _open_alerts(tx, issues)
    at = res.clock.now()
    return {id: Hold(res, tx, system(), issue, alerts.get(id), at) for id, issue in issues.items()}


async def warm_up(res: Resources, tx: Transaction, cases: Sequence[tuple[Triage, Hold]]) -> None:
    """Leave known to the transaction what judging these is going to ask for."""
    ringing = [(row, held.issue) for row, held in cases if held.issue.status is IssueStatus.UNRESOLVED]
    await warm_content(tx, [(issue.project_id, issue.id, row.event_id) for row, issue in ringing])
    # Of what has regressed somebody else may be told besides whose it is.
    subjects = [
        (issue, row.event_id)
        for row, issue in ringing
        if issue.assignee_id is None or row.trigger is AlertTrigger.REGRESSION
    ]
    if not subjects:
        return
    await warm_owners(tx, subjects)
    asked = Counter([await lines_of(tx, subject) for subject in subjects])
    await warm_candidates(tx, res.clock.now(), list({line for lines in asked for line in lines}))
    chosen = await _likely(res, tx, asked)
    await warm_people(tx, {id for ids in chosen.values() for id in ids})
    await warm_shared_teams(tx, [(id, lines[0].project_id) for lines, ids in chosen.items() for id in ids])


async def _open_alerts(tx: Transaction, issue_ids: Collection[UUID]) -> Mapping[UUID, Alert]:
    query = select(Alert).where(col(Alert.issue_id).in_(issue_ids), Alert.status != AlertStatus.RESOLVED)
    found = (await tx.session.exec(query.order_by(col(Alert.id)).with_for_update(key_share=True))).all()
    return {alert.issue_id: alert for alert in found}


async def _likely(
    res: Resources, tx: Transaction, asked: Mapping[tuple[Line, ...], int]
) -> dict[tuple[Line, ...], list[UUID]]:
    """Who is going to be given so many issues for which these lines are asked: the first in which anybody is."""
    at = res.clock.now()
    found: dict[tuple[Line, ...], list[UUID]] = {}
    for lines, count in asked.items():
        likely_ones = [likely(list((await candidates(tx, at, line)).values()), count) for line in lines]
        found[lines] = next(filter(None, likely_ones), [])
    return found
