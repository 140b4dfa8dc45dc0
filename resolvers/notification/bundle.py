"""One message for all that waited for a place: the most urgent in full, and what else there is in a few words.

It waited since too much was sent there, or was gathered for a digest that ends now.

Each notification stays a row of its own. While it travels in the message of another, its carrier, it has no timer:
it is sent, tried again and given up with its carrier.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, cast, or_, text, tuple_, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from core.db import Transaction
from domain.alert import AlertStatus
from domain.notification import NotificationStatus, is_outdated
from domain.throttle import severity_of
from models import Alert, Issue, Notification
from resolvers.notification.waiting import ITS_ALERT, ITS_ISSUE, STATUS, TAKEN_AT, hold_back_outdated

OTHERS = "others"
MOST_SHOWN = 10
_JOIN = text(
    """
    UPDATE notification SET carrier_id = pair.carrier_id, next_attempt_at = NULL, throttled_until = NULL
      FROM unnest(CAST(:ids AS uuid[]), CAST(:carriers AS uuid[])) AS pair (id, carrier_id)
     WHERE notification.id = pair.id
    """
)


@dataclass(frozen=True, slots=True, order=True)
class _Other:
    """One that goes along, the most urgent and oldest first."""

    calm: int
    id: UUID


async def bundle(
    tx: Transaction, rows: Sequence[Notification], named: Mapping[UUID, Sequence[UUID]], at: datetime
) -> None:
    """Leave with each of these, which are claimed, those named for it, and with one of them all that waited.

    That is what was kept waiting for its place, and was gathered for a digest there that has ended by `at`. What
    somebody has meanwhile is held back for good instead.
    """
    if not rows:
        return
    await tx.session.flush()
    # Of two for one place, the digest has the rest.
    in_order = sorted(rows, key=lambda row: row.digest_at is not None)
    leads = {(str(row.channel), row.destination): row.id for row in in_order}
    lead_of = {id: row.id for row in rows for id in named[row.id]}
    joined: defaultdict[UUID, list[_Other]] = defaultdict(list)
    outdated: dict[UUID, AlertStatus] = {}
    for id, channel, destination, kind, urgency, written_at, status, taken_at in await _find(tx, leads, lead_of, at):
        if is_outdated(status, taken_at, kind=kind, written_at=written_at, was_delayed=True):
            outdated[id] = status
        else:
            lead_id = lead_of.get(id) or leads[str(channel), destination]
            joined[lead_id].append(_Other(-urgency, id))
    await hold_back_outdated(tx, outdated)
    if not joined:
        return
    pairs = [(other.id, carrier_id) for carrier_id, others in joined.items() for other in others]
    ids, carriers = [id for id, _ in pairs], [carrier_id for _, carrier_id in pairs]
    connection = await tx.session.connection()
    await connection.execute(_JOIN, {"ids": ids, "carriers": carriers})
    await _tell_of(tx, [(row, sorted(joined[row.id])) for row in rows if row.id in joined])


async def carry(tx: Transaction, carrier_ids: Sequence[UUID]) -> None:
    """Leave what travels with these, which are claimed, as they are: being sent, for one more time."""
    if not carrier_ids:
        return
    going = update(Notification).where(
        col(Notification.carrier_id).in_(carrier_ids), col(Notification.next_attempt_at).is_(None)
    )
    tried = Notification.attempt_count + 1
    await tx.session.exec(going.values(status=NotificationStatus.SENDING, attempt_count=tried))


async def _find(
    tx: Transaction, places: Collection[tuple[str, str]], ids: Collection[UUID], at: datetime
) -> Sequence[Any]:
    """What waited for these places, and these, with where their alerts stand; locked, but who has them."""
    its = Notification
    place = tuple_(cast(col(its.channel), Text), col(its.destination))
    waits = and_(col(its.throttled_until).is_not(None), place.in_(places))
    is_gathered = and_(col(its.digest_at).is_not(None), col(its.next_attempt_at) <= at, place.in_(places))
    query = (
        select_columns(
            col(its.id),
            col(its.channel),
            col(its.destination),
            col(its.kind),
            col(its.urgency),
            col(its.created_at),
            STATUS,
            TAKEN_AT,
        )
        .outerjoin(Alert, ITS_ALERT)
        .outerjoin(Issue, ITS_ISSUE)
        .where(
            or_(waits, is_gathered, col(its.id).in_(ids)),
            col(its.status) == NotificationStatus.PENDING,
            col(its.attempt_count) == 0,
            col(its.carrier_id).is_(None),
        )
        .with_for_update(skip_locked=True, of=its)
    )
    return (await (await tx.session.connection()).execute(query)).all()


async def _tell_of(tx: Transaction, bundles: Sequence[tuple[Notification, Sequence[_Other]]]) -> None:
    """Leave in the content of each carrier what it says of the others: how many, how bad, and of some which."""
    shown = [other.id for _, others in bundles for other in others[:MOST_SHOWN]]
    found = (await tx.session.exec(select(Notification).where(col(Notification.id).in_(shown)))).all()
    by_id = {row.id: row for row in found}
    for carrier, others in bundles:
        counts = Counter(-other.calm for other in others)
        carrier.content = {
            **carrier.content,
            OTHERS: {
                "count": len(others),
                "is_digest": carrier.digest_at is not None,
                "by_severity": [[severity_of(urgency), counts[urgency]] for urgency in sorted(counts, reverse=True)],
                "shown": [_in_short(by_id[other.id]) for other in others[:MOST_SHOWN]],
            },
        }
        tx.session.add(carrier)


def _in_short(row: Notification) -> dict[str, Any]:
    issue = row.content["issue"]
    kept = {name: issue[name] for name in ("title", "short_id", "severity", "service", "url")}
    alert_id = str(row.alert_id) if row.alert_id else None
    return {**kept, "alert_id": alert_id, "answers": row.content.get("answers")}
