"""By which ways is a person told of something, when, and why not by the others?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from domain.contact import Importance, QuietHours, is_quiet
from domain.digest import digest_at, digest_name
from domain.event import Severity
from domain.notification import ABOUT_ISSUES, Channel, NotificationKind

DASHBOARD = "dashboard"
NO_METHOD = "no verified contact method for it"
QUIET = "quiet hours"
UNSUBSCRIBED = "they unsubscribed from mail of this kind"
_BY_SEVERITY = {
    Severity.CRITICAL: (Channel.EMAIL, Channel.SLACK, Channel.SMS),
    Severity.HIGH: (Channel.EMAIL, Channel.SLACK),
    Severity.MEDIUM: (Channel.EMAIL,),
}
# Somebody called for help: that is never for the dashboard alone.
_ESCALATED = {
    Severity.CRITICAL: (Channel.EMAIL, Channel.SMS),
    Severity.HIGH: (Channel.EMAIL, Channel.SLACK),
}

Missing: TypeAlias = Callable[[Channel, str], str | None]


@dataclass(frozen=True, slots=True)
class Way:
    """A place where a person can be reached, and has shown it; without an id it is their own mail address."""

    channel: Channel
    value: str
    method_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Which channel, from which severity, after what delay, gathered for how long, outside which quiet hours."""

    importance: Importance
    channel: Channel
    min_severity: Severity
    delay: timedelta = timedelta()
    quiet_hours: QuietHours | None = None
    digest_every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """All of a person that the choice depends on; `ways` are those that may be used, their own mail among them.

    `no_mail_of`: what they have unsubscribed from.
    """

    timezone: str
    ways: Sequence[Way]
    rules: Sequence[Rule] = ()
    no_mail_of: frozenset[NotificationKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """What is told: how bad it is, what kind of message, and which of a person's lists counts.

    `channels`, where any are named, are all that it goes by. `can_wait`: it may be gathered for a digest.
    """

    severity: Severity
    kind: NotificationKind
    importance: Importance = Importance.NORMAL
    channels: tuple[Channel, ...] = ()
    can_wait: bool = True

    @property
    def is_essential(self) -> bool:
        """Whether somebody must act on it, so that nobody unsubscribes from it."""
        return self.importance is Importance.IMPORTANT or self.severity is Severity.CRITICAL

    @property
    def may_be_gathered(self) -> bool:
        """Whether it may wait for a digest: never what somebody must act on, nor what has a form of its own."""
        return self.can_wait and not self.is_essential and self.kind in ABOUT_ISSUES


@dataclass(frozen=True, slots=True)
class Planned:
    """One message by one way, or why there is none (`held`). `delay_s` tells repeated messages by one way apart.

    `digest`: what people call the digest for which it is gathered, where it is for one.
    """

    channel: Channel
    destination: str | None
    not_before: datetime
    why: str
    method_id: UUID | None = None
    delay_s: int = 0
    held: str | None = None
    is_wish: bool = False
    digest: str | None = None

    @property
    def is_delayed(self) -> bool:
        """Whether it waits on purpose, so that it need not leave once somebody has the alert."""
        return self.delay_s > 0 or self.digest is not None

    def key(self, about: str) -> str:
        """What tells the message from all others about the same matter."""
        parts = (about, self.channel, self.method_id, self.delay_s or None)
        return ":".join(str(part) for part in parts if part is not None)


def choose(matter: Matter, person: Person, *, at: datetime, missing: Missing) -> list[Planned]:
    """Each way by which the person is told of it, the dashboard last, and those that are held back with the reason.

    `missing` says what a channel lacks on this server. A person's rules of that importance say which channels it is;
    without any it goes by the severity. What the matter names goes before both. When nothing of what is critical
    could leave, a mail does all the same.
    """
    rules = _named(matter) or [rule for rule in person.rules if rule.importance is matter.importance]
    plans = [
        plan
        for rule in (rules or _defaults(matter))
        if matter.severity.rank >= rule.min_severity.rank
        for plan in _by_rule(rule, matter, person, at, is_wish=bool(rules))
    ]
    plans = [_checked(plan, missing) for plan in _each_once(plans)]
    if matter.severity is Severity.CRITICAL and all(plan.held for plan in plans):
        plans = _mail_anyway(plans, person, at, missing)
    return [*plans, Planned(Channel.DASHBOARD, DASHBOARD, at, "everything is shown there")]


def _named(matter: Matter) -> list[Rule]:
    return [Rule(matter.importance, channel, Severity.INFO) for channel in matter.channels]


def _defaults(matter: Matter) -> list[Rule]:
    channels: tuple[Channel, ...]
    if matter.kind is NotificationKind.ESCALATION:
        channels = _ESCALATED.get(matter.severity, (Channel.EMAIL,))
    else:
        channels = _BY_SEVERITY.get(matter.severity, ())
    return [Rule(matter.importance, channel, matter.severity) for channel in channels]


def _by_rule(rule: Rule, matter: Matter, person: Person, at: datetime, *, is_wish: bool) -> list[Planned]:
    not_before, digest = _leaving(rule, matter, person, at + rule.delay)
    plan = Planned(
        rule.channel,
        None,
        not_before,
        _why(matter, is_wish=is_wish),
        delay_s=round(rule.delay.total_seconds()),
        digest=digest,
        is_wish=is_wish,
        held=_why_held(rule, matter, person, not_before),
    )
    ways = [way for way in person.ways if way.channel is rule.channel]
    if not ways:
        return [replace(plan, held=NO_METHOD)]
    return [replace(plan, destination=way.value, method_id=way.method_id) for way in ways]


def _leaving(rule: Rule, matter: Matter, person: Person, at: datetime) -> tuple[datetime, str | None]:
    """When it leaves that is to leave then at the earliest, and with which digest, if with any."""
    if rule.digest_every is None or not matter.may_be_gathered:
        return at, None
    end = digest_at(rule.digest_every, person.timezone, at, rule.quiet_hours)
    return end, digest_name(end, person.timezone)


def _why(matter: Matter, *, is_wish: bool) -> str:
    if matter.channels:
        return "the policy or the rule says so"
    return "a rule of theirs" if is_wish else f"{matter.severity} by default"


def _why_held(rule: Rule, matter: Matter, person: Person, at: datetime) -> str | None:
    if rule.channel is Channel.EMAIL and matter.kind in person.no_mail_of and not matter.is_essential:
        return UNSUBSCRIBED
    quiet = rule.quiet_hours
    if quiet is None or (quiet.except_critical and matter.severity is Severity.CRITICAL):
        return None
    return QUIET if is_quiet(quiet, person.timezone, at) else None


def _each_once(plans: Sequence[Planned]) -> list[Planned]:
    """The plans, those of the same way at the same time once; one that leaves before one that is held back.

    What leaves by itself is not in a digest besides, and of two digests it is in the one that ends first.
    """
    by_way: dict[tuple[Channel, str | None, int], Planned] = {}
    for plan in plans:
        key = (plan.channel, plan.destination, plan.delay_s)
        known = by_way.get(key)
        if known is None or known.held or (not plan.held and plan.not_before < known.not_before):
            by_way[key] = plan
    return list(by_way.values())


def _checked(plan: Planned, missing: Missing) -> Planned:
    if plan.held or plan.destination is None:
        return plan
    return replace(plan, held=missing(plan.channel, plan.destination))


def _mail_anyway(plans: Sequence[Planned], person: Person, at: datetime, missing: Missing) -> list[Planned]:
    mail = next((way for way in person.ways if way.channel is Channel.EMAIL), None)
    if mail is None:
        return list(plans)
    others = [plan for plan in plans if (plan.channel, plan.destination) != (Channel.EMAIL, mail.value)]
    why = "it is critical, and everything else was held back"
    anyway = Planned(Channel.EMAIL, mail.value, at, why, mail.method_id, is_wish=True)
    return [_checked(anyway, missing), *others]
