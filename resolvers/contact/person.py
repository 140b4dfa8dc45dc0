"""All of a person that the choice of channels depends on."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import Transaction
from domain.channels import Person, Rule, Way
from domain.contact import QuietHours
from domain.notification import Channel, NotificationKind
from models import ContactMethod, Developer, MailOptOut, NotificationRule


async def read_person(tx: Transaction, developer: Developer) -> Person:
    """Their zone, the ways that may be used, their own mail first, and their rules, the oldest first."""
    methods = (await tx.session.exec(usable_methods(developer.id))).all()
    query = select(NotificationRule).where(NotificationRule.developer_id == developer.id)
    rules = (await tx.session.exec(query.order_by(col(NotificationRule.id)))).all()
    own = Way(Channel.EMAIL, developer.email)
    others = [Way(method.channel, method.value, method.id) for method in methods if not _is_own(method, developer)]
    kinds = select(MailOptOut.kind).where(col(MailOptOut.developer_id) == developer.id)
    no_mail_of = frozenset(map(NotificationKind, (await tx.session.exec(kinds)).all()))
    return Person(developer.timezone, (own, *others), [read_rule(rule) for rule in rules], no_mail_of)


def usable_methods(developer_id: UUID | None) -> SelectOfScalar[ContactMethod]:
    """The query for what may be used of a developer's contact methods, the oldest first."""
    return (
        select(ContactMethod)
        .where(
            ContactMethod.developer_id == developer_id,
            col(ContactMethod.is_enabled),
            col(ContactMethod.verified_at).is_not(None),
        )
        .order_by(col(ContactMethod.id))
    )


def read_rule(row: NotificationRule) -> Rule:
    """The rule of a row."""
    return Rule(row.importance, row.channel, row.min_severity, timedelta(seconds=row.delay_s), read_quiet_hours(row))


def read_quiet_hours(row: NotificationRule) -> QuietHours | None:
    """The quiet hours of a row, if it has any."""
    if row.quiet_start is None or row.quiet_end is None:
        return None
    return QuietHours(row.quiet_start, row.quiet_end, row.quiet_timezone, row.quiet_except_critical)


def _is_own(method: ContactMethod, developer: Developer) -> bool:
    return method.channel is Channel.EMAIL and method.value.lower() == developer.email.lower()
