"""Taking what is due: what leaves now, and with what else in one message; killing anything loses no notification.

A claim is a short transaction that sets SENDING and a lease. While it holds, `next_attempt_at` is the lease's end,
so that one index finds what is due, what is to be retried, and what a dead worker left. Workers claim one after the
other, so that of what is due for one place the first alone goes at once, also where several look at the same moment.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Text, case, cast, func, or_, text, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.alert import AlertStatus
from domain.notification import NotificationStatus, Outcome, is_given_up, is_outdated
from domain.throttle import LOOK_BACK, Due, Place, Room, Sent, choose, most_that_count
from models import Alert, DeliveryAttempt, Issue, Notification
from resolvers.notification.bundle import OTHERS, bundle, carry
from resolvers.notification.waiting import ITS_ALERT, ITS_ISSUE, STATUS, TAKEN_AT, hold_back_outdated
from resolvers.resources import Resources

LOST = "The worker that was sending it went away."
_LOST_FOR_GOOD = Outcome(succeeded=False, detail=LOST, is_final=True)
_CARRIER_GAVE_UP = Outcome(succeeded=False, detail="The message that carried it was given up.", is_final=True)
_CLAIMING = 7_164_921_805_337
_MOST_LOOKED_AT = 256
_SENT = text(
    """
    SELECT place.channel, place.destination, recent.tried_at, recent.urgency
      FROM unnest(CAST(:channels AS text[]), CAST(:destinations AS text[]), CAST(:mosts AS int[]))
             AS place (channel, destination, most)
     CROSS JOIN LATERAL (
           SELECT tried_at, urgency FROM notification
            WHERE channel = place.channel AND destination = place.destination AND tried_at > :since
              AND carrier_id IS NULL AND issue_id IS NOT NULL
            ORDER BY tried_at DESC LIMIT place.most) AS recent
    """
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One notification that is ours to send until the lease ends; with a `verdict` it is not sent: it comes to that."""

    notification: Notification
    attempt: int
    at: datetime
    lease_until: datetime
    verdict: Outcome | None = None

    @property
    def place(self) -> Place:
        """Where it goes."""
        return self.notification.channel, self.notification.destination


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was taken, the most important first; `has_more`: not all that is due was looked at."""

    claims: Sequence[Claim]
    has_more: bool = False


async def claim_due(res: Resources, *, room: Room) -> Claimed:
    """Take what is due and there is room for, as `domain/throttle.py` chooses; nobody else has it now.

    What is too much for its place is left due later, and what waited for its place goes along with the next message
    there. What was gathered for a digest leaves together once that ends, and not before. Of all that waited, what
    somebody has meanwhile is held back for good, and not taken.
    """
    at = res.clock.now()
    if room.total <= 0:
        return Claimed(())
    async with res.db.transaction() as tx:
        await tx.session.exec(select(func.pg_advisory_xact_lock(_CLAIMING)))
        due, has_more = await _find_due(tx, room, at)
        factor = res.settings.notification_limit
        sent = await _find_sent(tx, {one.place for one in due if one.is_throttled}, at, factor) if factor else {}
        chosen = choose(due, sent, room, at=at, factor=factor)
        claims = [_claim(res, tx, row, at) for row in await _lock(tx, chosen.now, at)]
        leads = [claim.notification for claim in claims if claim.notification.id in chosen.bundles]
        await bundle(tx, leads, chosen.bundles, at)
        await carry(tx, [claim.notification.id for claim in claims if OTHERS in claim.notification.content])
        await _put_off(tx, chosen.later)
    return Claimed(claims, has_more and bool(claims or chosen.later))


async def _find_due(tx: Transaction, room: Room, at: datetime) -> tuple[list[Due], bool]:
    """What is due and has room, the most urgent first, and if there is more; what is outdated ends here."""
    its = Notification
    query = (
        select_columns(
            col(its.id),
            col(its.channel),
            col(its.destination),
            col(its.kind),
            col(its.urgency),
            col(its.attempt_count),
            col(its.throttled_until).is_not(None),
            col(its.issue_id).is_not(None),
            col(its.digest_at).is_not(None),
            col(its.created_at),
            _was_delayed(),
            STATUS,
            TAKEN_AT,
        )
        .outerjoin(Alert, ITS_ALERT)
        .outerjoin(Issue, ITS_ISSUE)
        .where(col(its.next_attempt_at) <= at, *_has_room(room))
        .order_by(col(its.urgency).desc(), col(its.next_attempt_at), col(its.id))
        .limit(_MOST_LOOKED_AT)
    )
    found = (await (await tx.session.connection()).execute(query)).all()
    due: list[Due] = []
    outdated: dict[UUID, AlertStatus] = {}
    for id, channel, destination, kind, *facts, written_at, delayed, status, taken_at in found:
        if is_outdated(status, taken_at, kind=kind, written_at=written_at, was_delayed=delayed):
            outdated[id] = status
        else:
            due.append(Due(id, (channel, destination), kind, *facts))
    await hold_back_outdated(tx, outdated)
    return due, len(found) == _MOST_LOOKED_AT


def _was_delayed() -> ColumnElement[bool]:
    """Whether it waited on purpose until now, by a rule, for a digest or since too much was sent.

    What was tried is tried to its end. The content is looked at only where it may say so: it is large.
    """
    its = Notification
    return case(
        (col(its.attempt_count) > 0, False),
        (or_(col(its.throttled_until).is_not(None), col(its.digest_at).is_not(None)), True),
        (col(its.next_attempt_at) > col(its.created_at), col(its.content)["is_delayed"].as_boolean().is_(True)),
        else_=False,
    )


def _has_room(room: Room) -> list[ColumnElement[bool]]:
    """The conditions that a notification may be begun now."""
    conditions: list[ColumnElement[bool]] = []
    if room.full_channels:
        conditions.append(col(Notification.channel).not_in(room.full_channels))
    if room.full_places:
        place = tuple_(cast(col(Notification.channel), Text), col(Notification.destination))
        conditions.append(place.not_in([(str(channel), destination) for channel, destination in room.full_places]))
    return conditions


async def _find_sent(
    tx: Transaction, places: Collection[Place], at: datetime, factor: float
) -> Mapping[Place, Sequence[Sent]]:
    """What was sent lately to these places, or is under way."""
    channels = [channel for channel, _ in places]
    asked = {
        "channels": [str(channel) for channel in channels],
        "destinations": [destination for _, destination in places],
        "mosts": [most_that_count(channel, factor) for channel in channels],
        "since": at - LOOK_BACK,
    }
    by_name = {(str(channel), destination): (channel, destination) for channel, destination in places}
    sent: dict[Place, list[Sent]] = {}
    connection = await tx.session.connection()
    for channel, destination, tried_at, urgency in (await connection.execute(_SENT, asked)).all():
        sent.setdefault(by_name[channel, destination], []).append(Sent(tried_at, urgency))
    return sent


async def _lock(tx: Transaction, ids: Sequence[UUID], at: datetime) -> list[Notification]:
    """These notifications, in that order, as far as they are still due and nobody else has them."""
    query = select(Notification).where(col(Notification.id).in_(ids), col(Notification.next_attempt_at) <= at)
    rows = {row.id: row for row in (await tx.session.exec(query.with_for_update(skip_locked=True))).all()}
    return [rows[id] for id in ids if id in rows]


def _claim(res: Resources, tx: Transaction, row: Notification, at: datetime) -> Claim:
    """Take the row, after noting the death of who had it before."""
    lease_until = at + timedelta(seconds=res.settings.notification_lease_s)
    tx.session.add(row)
    row.lease_until = row.next_attempt_at = lease_until
    row.throttled_until = None
    verdict = None
    if row.carrier_id is not None:
        verdict = _CARRIER_GAVE_UP
    elif row.status is NotificationStatus.SENDING:
        if is_given_up(row.attempt_count, most=res.settings.notification_attempts):
            return Claim(row, row.attempt_count, at, lease_until, _LOST_FOR_GOOD)
        lost = DeliveryAttempt(id=uuid7(at), notification_id=row.id, at=at, succeeded=False, detail=LOST, duration_ms=0)
        tx.session.add(lost)
    row.status, row.tried_at = NotificationStatus.SENDING, at
    row.attempt_count += 1
    return Claim(row, row.attempt_count, at, lease_until, verdict)


async def _put_off(tx: Transaction, later: Mapping[UUID, datetime]) -> None:
    """Leave these waiting until then."""
    if not later:
        return
    until = text(
        """
        UPDATE notification SET next_attempt_at = wait.until, throttled_until = wait.until
          FROM unnest(CAST(:ids AS uuid[]), CAST(:untils AS timestamptz[])) AS wait (id, until)
         WHERE notification.id = wait.id AND attempt_count = 0 AND next_attempt_at < wait.until
        """
    )
    connection = await tx.session.connection()
    await connection.execute(until, {"ids": list(later), "untils": list(later.values())})
