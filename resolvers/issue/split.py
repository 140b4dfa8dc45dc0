"""Splitting an issue: some of its keys leave, and with the keys their events, those to come too."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import select

from core.ids import uuid7
from domain import merge
from domain.access import Actor, Scope
from domain.errors import Conflict
from domain.issue import ActivityKind, IssueStatus
from domain.short_id import short_id
from domain.title import title
from domain.triage import TriageState
from models import ISSUE_NUMBER, GroupingKey, Issue, IssueCounter
from resolvers.audit import record_audit
from resolvers.event.report import stored_report
from resolvers.issue.frames import note_frames_of
from resolvers.issue.recount import Tally, events_by_key, oldest_event, recount_days, tally_keys, write_tally
from resolvers.issue.together import Together, hold_together
from resolvers.resources import Resources
from resolvers.states import read_state, write_state
from resolvers.timeline import record_activity

_LONGEST_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class _Parting:
    """The issue that is split, the keys that leave it, those that stay, and what each have brought."""

    held: Together
    issue: Issue
    leaving: Sequence[GroupingKey]
    staying: Sequence[GroupingKey]
    gone: Tally
    left: Tally


async def split_issue(res: Resources, actor: Actor, *, issue_id: UUID, grouping_keys: Sequence[str]) -> Issue:
    """Leave these keys with another issue, which is handed back: a new one, or one that comes back from a merge.

    An issue that was merged away comes back once all keys that came from it leave; that undoes the merge. No event is
    rewritten, and no writer of the project writes meanwhile, so the counts of both are exact.

    Raises: PermissionDenied, NotFound, InvalidInput (keys that it has not, or none would stay), Conflict (it was
    merged into another issue).
    """
    actor.require(Scope.TRIAGE)
    asked = merge.read_keys(grouping_keys)
    async with hold_together(res, actor, [issue_id], "issueId") as held:
        issue = held.issues[issue_id]
        if issue.merged_into_id is not None:
            raise Conflict(f"{issue.short_id} was merged into another issue; split that one.")
        parting = await _part(held, issue, asked)
        other = await _revive(parting) or await _make(parting)
        await _repoint(parting, other)
        _recount(parting, other)
        await recount_days(held.tx, [issue, other])
        await note_frames_of(held.tx, [issue.id, other.id])
        _tell(parting, other)
    return other


async def _part(held: Together, issue: Issue, asked: Collection[bytes]) -> _Parting:
    keys = await held.keys_of([issue.id])
    hashes = merge.leaving_keys(asked, await events_by_key(held.tx, keys))
    leaving = [key for key in keys if key.hash in hashes]
    staying = [key for key in keys if key.hash not in hashes]
    gone, left = await tally_keys(held.tx, leaving), await tally_keys(held.tx, staying)
    return _Parting(held, issue, leaving, staying, gone, left)


async def _revive(parting: _Parting) -> Issue | None:
    """The issue that comes back as it stood, if one does; others whose keys leave with it are merged into it now."""
    held, keys = parting.held, [*parting.leaving, *parting.staying]
    away = [
        merge.Away(issue.id, issue.merged_at, frozenset(key.hash for key in keys if key.merged_from_id == issue.id))
        for issue in held.merged_into(parting.issue.id)
        if issue.merged_at is not None
    ]
    back = [held.issues[id] for id in merge.revived([key.hash for key in parting.leaving], away)]
    if not back:
        return None
    for other in back[1:]:
        other.merged_into_id = back[0].id
    back[0].merged_into_id = back[0].merged_at = None
    return back[0]


async def _make(parting: _Parting) -> Issue:
    """A new issue, open and nobody's, called as the oldest of its events that is kept, or else as the one it left."""
    held, old = parting.held, parting.issue
    event = await oldest_event(held.tx, parting.leaving)
    number = (await held.tx.session.exec(select(ISSUE_NUMBER.next_value()))).one()
    about = stored_report(event) if event else None
    service = about.service if about else old.service
    issue = Issue(
        id=uuid7(held.at),
        project_id=old.project_id,
        short_id=short_id(service, number),
        title=title(about) if about else old.title,
        error_type=about.error_type if about else old.error_type,
        message=about.message[:_LONGEST_MESSAGE] if about else old.message,
        culprit=event.culprit if event else old.culprit,
        service=service,
        severity=parting.gone.severity or old.severity,
        status=IssueStatus.UNRESOLVED,
        first_seen_at=parting.gone.first_seen_at,
        version=0,
    )
    held.counters[issue.id] = IssueCounter(
        project_id=old.project_id,
        issue_id=issue.id,
        event_count=0,
        user_count=0,
        last_seen_at=parting.gone.last_seen_at,
        last_event_id=parting.gone.last_event_id,
        last_day=parting.gone.last_seen_at.date(),
        last_day_count=0,
        most_a_day=0,
    )
    return issue


async def _repoint(parting: _Parting, other: Issue) -> None:
    """Leave the keys with the other issue; those that came from it are its own again."""
    session = parting.held.tx.session
    session.add(other)
    await session.flush()
    for key in parting.leaving:
        key.issue_id = other.id
        if key.merged_from_id not in _still_away(parting, other):
            key.merged_from_id = None
    session.add_all(parting.leaving)


def _still_away(parting: _Parting, other: Issue) -> set[UUID]:
    return {issue.id for issue in parting.held.merged_into(other.id)}


def _recount(parting: _Parting, other: Issue) -> None:
    """Leave both issues with what their keys have brought, and a snooze with as many events to go as before."""
    held, old = parting.held, parting.issue
    counter = held.counters[old.id]
    shrunk = parting.left.event_count - counter.event_count
    write_state(old, merge.shift_snooze(read_state(old, TriageState), shrunk))
    write_tally(old, counter, parting.left)
    first = (other.first_seen_at, other.first_release)
    write_tally(other, held.counters[other.id], parting.gone)
    if other.version > 0 and first[0] <= other.first_seen_at:
        other.first_seen_at, other.first_release = first
    held.tx.session.add_all([old, other, counter, held.counters[other.id]])


def _tell(parting: _Parting, other: Issue) -> None:
    """Leave the split on the timelines of both, in the feed, and in the audit.

    A new issue begins with it, whenever its events came: from now on somebody can be asked to see to it.
    """
    held, keys = parting.held, [key.hash.hex() for key in parting.leaving]
    was_new = other.version == 0
    if was_new:
        record_activity(held.res, held.tx, held.actor, other, ActivityKind.FIRST_SEEN)
    for issue, details in (
        (parting.issue, {"into": _named(other), "groupingKeys": keys}),
        (other, {"from": _named(parting.issue), "groupingKeys": keys, "isNew": was_new}),
    ):
        record_activity(held.res, held.tx, held.actor, issue, ActivityKind.SPLIT, details=details)
        record_audit(
            held.res,
            held.tx,
            held.actor,
            "splitIssue",
            target_kind="Issue",
            target_id=issue.id,
            project_id=issue.project_id,
            after=details,
        )


def _named(issue: Issue) -> dict[str, Any]:
    return {"issueId": str(issue.id), "shortId": issue.short_id}
