"""Telling somebody what is about no issue: by the same ways, rules and quiet hours as all else."""

from collections.abc import Mapping
from typing import Any

from core.db import Transaction
from core.ids import uuid7
from domain.channels import Matter, choose
from domain.event import Severity
from domain.messages import Job, wake
from domain.notification import NotificationKind, NotificationStatus, one_line
from domain.unsubscribe import Unsubscription
from models import Developer, Notification
from resolvers.contact.person import read_person
from resolvers.notification.outbox import planned_state, write_rows
from resolvers.notification.ready import missing
from resolvers.notification.unsubscribe_link import unsubscribe_facts
from resolvers.notification_template.words import Words, find_words
from resolvers.resources import Resources

_LONGEST_SUBJECT = 160


async def tell(
    res: Resources,
    tx: Transaction,
    *,
    kind: NotificationKind,
    severity: Severity,
    recipient: Developer,
    subject: str,
    text: str,
    reason: str,
    dedup: str,
    facts: Mapping[str, str | int],
) -> list[Notification]:
    """Leave a message by each way that the recipient is to be told of what is normal and of that severity.

    It is done once per `dedup`; the rows are returned, the dashboard's last. `facts` are what a template may say of it.
    """
    person, at = await read_person(tx, recipient), res.clock.now()
    matter = Matter(severity, kind)
    plans = choose(matter, person, at=at, missing=missing(res.settings))
    headline = one_line(subject, _LONGEST_SUBJECT)
    content: dict[str, Any] = {
        "text": text, "reason": reason, "recipient": recipient.name, "url": res.settings.base_url,
        "headline": headline, "facts": dict(facts),
    }  # fmt: skip
    wish = Unsubscription(recipient.id, kind, matter.is_essential)
    content["unsubscribe"] = await unsubscribe_facts(res, tx, wish)
    going = [plan for plan in plans if plan.destination or plan.is_wish]
    said = await find_words(tx, {plan.channel for plan in going}, kind=kind, project_id=None, content=content)
    worded = [(plan, said.get(plan.channel) or Words()) for plan in going]
    values = [
        {
            "id": uuid7(at),
            "kind": kind,
            "channel": plan.channel,
            "recipient_id": recipient.id,
            "destination": plan.destination or "",
            "subject": words.subject or headline,
            "content": {**content, **words.content, "by": plan.why, "is_delayed": plan.is_delayed},
            "contact_method_id": plan.method_id,
            "idempotency_key": plan.key(f"{dedup}:{recipient.id}"),
            "attempt_count": 0,
            "created_at": at,
            **planned_state(plan, words.explained(reason), at),
        }
        for plan, words in worded
    ]
    rows, _ = await write_rows(res, tx, values)
    if any(row.status is NotificationStatus.PENDING for row in rows):
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return rows
