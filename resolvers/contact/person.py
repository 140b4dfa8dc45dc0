"""All of a person that the choice of channels depends on."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.db import Transaction
from domain.channels import Person, Rule, Way
from domain.contact import QuietHours
from domain.notification import Channel, NotificationKind
from models import ContactMethod, Developer, MailOptOut, NotificationRule

_KEY = "person"


async def read_person(tx: Transaction, developer: Developer) -> Person:
    """Their zone, the ways that may be used, their own mail first, and their rules, the oldest first."""
    if (_KEY, developer.id) not in tx.memory:
        await warm_people(tx, [developer.id])
    methods, rules, no_mail_of = tx.memory[_KEY, developer.id]
    own = Way(Channel.EMAIL, developer.email)
    others = [Way(method.channel, method.value, method.id) for method in methods if not _is_own(method, developer)]
    return Person(developer.timezone, (own, *others), [read_rule(rule) for rule in rules], frozenset(no_mail_of))


async def warm_people(tx: Transaction, ids: Collection[UUID]) -> None:
    """Leave these developers known to the transaction, and where and how they are told.

    The session by itself forgets what nobody holds.
    """
    methods: defaultdict[UUID, list[ContactMethod]] = defaultdict(list)
    rules: defaultdict[UUID, list[NotificationRule]] = defaultdict(list)
    for method in (await tx.session.exec(usable_methods(*ids))).all():
        methods[method.developer_id].append(method)
    query = select(NotificationRule).where(col(NotificationRule.developer_id).in_(ids))
    for rule in (await tx.session.exec(query.order_by(col(NotificationRule.id)))).all():
        rules[rule.developer_id].append(rule)
    unwanted: defaultdict[UUID, list[NotificationKind]] = defaultdict(list)
    for opt_out in (await tx.session.exec(select(MailOptOut).where(col(MailOptOut.developer_id).in_(ids)))).all():
        unwanted[opt_out.developer_id].append(NotificationKind(opt_out.kind))
    tx.memory[_KEY] = (await tx.session.exec(select(Developer).where(col(Developer.id).in_(ids)))).all()
    for id in ids:
        tx.memory[_KEY, id] = methods[id], rules[id], unwanted[id]


def usable_methods(*developer_ids: UUID | None) -> SelectOfScalar[ContactMethod]:
    """The query for what may be used of these developers' contact methods, the oldest first."""
    return (
        select(ContactMethod)
        .where(
            col(ContactMethod.developer_id).in_(developer_ids),
            col(ContactMethod.is_enabled),
            col(ContactMethod.verified_at).is_not(None),
        )
        .order_by(col(ContactMethod.id))
    )


def read_rule(row: NotificationRule) -> Rule:
    """The rule of a row."""
    return Rule(
        row.importance,
        row.channel,
        row.min_severity,
        timedelta(seconds=row.delay_s),
        read_quiet_hours(row),
        read_digest(row),
    )


def read_quiet_hours(row: NotificationRule) -> QuietHours | None:
    """The quiet hours of a row, if it has any."""
    if row.quiet_start is None or row.quiet_end is None:
        return None
    return QuietHours(row.quiet_start, row.quiet_end, row.quiet_timezone, row.quiet_except_critical)


def read_digest(row: NotificationRule) -> timedelta | None:
    """For how long a row gathers what it brings, if it does."""
    return None if row.digest_s is None else timedelta(seconds=row.digest_s)


def _is_own(method: ContactMethod, developer: Developer) -> bool:
    return method.channel is Channel.EMAIL and method.value.lower() == developer.email.lower()
