"""The only place where alerts are written: no step of one goes without being told to those who watch.

Whoever calls these holds the issue of the alert, taken before anything was written, so that the feed has the steps of
one alert in the order in which they happened (ADR 0007).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import Transaction
from domain.alert import AlertState, AlertStep, steps_between
from domain.feed import FeedKind
from domain.messages import FEED_NEWS
from models import Alert, FeedRow
from resolvers.states import read_state, write_state


def open_alert(tx: Transaction, at: datetime, **columns: Any) -> Alert:
    """Leave an alert that begins now, as these columns have it, and that it does in the feed."""
    alert = Alert(triggered_at=at, **columns)
    tx.session.add(alert)
    _tell(tx, at, alert, steps_between(None, read_state(alert, AlertState)))
    return alert


def put_alert(tx: Transaction, at: datetime, alert: Alert, after: AlertState) -> None:
    """Leave the alert in that state, and the step that leads there in the feed."""
    steps = steps_between(read_state(alert, AlertState), after)
    write_state(alert, after)
    tx.session.add(alert)
    _tell(tx, at, alert, steps)


def move_alert(tx: Transaction, at: datetime, alert: Alert, issue_id: UUID) -> None:
    """Leave the alert ringing for that issue, and that it does in the feed."""
    alert.issue_id = issue_id
    tx.session.add(alert)
    _tell(tx, at, alert, [AlertStep.MOVED])


def _tell(tx: Transaction, at: datetime, alert: Alert, steps: list[AlertStep]) -> None:
    for step in steps:
        tx.write_last(
            FeedRow,
            day=at.date(),
            project_id=alert.project_id,
            kind=FeedKind.ALERT_CHANGED,
            issue_id=alert.issue_id,
            subject_id=alert.id,
            facts={"step": step, "level": alert.level if step is not AlertStep.TRIGGERED else 0, "at": at.isoformat()},
        )
    if steps:
        tx.send(FEED_NEWS)
