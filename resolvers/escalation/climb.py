"""An alert climbs a level, by hand or because its time has come, and those are told whom that level is for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.ids import uuid7
from domain import triage
from domain.contact import Importance
from domain.errors import Conflict, NobodyOnCall
from domain.issue import ActivityKind
from domain.notification import Channel, NotificationKind
from domain.policy import Plan
from domain.wording import span_in_words
from models import Alert, Escalation
from resolvers.escalation.line import next_in_line, note_told, told_of
from resolvers.escalation.plan import climb_of, plan_of
from resolvers.escalation.targets import Told, people_of
from resolvers.issue.hold import Hold
from resolvers.issue.triager import get_triager
from resolvers.notification.outbox import notify

_TO = "toDeveloperId"
_NOBODY = "There is no manager, no team lead and no owner who could be told. Name a developer."


async def escalate(held: Hold, *, reason: str, to_developer_id: UUID | None, seen_level: int) -> None:
    """Leave the open alert of the issue that is held, or one opened now, a level higher, and somebody told.

    That is the developer named, or whom the next step of its plan tells, or else the next in line. `seen_level` is
    where the alert stood when the caller asked: of two who escalate at once, one has called for help, and the other
    need not.

    Raises: NotFound, InvalidInput (the one named may not triage it), Conflict (the issue is not open, or somebody else
    has escalated it meanwhile), NobodyOnCall.
    """
    level = held.alert.level if held.alert else 0
    if level > seen_level:
        raise Conflict(f"Somebody else has escalated it just now, to level {level}.")
    triage.escalate(held.state, held.alert_state)  # before anybody is looked for, it says whether it may climb at all
    plan = await _plan(held)
    people = await _named(held, to_developer_id) if to_developer_id else await _next_up(held, plan)
    why = f"{held.actor.name} escalated it to you: {reason}"
    await _climb(held, plan, [Told(told.developer, why) for told in people], reason=reason)


async def climb(held: Hold, alert: Alert, *, reason: str | None = None) -> None:
    """Leave the alert, whose time has come, a level higher, and those told whom that level is for.

    Where that is nobody, its timeline says so, and the next level is due at once. `reason` is a sentence that tells
    why, where it is not for want of an acknowledgement.
    """
    plan = plan_of(held.res.settings, alert, held.issue)
    reason = reason or _in_words(plan, alert.level + 1)
    people = await people_of(held, plan.step(alert.level + 1))
    told = [Told(person.developer, f"{reason} You are told because {person.why}.") for person in people]
    channels = plan.step(alert.level + 1).channels
    await _climb(held, plan, told, reason=reason, is_automatic=True, channels=channels)
    if not people:
        await held.set_timer(held.at)
        note = f"Level {alert.level} of {plan.name or 'the line'} reaches nobody now."
        held.note(ActivityKind.NOBODY_NOTIFIED, note=note, details={"alertId": str(alert.id), "level": alert.level})


async def _plan(held: Hold) -> Plan:
    """What the open alert climbs, or what one opened now is going to."""
    if held.alert is not None:
        return plan_of(held.res.settings, held.alert, held.issue)
    return (await climb_of(held.res, held.tx, held.issue)).plan


async def _named(held: Hold, developer_id: UUID) -> list[Told]:
    return [Told(await get_triager(held, developer_id, _TO), "")]


async def _next_up(held: Hold, plan: Plan) -> list[Told]:
    """Whom the next level is for, or else the next in line.

    Raises: NobodyOnCall.
    """
    level = (held.alert.level if held.alert else 0) + 1
    people = await people_of(held, plan.step(level)) if level <= plan.levels else []
    if not people and (above := await next_in_line(held, await told_of(held))):
        people = [Told(above, "")]
    if not people:
        raise NobodyOnCall(_NOBODY)
    return people


async def _climb(
    held: Hold,
    plan: Plan,
    people: Sequence[Told],
    *,
    reason: str,
    is_automatic: bool = False,
    channels: Sequence[Channel] = (),
) -> None:
    """Leave the alert a level higher, and these people told; each one's `why` is what they read."""
    level = (held.alert.level if held.alert else 0) + 1
    after, alert_after = triage.escalate(held.state, held.alert_state, next_at=_next_at(plan, level, held.at))
    told = await told_of(held)
    alert = await held.put_alert(alert_after, message=reason)
    step = _step(held, alert, told, people, reason, is_automatic=is_automatic)
    held.tx.session.add(step)
    note_told(held.tx, alert.id, step.to_ids)
    held.change(after, ActivityKind.ESCALATED, note=reason, details=_details(alert, people))
    for person in people:
        await notify(
            held.res,
            held.tx,
            kind=NotificationKind.ESCALATION,
            issue=held.issue,
            alert=alert,
            recipient=person.developer,
            reason=person.why,
            dedup=f"escalation:{step.id}",
            is_new=True,
            importance=Importance.IMPORTANT,
            channels=channels,
        )


def _next_at(plan: Plan, level: int, at: datetime) -> datetime | None:
    wait = plan.wait(level + 1)
    return None if wait is None else at + wait


def _step(
    held: Hold, alert: Alert, told: Sequence[UUID], people: Sequence[Told], reason: str, *, is_automatic: bool
) -> Escalation:
    return Escalation(
        id=uuid7(held.at),
        project_id=alert.project_id,
        alert_id=alert.id,
        level=alert.level,
        from_id=told[-1] if told else None,
        to_ids=[person.developer.id for person in people],
        reason=reason,
        is_automatic=is_automatic,
        at=held.at,
    )


def _details(alert: Alert, people: Sequence[Told]) -> dict[str, object]:
    """Whom it names: one person by themselves, as before there were policies, and always all of them."""
    ids, names = [str(person.developer.id) for person in people], [person.developer.name for person in people]
    first = {"developerId": ids[0], "developer": names[0]} if people else {}
    return {"alertId": str(alert.id), "level": alert.level, **first, "developers": names}


def _in_words(plan: Plan, level: int) -> str:
    """Why it climbs, in a sentence for people."""
    wait = plan.wait(level)
    waited = f" within {span_in_words(wait)}" if wait else ""
    name = f" of {plan.name}" if plan.name else ""
    return f"Nobody acknowledged it{waited}: level {level}{name}."
