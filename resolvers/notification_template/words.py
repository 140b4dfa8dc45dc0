"""The words that a template gives to a message: found when it is written, and kept with it, so that they stay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import col, select

from core.db import Transaction
from core.template import BadTemplate, check_template, render_template
from domain.errors import InvalidInput
from domain.notification import Channel, NotificationKind, one_line
from domain.notification_template import LONGEST_SUBJECT, LONGEST_TEXTS, Place, choose_place, form_of
from models import AlertRule, NotificationTemplate
from resolvers.notification.telling import SAID
from resolvers.notification_template.views import view_of

_LONGEST_WHY = 120
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says by its template; no text where the template failed, and then why."""

    subject: str | None = None
    text: str | None = None
    failed: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What is kept with the message."""
        return {} if self.text is None else {SAID: self.text}

    def explained(self, reason: str) -> str:
        """Why somebody got this, and why in the usual words where the template failed."""
        return f"{reason} In the usual words, since its template failed: {self.failed}" if self.failed else reason


@dataclass(frozen=True, slots=True)
class _Source:
    """What is rendered for a message: a subject, if any, and a text, and whose they are, by which name."""

    id: UUID
    subject: str | None
    text: str
    name: str = "text"


async def find_words(
    tx: Transaction,
    channels: Collection[Channel],
    *,
    kind: NotificationKind,
    project_id: UUID | None,
    content: Mapping[str, Any],
    rule_id: UUID | None = None,
) -> dict[Channel, Words]:
    """What a message of that kind and content says by each of these channels that has a template for it.

    `rule_id`: the alert rule that causes it, whose text goes before all others. What there is is asked once a
    transaction, however many messages are written in it.
    """
    ways = LONGEST_TEXTS.keys() & set(channels)
    if not ways:
        return {}
    ruled = (await tx.once("texts of rules", lambda: _texts_of_rules(tx))).get(rule_id) if rule_id else None
    known = await tx.once("templates", lambda: _templates(tx))
    places = {channel: choose_place(list(known), channel, kind, project_id) for channel in ways}
    sources = {channel: _source(known[place] if place else None, ruled) for channel, place in places.items()}
    return {channel: _words(channel, source, view_of(kind, content)) for channel, source in sources.items() if source}


async def find_mail_words(
    tx: Transaction, kind: NotificationKind, content: Mapping[str, Any], *, project_id: UUID | None = None
) -> Words:
    """What a mail of that kind and content says by its template; nothing where it has none."""
    found = await find_words(tx, [Channel.EMAIL], kind=kind, project_id=project_id, content=content)
    return found.get(Channel.EMAIL) or Words()


def _source(row: NotificationTemplate | None, ruled: tuple[UUID, str] | None) -> _Source | None:
    """The text of the rule, if it has one, with the subject of the template that fits; else all of that."""
    if ruled is not None:
        rule_id, text = ruled
        return _Source(rule_id, row.subject if row else None, text, "template")
    return _Source(row.id, row.subject, row.text) if row else None


def make_words(
    channel: Channel, subject: str | None, text: str, view: Mapping[str, object], *, name: str = "text"
) -> Words:
    """What a subject and a text say of these values, bounded for that channel; `name`: of the field with the text.

    Raises: InvalidInput, at the one that cannot be rendered.
    """
    made = _rendered(subject, "subject", view, LONGEST_SUBJECT) if subject else None
    said = _rendered(text, name, view, LONGEST_TEXTS[channel])
    return Words(one_line(made, LONGEST_SUBJECT) if made else None, said)


def check_words(kind: NotificationKind | None, subject: str | None, text: str) -> None:
    """Return where both are templates that use nothing but what a template of that kind may.

    Raises: InvalidInput, at the one that is none.
    """
    check_template_of("subject", subject or "", kind)
    check_template_of("text", text, kind)


def check_template_of(name: str, source: str, kind: NotificationKind | None = None) -> None:
    """Return where the field of that name is a template that uses nothing but what one of that kind may.

    None stands for all kinds about issues.

    Raises: InvalidInput.
    """
    try:
        check_template(source, form_of(kind).variables)
    except BadTemplate as bad:
        raise InvalidInput(f"`{name}` is no template. {bad}", (name,)) from bad


def _words(channel: Channel, source: _Source, view: Mapping[str, object]) -> Words:
    try:
        return make_words(channel, source.subject, source.text, view, name=source.name)
    except InvalidInput as failed:
        _log.warning("notification template failed", id=str(source.id), channel=channel, why=failed.message)
        return Words(failed=one_line(failed.message, _LONGEST_WHY))


def _rendered(source: str, name: str, view: Mapping[str, object], longest: int) -> str:
    try:
        return render_template(source, view, longest=longest)
    except BadTemplate as bad:
        raise InvalidInput(f"`{name}` cannot be rendered. {bad}", (name,)) from bad


async def _templates(tx: Transaction) -> dict[Place, NotificationTemplate]:
    """All that there are, by what they are for: at most 200, and in most installations none."""
    rows = (await tx.session.exec(select(NotificationTemplate))).all()
    return {Place(row.channel, row.kind, row.project_id): row for row in rows}


async def _texts_of_rules(tx: Transaction) -> dict[UUID, tuple[UUID, str]]:
    """Each alert rule that has a text, with that: there are at most 200 rules."""
    query = select(AlertRule.id, AlertRule.template).where(col(AlertRule.template).is_not(None))
    return {id: (id, text) for id, text in (await tx.session.exec(query)).all() if text is not None}
