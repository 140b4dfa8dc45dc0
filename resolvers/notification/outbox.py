"""Writing notifications: each is a row of the transaction that causes it, and leaves when that has committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import system
from domain.channels import Matter, Planned, choose
from domain.contact import Importance
from domain.issue import ActivityKind
from domain.messages import Job, wake
from domain.notification import Channel, NotificationKind, NotificationStatus, one_line, subject
from domain.throttle import urgency_of
from domain.unsubscribe import Unsubscription
from models import Alert, Developer, Issue, Notification
from resolvers.answer.writing import answer_links
from resolvers.contact.person import read_person
from resolvers.notification.content import snapshot
from resolvers.notification.ready import NO_MAIL, missing
from resolvers.notification.told import record_sent
from resolvers.notification.unsubscribe_link import unsubscribe_facts
from resolvers.notification_template.words import Words, find_words
from resolvers.resources import Resources
from resolvers.signing import ANSWERS, get_key
from resolvers.timeline import record_activity

_LONGEST_NOTE = 300
NO_SERVER = f"Held back: {NO_MAIL}."


@dataclass(frozen=True, slots=True)
class _Occasion:
    """One matter to be told to one person: about what, why, and the key that lets it be written once."""

    kind: NotificationKind
    issue: Issue
    alert: Alert | None
    recipient: Developer
    reason: str
    dedup: str


async def notify(
    res: Resources,
    tx: Transaction,
    *,
    kind: NotificationKind,
    issue: Issue,
    alert: Alert | None,
    recipient: Developer,
    reason: str,
    dedup: str,
    event_id: UUID | None = None,
    is_new: bool = False,
    importance: Importance = Importance.NORMAL,
    channels: Sequence[Channel] = (),
    rule_id: UUID | None = None,
    can_wait: bool = True,
) -> list[Notification]:
    """Leave a message by each way that the recipient is to be told, and that they were told on the timeline.

    It is done once per `dedup`; the rows are returned, the dashboard's last. The caller holds the issue's lock.
    `is_new`: nothing with that `dedup` can be there, which then is not asked.
    `channels`, where any are named, are all that it goes by, whatever the recipient's rules are.
    `rule_id`: the alert rule that causes it, and may have words for it; left out, the one that called for the alert.
    `can_wait`: it may be gathered for a digest, where their rules say so.
    `reason` is a sentence that tells the recipient why they got this; the stack is that of the event, or of the latest.
    What is held back is SUPPRESSED, and where nothing leaves, the timeline says that nobody was told.
    """
    occasion = _Occasion(kind, issue, alert, recipient, reason, dedup)
    person = await read_person(tx, recipient)
    matter = Matter(issue.severity, kind, importance, tuple(channels), can_wait)
    plans = choose(matter, person, at=res.clock.now(), missing=missing(res.settings))
    content = await snapshot(res, tx, kind=kind, issue=issue, reason=reason, event_id=event_id)
    content |= {"recipient": recipient.name, "alert": {"id": str(alert.id)} if alert else None}
    wish = Unsubscription(recipient.id, kind, matter.is_essential)
    content["unsubscribe"] = await unsubscribe_facts(res, tx, wish)
    key = await get_key(tx, ANSWERS) if alert else None
    going = [plan for plan in plans if plan.destination or plan.is_wish]
    ways = {plan.channel for plan in going}
    rule_id = rule_id or (alert.rule_id if alert else None)
    said = await find_words(tx, ways, kind=kind, project_id=issue.project_id, content=content, rule_id=rule_id)
    values = [_values(res, occasion, plan, content, key, words=said.get(plan.channel) or Words()) for plan in going]
    rows, is_new = _add(res, tx, values) if is_new else await write_rows(res, tx, values)
    if is_new:
        _record(res, tx, rows, occasion)
    if any(row.status is NotificationStatus.PENDING for row in rows):
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return rows


def _add(res: Resources, tx: Transaction, values: list[dict[str, Any]]) -> tuple[list[Notification], bool]:
    """The rows, which are written with all else."""
    rows = [Notification(**value) for value in values]
    tx.session.add_all(rows)
    _tell_watchers(res, tx, rows)
    return rows, True


async def write_rows(res: Resources, tx: Transaction, values: list[dict[str, Any]]) -> tuple[list[Notification], bool]:
    """The rows with these idempotency keys in that order, written unless they are there, and whether any is new.

    What is on a dashboard now is told to those who watch.
    """
    await tx.session.flush()  # what they are about
    added = insert(Notification).values(values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    new = set((await tx.session.exec(added.returning(col(Notification.id)))).scalars())
    keys = [value["idempotency_key"] for value in values]
    query = select(Notification).where(col(Notification.idempotency_key).in_(keys))
    found = {row.idempotency_key: row for row in (await tx.session.exec(query)).all()}
    _tell_watchers(res, tx, [row for row in found.values() if row.id in new])
    return [found[key] for key in keys], bool(new)


def _tell_watchers(res: Resources, tx: Transaction, rows: Sequence[Notification]) -> None:
    """Tell of those that are on a dashboard now; the others are told of when they have left."""
    for row in rows:
        if row.status is NotificationStatus.SENT:
            record_sent(res, tx, row)


def _values(
    res: Resources,
    occasion: _Occasion,
    plan: Planned,
    content: dict[str, Any],
    key: bytes | None,
    *,
    words: Words,
) -> dict[str, Any]:
    issue, at, id = occasion.issue, res.clock.now(), uuid7(res.clock.now())
    answers = answer_links(res, key, id) if key and plan.channel is Channel.EMAIL else None
    return {
        "id": id,
        "project_id": issue.project_id,
        "kind": occasion.kind,
        "channel": plan.channel,
        "recipient_id": occasion.recipient.id,
        "destination": plan.destination or "",
        "subject": words.subject or subject(issue.severity, issue.short_id, issue.title),
        "content": {**content, **words.content, "by": plan.why, "is_delayed": plan.is_delayed, "answers": answers},
        "issue_id": issue.id,
        "alert_id": occasion.alert.id if occasion.alert else None,
        "contact_method_id": plan.method_id,
        "idempotency_key": plan.key(f"{occasion.dedup}:{occasion.recipient.id}"),
        "attempt_count": 0,
        "urgency": urgency_of(issue.severity),
        "created_at": at,
        **planned_state(plan, words.explained(occasion.reason), at),
    }


def planned_state(plan: Planned, reason: str, at: datetime) -> dict[str, Any]:
    """What a new notification stands at: due then, held back with the reason, or on the dashboard already."""
    stands = {"reason": reason, "next_attempt_at": None, "sent_at": None, "digest_at": None}
    if plan.held:
        return {**stands, "status": NotificationStatus.SUPPRESSED, "reason": f"Held back: {plan.held}."}
    if plan.channel is Channel.DASHBOARD:
        return {**stands, "status": NotificationStatus.SENT, "sent_at": at}
    due = {**stands, "status": NotificationStatus.PENDING, "next_attempt_at": plan.not_before}
    if plan.digest is None:
        return due
    return {**due, "reason": f"{reason} For the digest of {plan.digest}.", "digest_at": plan.not_before}


def state(res: Resources) -> dict[str, Any]:
    """What a new mail stands at: due now, or held back where there is no mail server."""
    if res.settings.smtp_url is None:
        return {"status": NotificationStatus.SUPPRESSED, "reason": NO_SERVER, "attempt_count": 0}
    return {"status": NotificationStatus.PENDING, "attempt_count": 0, "next_attempt_at": res.clock.now()}


def record_undelivered(res: Resources, tx: Transaction, row: Notification, issue: Issue, *, why: str | None) -> None:
    """Leave it on the timeline that this notification will not reach its recipient; the caller holds the issue."""
    name = row.content["recipient"]
    note = one_line(f"{row.channel} to {name} was given up: {why or 'no answer'}", _LONGEST_NOTE)
    record_activity(res, tx, system(), issue, ActivityKind.NOBODY_NOTIFIED, note=note, details=_details(row))


def _record(res: Resources, tx: Transaction, rows: Sequence[Notification], occasion: _Occasion) -> None:
    """Leave on the timeline who is told by which ways; where nobody is, who was to be. The dashboard is no news."""
    messages = [row for row in rows if row.channel is not Channel.DASHBOARD]
    leaving = [row for row in messages if row.status is not NotificationStatus.SUPPRESSED]
    kind = ActivityKind.NOTIFIED if leaving else ActivityKind.NOBODY_NOTIFIED
    for row in leaving or messages:
        record_activity(res, tx, system(), occasion.issue, kind, note=row.reason, details=_details(row))


def _details(row: Notification) -> dict[str, Any]:
    return {
        "notificationId": str(row.id),
        "developerId": str(row.recipient_id),
        "developer": row.content["recipient"],
        "channel": row.channel,
    }
