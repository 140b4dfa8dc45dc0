"""How every verb of triage begins and ends: the issue is locked before anything else, and what changed is audited."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import Transaction
from core.ids import uuid7
from domain import alert as alerts
from domain.access import Actor
from domain.alert import AlertState, AlertStatus, AlertTrigger
from domain.errors import Conflict, NotFound
from domain.issue import ActivityKind
from domain.triage import TriageState
from models import Activity, Alert, Developer, Issue
from resolvers.audit import record_audit
from resolvers.escalation.plan import Climb, climb_of
from resolvers.resources import Resources
from resolvers.ringing import open_alert, put_alert
from resolvers.sight import in_sight
from resolvers.states import changes, columns_of, read_state, write_state
from resolvers.timeline import record_activity
from resolvers.turn import take_free_turn, take_turn


@dataclass(slots=True)
class Hold:
    """An issue in the hands of one actor until the transaction ends: its row is locked, and nobody else changes it.

    The lock of the issue covers its alerts: whoever changes one holds the issue first.
    """

    res: Resources
    tx: Transaction
    actor: Actor
    issue: Issue
    alert: Alert | None
    at: datetime

    @property
    def state(self) -> TriageState:
        """Where triage of the issue stands."""
        return read_state(self.issue, TriageState)

    @property
    def alert_state(self) -> AlertState | None:
        """Where the alert stands, if there is one."""
        return read_state(self.alert, AlertState) if self.alert else None

    async def name_of(self, developer_id: UUID | None) -> str | None:
        """The name of a developer, for a message to people."""
        if developer_id is None:
            return None
        return (await self.tx.session.exec(select(Developer.name).where(Developer.id == developer_id))).first()

    def change(
        self, after: TriageState, kind: ActivityKind, *, note: str | None = None, details: dict[str, Any] | None = None
    ) -> Activity:
        """Leave the issue in that state, and the step on its timeline."""
        write_state(self.issue, after)
        return self.note(kind, note=note, details=details)

    def note(self, kind: ActivityKind, *, note: str | None, details: dict[str, Any] | None = None) -> Activity:
        """Leave the step on the timeline of the issue, which stays as it is."""
        return record_activity(self.res, self.tx, self.actor, self.issue, kind, note=note, details=details)

    async def put_alert(self, after: AlertState, *, message: str | None = None) -> Alert:
        """Leave the alert in that state; where there is none, one that the actor opened, with that message."""
        if self.alert is None:
            climb = await climb_of(self.res, self.tx, self.issue)
            self.alert = self._opened(after, message or self.issue.title, climb)
        else:
            put_alert(self.tx, self.at, self.alert, after)
        return self.alert

    async def set_timer(self, at: datetime | None) -> None:
        """Leave the alert, which is open, due at that time, or never."""
        assert self.alert_state is not None
        await self.put_alert(replace(self.alert_state, next_escalation_at=at))

    async def end_alert(self) -> None:
        """Leave no alert open: nobody is called for any more."""
        if self.alert_state is not None:
            await self.put_alert(alerts.end(self.alert_state, at=self.at))

    def _opened(self, state: AlertState, message: str, climb: Climb) -> Alert:
        return open_alert(
            self.tx,
            self.at,
            **{**climb.columns(self.at), **columns_of(state)},
            id=uuid7(self.at),
            project_id=self.issue.project_id,
            issue_id=self.issue.id,
            trigger=AlertTrigger.MANUAL,
            severity=self.issue.severity,
            message=message,
        )


@asynccontextmanager
async def hold_issue(res: Resources, actor: Actor, action: str, *, issue_id: UUID) -> AsyncIterator[Hold]:
    """Hold the issue and its open alert within the block, then audit what it changed as that action, and commit.

    One that was merged away leads to the issue that has its events now.

    Raises: NotFound, Conflict (it is being merged).
    """
    async with res.db.transaction() as tx:
        held = await take_hold(res, tx, actor, issue_id)
        before = held.state, held.alert_state
        yield held
        _audit(held, action, before, target=held.issue)


@asynccontextmanager
async def hold_alert(res: Resources, actor: Actor, action: str, *, alert_id: UUID) -> AsyncIterator[tuple[Hold, Alert]]:
    """Hold the alert, and its issue, within the block, then audit what it changed as that action, and commit.

    Raises: NotFound, Conflict (its issue is being merged).
    """
    async with res.db.transaction() as tx:
        visible = select(Alert.issue_id).where(Alert.id == alert_id, in_sight(actor, col(Alert.project_id)))
        issue_id = (await tx.session.exec(visible)).first()
        if issue_id is None:
            raise NotFound("No such Alert.")
        held = await take_hold(res, tx, actor, issue_id)
        held.alert = alert = await tx.session.get_one(Alert, alert_id)
        before = held.state, held.alert_state
        yield held, alert
        _audit(held, action, before, target=alert)


async def take_hold(res: Resources, tx: Transaction, actor: Actor, issue_id: UUID) -> Hold:
    """Lock the issue with what an UPDATE takes, so that foreign keys that point to it can be checked meanwhile.

    It is held until the transaction ends. One that was merged away leads to the issue that has its events now.

    Raises: NotFound; Conflict where it was merged away at this moment into one that somebody else has.
    """
    issue_id = await _leading(tx, issue_id)
    await take_turn(tx, issue_id)
    issue = await _lock(tx, actor, issue_id)
    while issue.merged_into_id is not None:  # it was merged while its turn was awaited
        if not await take_free_turn(tx, issue.merged_into_id):
            raise Conflict(f"{issue.short_id} is just being merged into another issue; try again.")
        issue = await _lock(tx, actor, issue.merged_into_id)
    ringing = select(Alert).where(Alert.issue_id == issue.id, Alert.status != AlertStatus.RESOLVED)
    alert = (await tx.session.exec(ringing.with_for_update(key_share=True))).first()
    return Hold(res, tx, actor, issue, alert, res.clock.now())


async def _lock(tx: Transaction, actor: Actor, issue_id: UUID) -> Issue:
    """The issue, whose turn we have, with its row locked.

    Raises: NotFound.
    """
    query = select(Issue).where(Issue.id == issue_id, in_sight(actor, col(Issue.project_id)))
    issue = (await tx.session.exec(query.with_for_update(key_share=True))).first()
    if issue is None:
        raise NotFound("No such Issue.")
    return issue


async def _leading(tx: Transaction, issue_id: UUID) -> UUID:
    """The issue that has the events of that one now, read before anything is locked."""
    return (await tx.session.exec(leading(issue_id))).first() or issue_id


def leading(issue_id: UUID) -> SelectOfScalar[UUID]:
    """The id of the issue that has the events of that one now: its own, unless it was merged away."""
    return select(func.coalesce(Issue.merged_into_id, Issue.id)).where(Issue.id == issue_id)


def _audit(held: Hold, action: str, before: tuple[TriageState, AlertState | None], *, target: Issue | Alert) -> None:
    was, now = changes(before[0], held.state)
    alert_was, alert_is = changes(before[1], held.alert_state)
    if alert_is:
        was["alert"], now["alert"] = (alert_was if before[1] else None), alert_is
    record_audit(
        held.res,
        held.tx,
        held.actor,
        action,
        target_kind=type(target).__name__,
        target_id=target.id,
        project_id=held.issue.project_id,
        before=was or None,
        after=now or None,
    )
