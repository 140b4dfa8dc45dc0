"""Telling people that they come on call by a schedule, when they do and before, and that they are relieved.

What was told is kept with the schedule, so that each hand-off is told once, by whichever worker.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, func, literal
from sqlmodel import col, or_, select

from core.away import is_away
from core.db import Transaction
from domain.event import Severity
from domain.notification import NotificationKind
from domain.schedule.definition import HORIZON, Definition
from domain.schedule.handoff import LATEST, HandOff, Said, say_beginning, say_end
from domain.schedule.shifts import ends, on_call
from models import Developer, Schedule, Shift
from resolvers.notification.plain import tell
from resolvers.resources import Resources
from resolvers.schedule.definition import read_definitions
from resolvers.schedule.people import SOMEBODY, names_in
from resolvers.schedule.waiting import unresolved_of, waiting_for

_log = structlog.get_logger()
_MOST_AT_ONCE = 50
_Telling: TypeAlias = Callable[[Resources, Transaction, Schedule], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Change:
    """A hand-off: who was on call before, and who is then, and since when."""

    schedule: Schedule
    definition: Definition
    before: frozenset[UUID]
    then: dict[UUID, datetime]

    @property
    def coming(self) -> set[UUID]:
        return self.then.keys() - self.before

    @property
    def went(self) -> frozenset[UUID]:
        return self.before - self.then.keys()

    def end_of(self, id: UUID, at: datetime) -> tuple[datetime | None, list[UUID]]:
        """Until when one of them is on call, and who comes then."""
        end = ends(self.definition, max(self.then[id], at)).get(id)
        return end, [other for other in on_call(self.definition, end) if other not in self.then] if end else []


async def tell_handoffs(res: Resources) -> int:
    """Leave those told who came on call, who went, and who will come soon; return of how many schedules.

    Each in a transaction of its own, so that one that fails holds up no other; what another worker has is left to it.
    """
    at, told = res.clock.now(), 0
    for due, telling in ((_has_changed(), _tell_changed), (_changes_soon(at), _tell_soon)):
        for schedule_id in await _due(res, due):
            told += await _take(res, schedule_id, due, telling)
    return told


async def _due(res: Resources, due: ColumnElement[bool]) -> Sequence[UUID]:
    query = select(Schedule.id).where(col(Schedule.notify_handoff), due).order_by(col(Schedule.id)).limit(_MOST_AT_ONCE)
    async with res.db.reading() as session:
        return (await session.exec(query)).all()


async def _take(res: Resources, schedule_id: UUID, due: ColumnElement[bool], telling: _Telling) -> bool:
    """Tell what is due of one schedule, and say whether it was ours to tell."""
    query = select(Schedule).where(col(Schedule.id) == schedule_id, col(Schedule.notify_handoff), due)
    try:
        async with res.db.transaction() as tx:
            held = await tx.session.exec(query.with_for_update(key_share=True, skip_locked=True))
            schedule = held.first()
            if schedule is None:
                return False
            await telling(res, tx, schedule)
            tx.session.add(schedule)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one schedule, the others must not wait for it
        log = _log.warning if is_away(error) else _log.exception
        log("hand-off not told", schedule_id=str(schedule_id), error=type(error).__name__)
        return False
    return True


def _has_changed() -> ColumnElement[bool]:
    """The condition that somebody came or went since people were told, as far as that is recorded."""
    its = select(Shift.id).where(
        col(Shift.schedule_id) == col(Schedule.id),
        col(Shift.ends_at) >= col(Schedule.told_until),
        or_(col(Shift.starts_at) >= col(Schedule.told_until), col(Shift.ends_at) < col(Schedule.recorded_until)),
    )
    return its.exists()


def _changes_soon(at: datetime) -> ColumnElement[bool]:
    """The condition that the next hand-off is as near as people want to be told before, and they were not."""
    ahead = func.make_interval(0, 0, 0, 0, 0, 0, col(Schedule.handoff_ahead_s))
    next_at = col(Schedule.next_change_at)
    return (next_at > at) & (next_at - ahead <= literal(at)) & next_at.is_distinct_from(col(Schedule.ahead_told_at))


async def _tell_changed(res: Resources, tx: Transaction, schedule: Schedule) -> None:
    """Tell who came and who went between the last time and the end of the record; who did both in between is not."""
    since, until = schedule.told_until, schedule.recorded_until
    touching = select(Shift).where(col(Shift.schedule_id) == schedule.id, col(Shift.ends_at) >= since)
    rows = (await tx.session.exec(touching)).all()
    before = {row.developer_id: row.ends_at for row in rows if row.starts_at < since}
    now = {row.developer_id: row.starts_at for row in rows if row.ends_at == until}
    definition = (await read_definitions(tx.session, [schedule], until, until + 2 * HORIZON))[schedule.id]
    await _tell_coming(res, tx, _Change(schedule, definition, frozenset(before), now))
    await _tell_gone(res, tx, schedule, {id: end for id, end in before.items() if id not in now}, now)
    schedule.told_until = until


async def _tell_soon(res: Resources, tx: Transaction, schedule: Schedule) -> None:
    """Tell who comes at the next hand-off."""
    at, next_at = res.clock.now(), schedule.next_change_at
    assert next_at is not None
    definition = (await read_definitions(tx.session, [schedule], at, next_at + 2 * HORIZON))[schedule.id]
    then = dict.fromkeys(on_call(definition, next_at), next_at)
    await _tell_coming(res, tx, _Change(schedule, definition, frozenset(on_call(definition, at)), then))
    schedule.ahead_told_at = next_at


async def _tell_coming(res: Resources, tx: Transaction, change: _Change) -> None:
    """Tell each of those who come."""
    at, schedule = res.clock.now(), change.schedule
    for person in await _developers(tx, change.coming):
        start = change.then[person.id]
        end, after = change.end_of(person.id, at)
        names = await _namer(tx, schedule, {*change.before, *change.then, *after})
        alerts, alert_count = await waiting_for(tx, schedule, person)
        handoff = HandOff(
            schedule=schedule.name,
            start=start,
            end=end,
            before=names(change.went),
            beside=names(id for id in change.then if id != person.id),
            after=names(after),
            alerts=alerts,
            alert_count=alert_count,
            left=await unresolved_of(tx, schedule, person, change.went),
        )
        dedup = f"handoff:{schedule.id}:{start.isoformat()}:{'soon' if start > at else 'on'}"
        await _tell(res, tx, person, say_beginning(handoff, person.timezone, at=at), dedup)


async def _tell_gone(
    res: Resources, tx: Transaction, schedule: Schedule, gone: dict[UUID, datetime], now: Collection[UUID]
) -> None:
    """Tell each of those who went, unless that is long ago."""
    late = {id for id, end in gone.items() if res.clock.now() - end > LATEST}
    names = await _namer(tx, schedule, now)
    for person in await _developers(tx, gone.keys() - late):
        said = say_end(schedule.name, gone[person.id], names(now), person.timezone)
        await _tell(res, tx, person, said, f"handoff:{schedule.id}:{gone[person.id].isoformat()}:off")


async def _tell(res: Resources, tx: Transaction, person: Developer, said: Said, dedup: str) -> None:
    await tell(
        res,
        tx,
        kind=NotificationKind.HANDOFF,
        severity=Severity.MEDIUM,
        recipient=person,
        subject=said.subject,
        text=said.text,
        reason=said.reason,
        dedup=dedup,
        facts=said.facts,
    )


async def _developers(tx: Transaction, ids: Collection[UUID]) -> Sequence[Developer]:
    query = select(Developer).where(col(Developer.id).in_(ids)).order_by(col(Developer.id))
    return (await tx.session.exec(query)).all()


async def _namer(
    tx: Transaction, schedule: Schedule, people: Collection[UUID]
) -> Callable[[Iterable[UUID]], list[str]]:
    """What calls people by their names, in the order of these."""
    known = (await names_in(tx.session, [schedule.id], people))[schedule.id]
    return lambda ids: sorted(known.get(id, SOMEBODY) for id in ids)
