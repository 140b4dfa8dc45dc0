"""The words that a template gives to a message: found when it is written, and kept with it, so that they stay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import col, select

from core.db import Transaction
from core.template import BadTemplate, check_template, render_template
from domain.errors import InvalidInput
from domain.notification import Channel, NotificationKind, one_line
from domain.notification_template import LONGEST_SUBJECT, LONGEST_TEXTS, VARIABLES, Place, choose_place
from models import NotificationTemplate
from resolvers.notification.telling import HEADLINES, SAID

_LONGEST_STACK = 4000
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


async def find_words(
    tx: Transaction,
    channels: Collection[Channel],
    *,
    kind: NotificationKind,
    project_id: UUID,
    content: Mapping[str, Any],
) -> dict[Channel, Words]:
    """What a message of that kind and content says by each of these channels that has a template for it."""
    if not LONGEST_TEXTS.keys() & set(channels):
        return {}
    ids = await tx.once("templates", lambda: _places(tx))
    places = {channel: choose_place(list(ids), channel, kind, project_id) for channel in channels}
    chosen = {channel: ids[place] for channel, place in places.items() if place is not None}
    if not chosen:
        return {}
    query = select(NotificationTemplate).where(col(NotificationTemplate.id).in_(chosen.values()))
    return {row.channel: _words(row, kind, content) for row in (await tx.session.exec(query)).all()}


def make_words(channel: Channel, subject: str | None, text: str, view: Mapping[str, object]) -> Words:
    """What a subject and a text say of these values, bounded for that channel.

    Raises: InvalidInput, at the one that cannot be rendered.
    """
    made = _rendered(subject, "subject", view, LONGEST_SUBJECT) if subject else None
    said = _rendered(text, "text", view, LONGEST_TEXTS[channel])
    return Words(one_line(made, LONGEST_SUBJECT) if made else None, said)


def check_words(subject: str | None, text: str) -> None:
    """Return where both are templates that use nothing but what a template may.

    Raises: InvalidInput, at the one that is none.
    """
    for name, source in (("subject", subject), ("text", text)):
        try:
            check_template(source or "", VARIABLES)
        except BadTemplate as bad:
            raise InvalidInput(f"`{name}` is no template. {bad}", (name,)) from bad


def view_of(kind: NotificationKind, content: Mapping[str, Any]) -> dict[str, object]:
    """The value of each of `VARIABLES`, from what is kept with a message about an issue."""
    issue, event, counts = content["issue"], content.get("event") or {}, content["counts"]
    known: dict[str, object] = {
        "headline": HEADLINES[kind],
        "title": issue["title"],
        "message": event.get("message") or issue["message"],
        "severity": str(issue["severity"]),
        "short_id": issue["short_id"],
        "url": issue["url"],
        "project": content["project"],
        "service": issue["service"],
        "culprit": issue["culprit"],
        "events": counts["events"],
        "users": counts["users"],
        "first_seen": _moment(counts["first_seen_at"]),
        "last_seen": _moment(counts["last_seen_at"]),
        "stack": "\n".join(_stack(event))[:_LONGEST_STACK],
        "reason": content["reason"],
        "recipient": content["recipient"],
    }
    known |= {name: event.get(name) for name in ("environment", "release", "endpoint", "server")}
    return {name: "" if known[name] is None else known[name] for name in VARIABLES}


def _stack(event: Mapping[str, Any]) -> list[str]:
    return [call["where"] for call in event.get("calls", ())] or list(event.get("lines", ()))


def _words(row: NotificationTemplate, kind: NotificationKind, content: Mapping[str, Any]) -> Words:
    try:
        return make_words(row.channel, row.subject, row.text, view_of(kind, content))
    except InvalidInput as failed:
        _log.warning("notification template failed", template_id=str(row.id), why=failed.message)
        return Words(failed=one_line(failed.message, _LONGEST_WHY))


def _rendered(source: str, name: str, view: Mapping[str, object], longest: int) -> str:
    try:
        return render_template(source, view, longest=longest)
    except BadTemplate as bad:
        raise InvalidInput(f"`{name}` cannot be rendered. {bad}", (name,)) from bad


async def _places(tx: Transaction) -> dict[Place, UUID]:
    """For what there are templates, without their texts: most installations have none, and ask this once a batch."""
    its = NotificationTemplate
    rows = (await tx.session.exec(select(its.id, its.channel, its.kind, its.project_id))).all()
    return {
        Place(Channel(channel), NotificationKind(kind) if kind else None, project_id): id
        for id, channel, kind, project_id in rows
    }


def _moment(at: str | datetime) -> str:
    """An instant for people, to the minute."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
