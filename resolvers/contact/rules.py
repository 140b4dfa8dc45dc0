"""Notification rules: made, changed and deleted."""

from datetime import timedelta
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, Scope
from domain.contact import MOST_RULES, Importance, QuietHours, RuleSettings, check_rule
from domain.digest import check_digest
from domain.errors import Conflict, NotFound
from domain.event import Severity
from domain.notification import Channel
from models import NotificationRule
from resolvers.audit import record_audit, record_change
from resolvers.contact.charge import is_in_charge, lock_developer
from resolvers.contact.person import read_digest, read_quiet_hours
from resolvers.resources import Resources

_KIND = "NotificationRule"
_NONE_QUIET = QuietHours("", "")


async def create_notification_rule(
    res: Resources,
    actor: Actor,
    *,
    channel: Channel,
    min_severity: Severity,
    importance: Importance = Importance.NORMAL,
    delay: timedelta = timedelta(),
    quiet_hours: QuietHours | None = None,
    digest_every: timedelta | None = None,
    developer_id: UUID | None = None,
) -> NotificationRule:
    """Leave a new rule of the actor's developer, or with ADMIN of another.

    Raises: PermissionDenied, NotFound, InvalidInput, Conflict (too many).
    """
    actor.require(Scope.TRIAGE)
    settings: RuleSettings = {
        "channel": channel, "min_severity": min_severity, "importance": importance, "delay": delay,
        "quiet_hours": quiet_hours, "digest_every": digest_every,
    }  # fmt: skip
    check_digest(digest_every, importance, channel)
    checked, at = check_rule(settings), res.clock.now()
    async with res.db.transaction() as tx:
        developer = await lock_developer(tx, actor, developer_id)
        count = select(func.count()).where(col(NotificationRule.developer_id) == developer.id)
        if (await tx.session.exec(count)).one() >= MOST_RULES:
            raise Conflict(f"A developer has at most {MOST_RULES} rules.")
        rule = NotificationRule(id=uuid7(at), developer_id=developer.id, created_at=at, **_columns(checked))
        tx.session.add(rule)
        record_audit(res, tx, actor, "createNotificationRule", target_kind=_KIND, target_id=rule.id, after=_facts(rule))
    return rule


async def update_notification_rule(
    res: Resources, actor: Actor, *, rule_id: UUID, **settings: Unpack[RuleSettings]
) -> NotificationRule:
    """Leave the rule as the settings say; what is left out stays.

    Raises: PermissionDenied, NotFound, InvalidInput.
    """
    actor.require(Scope.TRIAGE)
    checked = check_rule(settings)
    async with res.db.transaction() as tx:
        rule = await _lock(tx, actor, rule_id)
        before = _facts(rule)
        for name, value in _columns(checked).items():
            setattr(rule, name, value)
        check_digest(read_digest(rule), rule.importance, rule.channel)
        tx.session.add(rule)
        record_change(
            res,
            tx,
            actor,
            "updateNotificationRule",
            target_kind=_KIND,
            target_id=rule_id,
            before=before,
            after=_facts(rule),
        )
    return rule


async def delete_notification_rule(res: Resources, actor: Actor, *, rule_id: UUID) -> NotificationRule:
    """Leave no such rule; return it as it was.

    Raises: PermissionDenied, NotFound.
    """
    actor.require(Scope.TRIAGE)
    async with res.db.transaction() as tx:
        rule = await _lock(tx, actor, rule_id)
        await tx.session.delete(rule)
        record_audit(
            res, tx, actor, "deleteNotificationRule", target_kind=_KIND, target_id=rule_id, before=_facts(rule)
        )
    return rule


async def _lock(tx: Transaction, actor: Actor, rule_id: UUID) -> NotificationRule:
    query = select(NotificationRule).where(
        NotificationRule.id == rule_id, is_in_charge(actor, col(NotificationRule.developer_id))
    )
    rule = (await tx.session.exec(query.with_for_update())).first()
    if rule is None:
        raise NotFound("No such notification rule.")
    return rule


def _columns(settings: RuleSettings) -> dict[str, Any]:
    """The settings as they are stored."""
    columns: dict[str, Any] = {
        name: settings[name] for name in ("importance", "channel", "min_severity") if name in settings
    }
    if "delay" in settings:
        columns["delay_s"] = round(settings["delay"].total_seconds())
    if "digest_every" in settings:
        every = settings["digest_every"]
        columns["digest_s"] = None if every is None else round(every.total_seconds())
    if "quiet_hours" in settings:
        quiet = settings["quiet_hours"] or _NONE_QUIET
        columns |= {
            "quiet_start": quiet.start or None,
            "quiet_end": quiet.end or None,
            "quiet_timezone": quiet.timezone,
            "quiet_except_critical": quiet.except_critical,
        }
    return columns


def _facts(rule: NotificationRule) -> dict[str, Any]:
    quiet = read_quiet_hours(rule)
    return {
        "developerId": str(rule.developer_id),
        "importance": rule.importance,
        "channel": rule.channel,
        "minSeverity": rule.min_severity,
        "delaySeconds": rule.delay_s,
        "digestSeconds": rule.digest_s,
        "quietHours": quiet and f"{quiet.start}-{quiet.end} {quiet.timezone or ''}".strip(),
        "exceptCritical": rule.quiet_except_critical,
    }
