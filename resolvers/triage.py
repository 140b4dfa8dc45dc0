"""What was left to be judged: an issue that matters, or that a rule fires for, becomes an alert, and somebody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, update
from sqlmodel import col, or_, select

from core.away import is_away
from core.db import Transaction
from core.ids import uuid7
from domain.access import system
from domain.alert import AlertStatus, AlertTrigger
from domain.alert_rule.words import headline, why
from domain.contact import Importance
from domain.errors import NotFound
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.notification import Channel, NotificationKind
from models import Alert, AlertRule, Developer, Issue, Triage
from resolvers.alert_rule.matching import recipients, rules_for
from resolvers.alert_rule.reading import window_of
from resolvers.developer.on_duty import away_now
from resolvers.escalation.climb import climb
from resolvers.escalation.plan import climb_by
from resolvers.escalation.targets import Told
from resolvers.escalation.warning import administrators
from resolvers.issue.hold import Hold, take_hold
from resolvers.judging import hold_waiting, warm_up
from resolvers.notification.outbox import notify
from resolvers.resources import Resources
from resolvers.ringing import open_alert
from resolvers.routing import can_be_assigned, fallback_owner, find_lead, give_issue, route

_log = structlog.get_logger()
_BATCH = 50
_AGAIN_AFTER = timedelta(seconds=5)
_KINDS = {
    AlertTrigger.NEW_ISSUE: NotificationKind.NEW_ISSUE,
    AlertTrigger.REGRESSION: NotificationKind.REGRESSION,
}
# What the writer and the end of a snooze leave; what a rule leaves has its own words.
_HEADLINES = {
    AlertTrigger.NEW_ISSUE: "New issue",
    AlertTrigger.REGRESSION: "Regression",
    AlertTrigger.EVENT_COUNT: "Awake again after so many events",
    AlertTrigger.UNRESOLVED_FOR: "Awake again after its time",
}


@dataclass(frozen=True, slots=True)
class _Case:
    """One triage row that is being judged, with its issue, which is held, and the alert that is open for it."""

    row: Triage
    held: Hold
    alert: Alert

    @property
    def issue(self) -> Issue:
        """The issue."""
        return self.held.issue


@dataclass(frozen=True, slots=True)
class _Fallen:
    """To whom an issue falls, and what they do that makes it them, as others read it, and as they do."""

    developer: Developer
    does: str
    do: str


async def take_triage(res: Resources) -> int:
    """Judge the oldest rows that the writer left, and return how many were judged.

    At most 50 at once, in one transaction, or where that fails, in one each. A row is gone in the transaction that does
    what it asks for, so that a crash neither loses nor doubles it, and other workers may do the same at once. One that
    fails is logged, and waits, and holds up no other.
    """
    waiting = await _waiting(res)
    taken, left = await _take_together(res, waiting) if len(waiting) > 1 else (0, waiting)
    for row_id, issue_id in left:
        taken += await _take(res, row_id, issue_id)
    return taken


async def _waiting(res: Resources) -> list[tuple[UUID, UUID]]:
    """The rows that are due, oldest first, and their issues; not locked yet."""
    query = (
        select(Triage.id, Triage.issue_id)
        .where(or_(col(Triage.retry_at).is_(None), col(Triage.retry_at) <= res.clock.now()))
        .order_by(col(Triage.id))
        .limit(_BATCH)
    )
    async with res.db.reading() as session:
        return list((await session.exec(query)).all())


async def _take_together(
    res: Resources, waiting: Sequence[tuple[UUID, UUID]]
) -> tuple[int, Sequence[tuple[UUID, UUID]]]:
    """Judge them all; return how many that were, and what is to be judged by itself: all, where anything goes wrong."""
    try:
        async with res.db.transaction() as tx:
            cases, left = await hold_waiting(res, tx, waiting)
            await warm_up(res, tx, cases)
            # What is written is written at the end, of all at once.
            with tx.session.no_autoflush:
                for row, held in cases:
                    await weigh(held, row)
    except Exception as error:  # noqa: BLE001 - then each is judged by itself, and the one with the fault is found
        # Each may go well by itself, so that nobody would see why all together does not.
        _log.warning("triage taken one by one", error=type(error).__name__, exc_info=not is_away(error))
        return 0, waiting
    return len(cases), left


async def _take(res: Resources, id: UUID, issue_id: UUID) -> bool:
    """Judge one row, and say whether it was ours to judge."""
    try:
        async with res.db.transaction() as tx:
            return await _judge(res, tx, id, issue_id)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others must not wait for it
        log = _log.warning if is_away(error) else _log.exception
        log("triage failed", triage_id=str(id), issue_id=str(issue_id), error=type(error).__name__)
    async with res.db.transaction() as tx:
        later = update(Triage).where(col(Triage.id) == id).values(retry_at=res.clock.now() + _AGAIN_AFTER)
        await tx.session.exec(later)
    return False


async def _judge(res: Resources, tx: Transaction, id: UUID, issue_id: UUID) -> bool:
    """Open the alert, give the issue to somebody, tell them.

    The issue is held before the row: locking a row takes a transaction id, and the feed is ordered by those.
    """
    held = await _hold(res, tx, issue_id)
    # A merge may have led the row to another issue meanwhile: then it is judged there, next time.
    claimed = select(Triage).where(col(Triage.id) == id, col(Triage.issue_id) == issue_id)
    row = (await tx.session.exec(claimed.with_for_update(skip_locked=True))).first()
    if row is None:
        return False
    await tx.session.exec(delete(Triage).where(col(Triage.id) == id))
    if held is not None:
        await weigh(held, row)
    return True


async def weigh(held: Hold, row: Triage) -> None:
    """Call for somebody where the issue matters, or a rule says so; tell those whom rules name; let it climb if due.

    An issue that is not open calls for nobody.
    """
    if held.issue.status is not IssueStatus.UNRESOLVED:
        return
    rules = await rules_for(held, row)
    matters = row.rule_id is None and row.severity.rank >= Severity.HIGH.rank
    if not rules and not matters:
        return
    case = _Case(row, held, await _alert(held, row, rules))
    told = [(rule, await recipients(held, rule)) for rule in rules]
    if matters or any(not people and rule.policy_id is None for rule, people in told):
        await _call(case)
    for rule, people in told:
        await _tell_recipients(case, rule, people)
    if _rings_below(case.alert) and case.alert.next_escalation_at == held.at:
        await climb(held, case.alert)


async def _hold(res: Resources, tx: Transaction, issue_id: UUID) -> Hold | None:
    try:
        return await take_hold(res, tx, system(), issue_id)
    except NotFound:
        return None


async def _alert(held: Hold, row: Triage, rules: Sequence[AlertRule]) -> Alert:
    """The alert that is open for the issue, or a new one that rings, by the first of the rules if there are any."""
    if held.alert is not None:
        return held.alert
    issue, rule = held.issue, rules[0] if rules else None
    policies = [one.policy_id for one in rules if one.policy_id is not None]
    climb = await climb_by(held.res, held.tx, issue, policies)
    columns = climb.columns(held.at)
    if climb.policy_id is None and issue.severity.rank < Severity.HIGH.rank:
        # What does not matter enough to call for anybody by itself climbs only where a policy says so.
        columns["next_escalation_at"] = None
    held.alert = open_alert(
        held.tx,
        held.at,
        id=uuid7(held.at),
        project_id=issue.project_id,
        issue_id=issue.id,
        status=AlertStatus.TRIGGERED,
        trigger=row.trigger,
        severity=issue.severity,
        message=f"{_found(row, issue, rule)}: {issue.title}",
        rule_id=rule.id if rule else None,
        value=row.value,
        threshold=rule.threshold if rule else None,
        **columns,
    )
    return held.alert


async def _call(case: _Case) -> None:
    """Tell whose the issue is, and where they are away also who is on call; find somebody where it is nobody's."""
    assignee = await _present_assignee(case.held)
    if assignee is None:
        await _give(case)
        return
    await _tell(case, assignee, "The issue is yours.")
    if away := await _away(case, assignee):
        await _call_besides(case, f"{assignee.name}, whose the issue is, {away}")


async def _away(case: _Case, assignee: Developer) -> str | None:
    """Why it is not enough to tell the assignee of a regression that matters and rings; none where it is."""
    held = case.held
    matters = case.issue.severity.rank >= Severity.HIGH.rank and case.alert.status is AlertStatus.TRIGGERED
    if case.row.trigger is not AlertTrigger.REGRESSION or not matters:
        return None
    return await held.tx.once(("away", assignee.id), lambda: away_now(held.tx.session, held.at, assignee.id))


async def _call_besides(case: _Case, away: str) -> None:
    """Tell whom routing chooses, without giving them the issue; else ask the policy; else say that nobody was told."""
    held = case.held
    choice = await route(held.res, held.tx, (case.issue, case.row.event_id))
    if choice.developer_id is not None:
        other = await held.tx.session.get_one(Developer, choice.developer_id)
        await _tell(case, other, f"{away}, so you are told too: {choice.reason}.")
    elif case.alert.policy_id is not None:
        await climb(held, case.alert, reason=f"{away}, and {choice.reason}: the policy is asked.")
    else:
        held.note(ActivityKind.NOBODY_NOTIFIED, note=f"Nobody on call was told: {away}, and {choice.reason}.")


def _rings_below(alert: Alert) -> bool:
    """Whether it rings, and has not climbed: what somebody has acknowledged is left to them."""
    return alert.status is AlertStatus.TRIGGERED and alert.level == 0


async def _present_assignee(held: Hold) -> Developer | None:
    """Whose the issue is already, if they may still work on it."""
    tx, issue = held.tx, held.issue
    if issue.assignee_id is None:
        return None
    if not await can_be_assigned(tx, developer_id=issue.assignee_id, project_id=issue.project_id):
        return None
    return await tx.session.get_one(Developer, issue.assignee_id)


async def _give(case: _Case) -> None:
    """Give the issue to whom routing chooses, and tell them; else ask the policy of its service, else who answers."""
    held = case.held
    choice = await route(held.res, held.tx, (case.issue, case.row.event_id))
    if choice.developer_id is not None:
        chosen = await held.tx.session.get_one(Developer, choice.developer_id)
        await give_issue(
            held.res, held.tx, held.actor, case.issue, chosen, reason=choice.reason, team_id=choice.team_id
        )
        await _tell(case, chosen, f"The issue was given to you: {choice.reason}.")
    elif case.alert.policy_id is not None and case.alert.status is AlertStatus.TRIGGERED:
        await climb(held, case.alert, reason=f"{choice.reason[0].upper()}{choice.reason[1:]}: the policy is asked.")
    else:
        await _fall_back(case, choice.reason)


async def _fall_back(case: _Case, why: str) -> None:
    """Give the issue to the lead of its team, else to who answers for the project, and say that nobody on call was."""
    held = case.held
    fallen = await _next_best(case)
    told = f"{fallen.developer.name}, who {fallen.does}, was told instead" if fallen else "the administrators were told"
    held.note(ActivityKind.NOBODY_NOTIFIED, note=f"Nobody on call was told: {why}; {told}.")
    if fallen:
        reason = f"{fallen.does}, since {why}"
        await give_issue(held.res, held.tx, held.actor, case.issue, fallen.developer, reason=reason)
        await _tell(case, fallen.developer, f"You {fallen.do}, and {why}.", can_wait=False)
        return
    for admin in await administrators(held.tx):
        await _tell(case, admin, f"You are an administrator, and {why}; the issue is nobody's.", can_wait=False)


async def _next_best(case: _Case) -> _Fallen | None:
    """Who is told where nobody is on call and no policy is asked: the lead of the team, else who answers for it all."""
    held = case.held
    if found := await find_lead(held.res, held.tx, (case.issue, case.row.event_id)):
        lead, team = found
        return _Fallen(lead, f"leads {team.name}", f"lead {team.name}")
    owner = await fallback_owner(held.tx, project_id=case.issue.project_id)
    return _Fallen(owner, "answers for the project", "answer for the project") if owner else None


async def _tell_recipients(case: _Case, rule: AlertRule, people: Sequence[Told]) -> None:
    """Tell those whom the rule names, once for each alert."""
    found = why(rule.name, _found(case.row, case.issue, rule))
    dedup, channels = f"rule:{rule.id}:{case.alert.id}", [*map(Channel, rule.channels)]
    for person in people:
        reason = f"{found} You are told because {person.why}."
        await _tell(case, person.developer, reason, dedup=dedup, channels=channels, rule_id=rule.id)


async def _tell(
    case: _Case,
    recipient: Developer,
    reason: str,
    *,
    dedup: str | None = None,
    channels: Sequence[Channel] = (),
    rule_id: UUID | None = None,
    can_wait: bool = True,
) -> None:
    await notify(
        case.held.res,
        case.held.tx,
        kind=_KINDS.get(case.row.trigger, NotificationKind.ALERT),
        issue=case.issue,
        alert=case.alert,
        recipient=recipient,
        reason=reason,
        dedup=dedup or f"triage:{case.row.id}",
        importance=Importance.IMPORTANT if case.issue.severity.rank >= Severity.HIGH.rank else Importance.NORMAL,
        channels=channels,
        can_wait=can_wait,
        event_id=case.row.event_id,
        is_new=dedup is None,
        rule_id=rule_id or case.row.rule_id,
    )


def _found(row: Triage, issue: Issue, rule: AlertRule | None) -> str:
    """What calls for somebody, and in which service."""
    if row.rule_id is not None and rule is not None:
        return headline(row.trigger, row.value, window_of(rule), issue.service)
    return f"{_HEADLINES[row.trigger]} in {issue.service}"
