"""Telling administrators what is wrong, by one mail for each: once, again after a day, and when it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from core.db import Transaction
from core.ids import uuid7
from domain.messages import Job, wake
from domain.notification import Channel, NotificationKind, one_line
from domain.warning import Stands, Verdict, judge
from models import Developer, Notification, StandingWarning
from resolvers.escalation.warning import administrators
from resolvers.notification.outbox import state
from resolvers.notification_template.words import find_mail_words
from resolvers.resources import Resources

_TURN = 0x70C55
_LONGEST_SUBJECT = 160
_REASON = "You are an OWNER or ADMIN, and answer for the whole installation."


@dataclass(frozen=True, slots=True)
class Watched:
    """Something that may be wrong: what it is called, how it is, and what to do where it is wrong.

    Between `is_wrong` and `is_over` it stays what it was.
    """

    name: str
    title: str
    words: str
    advice: str
    is_wrong: bool
    is_over: bool


async def tell_administrators(
    res: Resources, watched: Sequence[Watched], *, facts: Mapping[str, Any] | None = None
) -> int:
    """Leave every administrator told of what is wrong and was not told yet, and of what is over; return how many were.

    That it was told is written with the mails, so that it is told once whoever is killed. `facts` go into the mail.
    """
    now = res.clock.now()
    by_name = {one.name: one for one in watched}
    wrong = tuple(one.name for one in watched if one.is_wrong)
    over = tuple(one.name for one in watched if one.is_over)
    async with res.db.transaction() as tx:
        await tx.session.exec(select(func.pg_advisory_xact_lock(_TURN)))
        known = await _known(tx)
        verdict = judge(wrong, over, known, now)
        if verdict.is_empty:
            return 0
        await _remember(tx, verdict, now)
        content = {**(facts or {}), **_content(res, by_name, wrong, known, verdict)}
        people = await administrators(tx)
        tx.session.add_all([await _row(res, tx, person, content) for person in people])
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return len(people)


async def _known(tx: Transaction) -> dict[str, Stands]:
    rows = (await tx.session.exec(select(StandingWarning))).all()
    return {row.name: Stands(row.began_at, row.told_at) for row in rows}


async def _remember(tx: Transaction, verdict: Verdict, now: datetime) -> None:
    """Leave on record what stands now, and that it was told."""
    told = [{"name": name, "began_at": now, "told_at": now} for name in (*verdict.new, *verdict.again)]
    if told:
        rows = insert(StandingWarning).values(told)
        await tx.session.exec(rows.on_conflict_do_update(index_elements=["name"], set_={"told_at": now}))
    await tx.session.exec(delete(StandingWarning).where(col(StandingWarning.name).in_(verdict.over)))


def _content(
    res: Resources,
    by_name: Mapping[str, Watched],
    all_wrong: Sequence[str],
    known: Mapping[str, Stands],
    verdict: Verdict,
) -> dict[str, Any]:
    told = (*verdict.new, *verdict.again)
    others = [name for name in all_wrong if name not in told]
    wrong = [_entry(by_name[name], known.get(name)) for name in told]
    over = [_entry(by_name[name], known[name]) for name in verdict.over]
    return {
        "kind": NotificationKind.WARNING,
        "reason": _REASON,
        "url": res.settings.base_url,
        "headline": one_line(_subject(wrong, over), _LONGEST_SUBJECT),
        "wrong": wrong,
        "lasting": [_entry(by_name[name], known[name]) for name in others],
        "over": over,
    }


def _entry(one: Watched, stands: Stands | None) -> dict[str, Any]:
    since = stands.began_at if stands else None
    return {"title": one.title, "words": one.words, "advice": one.advice, "since": since}


async def _row(res: Resources, tx: Transaction, person: Developer, facts: Mapping[str, Any]) -> Notification:
    id, at = uuid7(res.clock.now()), res.clock.now()
    content = {**facts, "recipient": person.name}
    words = await find_mail_words(tx, NotificationKind.WARNING, content)
    values = {
        "id": id,
        "kind": NotificationKind.WARNING,
        "channel": Channel.EMAIL,
        "recipient_id": person.id,
        "destination": person.email,
        "subject": words.subject or content["headline"],
        "content": {**content, **words.content},
        "reason": words.explained(_REASON),
        "idempotency_key": f"warning:{id}",
        "created_at": at,
        **state(res),
    }
    return Notification(**values)


def _subject(wrong: Sequence[Mapping[str, Any]], over: Sequence[Mapping[str, Any]]) -> str:
    first = f"{wrong[0]['title']}: {wrong[0]['words']}" if wrong else f"Over: {over[0]['title']}"
    more = len(wrong or over) - 1
    return f"[Tocsin] {first}" + (f", and {more} more" if more else "")
