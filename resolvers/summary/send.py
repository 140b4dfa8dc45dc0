"""Writing the summaries that are due: one mail for each reader and morning, whoever is killed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from core.away import is_away
from core.db import Transaction, affected
from core.ids import uuid7
from domain.messages import Job, wake
from domain.notification import Channel, NotificationKind, one_line
from domain.summary import wants_summary
from domain.unsubscribe import Unsubscription
from models import DailySummary, Developer, Notification
from resolvers.answer.give import actor_of
from resolvers.contact.person import read_person
from resolvers.notification.outbox import state
from resolvers.notification.summary import summary_subject
from resolvers.notification.unsubscribe_link import unsubscribe_facts
from resolvers.notification_template.words import Words, find_mail_words
from resolvers.resources import Resources
from resolvers.summary.figures import Figures, read_figures
from resolvers.summary.on_call import read_on_call
from resolvers.summary.readers import Reader, due_readers
from resolvers.timetable.run import JobFailed

_log = structlog.get_logger()
_LONGEST_SUBJECT = 160
_KIND = NotificationKind.DAILY_SUMMARY


async def send_summaries(res: Resources) -> Mapping[str, int]:
    """Leave a summary in the outbox for everybody whose morning has come, where there is something to tell.

    Return how many were written, and how many got none, as nothing happened or they want none. One that fails holds up
    no other, and is tried again.

    Raises: JobFailed where some failed.
    """
    done = {"sent": 0, "quiet": 0}
    failed = 0
    known: dict[Any, Figures] = {}
    for reader in await due_readers(res):
        try:
            done["sent" if await _serve(res, reader, known) else "quiet"] += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one summary, the others must not wait for it
            failed += 1
            log = _log.warning if is_away(error) else _log.exception
            log("summary failed", developer_id=str(reader.developer_id), error=type(error).__name__)
    if failed:
        raise JobFailed(f"{failed} of {failed + sum(done.values())} summaries failed, see the log.")
    return done


async def prune_summaries(res: Resources) -> int:
    """Leave no note of a morning that is longer ago than runs are kept; return how many went."""
    before = res.clock.now() - timedelta(days=res.settings.run_retention_days)
    return affected(await res.db.raw.execute("DELETE FROM daily_summary WHERE at < $1", before))


async def _serve(res: Resources, reader: Reader, known: dict[Any, Figures]) -> bool:
    """Do what is to be done for one reader, once; true where there is a mail for them.

    Who sees the same on the same clocks shares the figures.
    """
    actor = await actor_of(res, reader.developer_id)
    key = (actor.project_ids, reader.zone.key, reader.morning)
    if key not in known:
        known[key] = await read_figures(res, actor, reader)
    figures = known[key]
    on_call = await read_on_call(res, actor) if figures.is_worth_telling else []
    async with res.db.transaction() as tx:
        developer = await tx.session.get(Developer, reader.developer_id)
        if developer is None:
            return False
        is_told = figures.is_worth_telling and await _wants(tx, developer, figures)
        if not await _is_first(res, tx, reader, is_told=is_told) or not is_told:
            return False
        link = await unsubscribe_facts(res, tx, Unsubscription(developer.id, _KIND, is_essential=False))
        content = _content(res, developer, reader, {**figures.content, "on_call": on_call, "unsubscribe": link})
        tx.session.add(_row(res, developer, reader, content, await find_mail_words(tx, _KIND, content)))
        tx.send(wake(Job.SEND_NOTIFICATIONS))
    return True


async def _wants(tx: Transaction, developer: Developer, figures: Figures) -> bool:
    person = await read_person(tx, developer)
    return _KIND not in person.no_mail_of and wants_summary(person.rules, figures.worst)


async def _is_first(res: Resources, tx: Transaction, reader: Reader, *, is_told: bool) -> bool:
    """Whether nobody has served the reader that morning: the key that lets it be done once."""
    note = insert(DailySummary).values(
        developer_id=reader.developer_id, day=reader.morning.day, at=res.clock.now(), is_told=is_told
    )
    first = note.on_conflict_do_nothing().returning(col(DailySummary.developer_id))
    return (await tx.session.exec(first)).first() is not None


def _content(res: Resources, developer: Developer, reader: Reader, figures: dict[str, Any]) -> dict[str, Any]:
    reason = (
        f"A summary of the day and night goes to everybody at {res.settings.summary_at} by their own clocks"
        f" ({developer.timezone}), but to those whose notification rules leave mail out."
    )
    content = {
        **figures,
        "kind": _KIND,
        "reason": reason,
        "recipient": developer.name,
        "url": res.settings.base_url,
        "zone": developer.timezone,
        "day": reader.morning.day,
    }
    return {**content, "headline": one_line(summary_subject(content), _LONGEST_SUBJECT)}


def _row(res: Resources, developer: Developer, reader: Reader, content: dict[str, Any], words: Words) -> Notification:
    at = res.clock.now()
    values = {
        "id": uuid7(at),
        "kind": _KIND,
        "channel": Channel.EMAIL,
        "recipient_id": developer.id,
        "destination": developer.email,
        "subject": words.subject or content["headline"],
        "content": {**content, **words.content},
        "reason": words.explained(content["reason"]),
        "idempotency_key": f"summary:{developer.id}:{reader.morning.day}",
        "created_at": at,
        **state(res),
    }
    return Notification(**values)
