"""Finding surges every minute: one row for each while it lasts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlmodel import col, select

from core.db import ReadSession, Transaction
from core.ids import uuid7
from domain.stats import MINUTE, floor
from domain.surge import OVER_AFTER, begun, is_under_way
from models import Surge
from resolvers.resources import Resources
from resolvers.surge.measure import Judged, judge_issues, judge_services

_Subject: TypeAlias = tuple[UUID, str, UUID | None]
# How many surges are under way at most: more than that are one thing, and need no names.
MOST_UNDER_WAY = 500


async def find_surges(res: Resources) -> Mapping[str, int]:
    """Leave a row for each surge that is under way, and ended what is over; return how many began and ended.

    The whole minutes until now are looked at.
    """
    at = floor(res.clock.now(), MINUTE)
    async with res.db.reading() as session:
        judged = await _judge(session, at)
    async with res.db.transaction() as tx:
        return await _record(tx, at, judged)


async def _judge(session: ReadSession, at: datetime) -> dict[_Subject, Judged]:
    """What is to be judged now: busy services, issues of those that surge, and all that surges already."""
    known: set[_Subject] = {(each.project_id, each.service, each.issue_id) for each in await _open(session)}
    services = await judge_services(session, at, besides={(project, service) for project, service, _ in known})
    found: dict[_Subject, Judged] = {(*service, None): judged for service, (_, judged) in services.items()}
    for service, (baseline, judged) in services.items():
        of_service = {issue for *of, issue in known if tuple(of) == service and issue is not None}
        if begun(judged) or (*service, None) in known or of_service:
            issues = await judge_issues(session, at, service, baseline, besides=of_service)
            found |= {(*service, issue_id): each for issue_id, each in issues.items()}
    return found


async def _record(tx: Transaction, at: datetime, judged: Mapping[_Subject, Judged]) -> Mapping[str, int]:
    rows = {(each.project_id, each.service, each.issue_id): each for each in await _open(tx.session)}
    done = {"began": 0, "ended": 0}
    for subject, windows in judged.items():
        row = rows.get(subject)
        if row is not None:
            done["ended"] += _go_on(row, at, windows)
        elif (new := _begin(subject, at, windows)) is not None and len(rows) + done["began"] < MOST_UNDER_WAY:
            tx.session.add(new)
            done["began"] += 1
    return done


def _begin(subject: _Subject, at: datetime, judged: Judged) -> Surge | None:
    """The surge that these windows show, begun with the shortest that is one; none where they show none."""
    found = begun(judged)
    if found is None:
        return None
    shortest = min(each.window for each in judged if each.is_surge)
    project_id, service, issue_id = subject
    return Surge(
        id=uuid7(at),
        project_id=project_id,
        service=service,
        issue_id=issue_id,
        began_at=at - shortest,
        last_seen_at=at,
        expected=found.expected,
        actual=found.actual,
        score=found.score,
        window_s=found.window // timedelta(seconds=1),
    )


def _go_on(row: Surge, at: datetime, judged: Judged) -> bool:
    """Whether the surge is over; its row says so, or how bad it was at its worst."""
    if not is_under_way(judged):
        if at - row.last_seen_at >= OVER_AFTER:
            row.ended_at = row.last_seen_at
        return row.ended_at is not None
    row.last_seen_at = at
    worst = begun(judged)
    if worst is not None and worst.score > row.score:
        row.expected, row.actual, row.score = worst.expected, worst.actual, worst.score
        row.window_s = worst.window // timedelta(seconds=1)
    return False


async def _open(session: Any) -> Sequence[Surge]:
    """Those that are under way."""
    rows: Sequence[Surge] = (await session.exec(select(Surge).where(col(Surge.ended_at).is_(None)))).all()
    return rows
