"""Writing down what was sent: what was taken by servers meanwhile is recorded together, in one statement."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
import structlog

from core.ids import uuid7
from domain.feed import NOWHERE
from domain.messages import FEED_NEWS
from domain.notification import Outcome, one_line
from models import DeliveryAttempt
from resolvers.notification.claim import Claim
from resolvers.resources import Resources

_log = structlog.get_logger()
_LONGEST_DETAIL = 500
TOGETHER = " It came in one message with others, since much was sent there."
_SENT = """
WITH tried AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[], $5::uuid[], $6::int[], $7::text[],
                       $8::int[], $9::text[])
             AS tried (id, attempt, lease_until, at, attempt_id, status_code, detail, took_ms, receipt)
), noted AS (
  INSERT INTO delivery_attempt (id, notification_id, at, succeeded, status_code, detail, duration_ms)
  SELECT attempt_id, id, at, true, status_code, detail, took_ms FROM tried
), sent AS (
  UPDATE notification SET status = 'SENT', sent_at = $10, lease_until = NULL, next_attempt_at = NULL,
                          receipt = coalesce(tried.receipt::jsonb, notification.receipt),
                          shown_status = CASE WHEN tried.receipt IS NULL THEN shown_status ELSE 'TRIGGERED' END
    FROM tried WHERE notification.id = tried.id AND attempt_count = tried.attempt
                 AND notification.lease_until = tried.lease_until
  RETURNING notification.id, project_id, issue_id, recipient_id
), carried AS (
  UPDATE notification SET status = 'SENT', sent_at = $10,
                          reason = CASE WHEN digest_at IS NULL THEN reason || $11 ELSE reason END
    FROM sent WHERE carrier_id = sent.id AND status = 'SENDING'
  RETURNING notification.id, notification.project_id, notification.issue_id, notification.recipient_id
), told AS (
  INSERT INTO feed (day, project_id, kind, issue_id, subject_id, facts)
  SELECT $12, coalesce(project_id, $13), 'NOTIFICATION_SENT', coalesce(issue_id, $13), id,
         jsonb_build_object('recipientId', recipient_id)
    FROM (SELECT * FROM sent UNION ALL SELECT * FROM carried) AS now
)
SELECT id FROM sent
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """A claim, and what came of sending it."""

    claim: Claim
    outcome: Outcome
    took: timedelta


class Recorder:
    """Records what was sent; whoever comes while that is under way is recorded with the next."""

    def __init__(self, res: Resources) -> None:
        self._res = res
        self._waiting: dict[int, Tried] = {}
        self._flushing = asyncio.Lock()

    async def record_sent(self, one: Tried) -> None:
        """Leave it SENT, with what travelled in it, and the try; where its lease had ended, the try alone.

        Those who watch are told of what is SENT now.

        Raises: what the database raises while it is away; then nothing was recorded.
        """
        self._waiting[id(one)] = one
        try:
            async with self._flushing:
                if id(one) in self._waiting:
                    batch = list(self._waiting.values())
                    await self._flush(batch)
                    for done in batch:
                        self._waiting.pop(id(done), None)
        finally:
            self._waiting.pop(id(one), None)

    async def _flush(self, batch: Sequence[Tried]) -> None:
        at = self._res.clock.now()
        columns = zip(*(_values(one, at) for one in batch), strict=True)
        more = (at, TOGETHER, at.date(), NOWHERE)
        sent = {row["id"] for row in await self._res.db.raw.fetch(_SENT, *map(list, columns), *more)}
        await self._res.db.deliver([FEED_NEWS])
        for one in batch:
            row = one.claim.notification
            if row.id not in sent:
                _log.warning("notification recorded after its lease", notification_id=str(row.id))
            _log.info(
                "notification tried", notification_id=str(row.id), attempt=one.claim.attempt, detail=one.outcome.detail
            )


def attempt_of(one: Tried, at: datetime) -> DeliveryAttempt:
    """What is written down of a try."""
    return attempt_at(one.claim.notification.id, one.outcome, began_at=one.claim.at, took=one.took, at=at)


def attempt_at(
    notification_id: UUID, outcome: Outcome, *, began_at: datetime, took: timedelta, at: datetime
) -> DeliveryAttempt:
    """What is written down, at that time, of a try that began then and took so long."""
    return DeliveryAttempt(
        id=uuid7(at),
        notification_id=notification_id,
        at=began_at,
        succeeded=outcome.succeeded,
        status_code=outcome.status_code,
        detail=outcome.detail and one_line(outcome.detail, _LONGEST_DETAIL),
        duration_ms=round(took / timedelta(milliseconds=1)),
    )


def _values(one: Tried, at: datetime) -> tuple[object, ...]:
    claim, its = one.claim, attempt_of(one, at)
    receipt = None if one.outcome.receipt is None else orjson.dumps(dict(one.outcome.receipt)).decode()
    tried = (its.at, its.id, its.status_code, its.detail, its.duration_ms)
    return (claim.notification.id, claim.attempt, claim.lease_until, *tried, receipt)
