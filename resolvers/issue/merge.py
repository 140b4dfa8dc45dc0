"""Merging issues: their keys go to one of them, and with the keys their events, those to come too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col

from domain import alert as alerts
from domain import merge
from domain.access import Actor, Scope
from domain.alert import AlertState
from domain.errors import Conflict
from domain.issue import ActivityKind
from domain.triage import TriageState
from models import Alert, GroupingKey, Issue, IssueCounter, Triage
from resolvers.audit import record_audit
from resolvers.issue.frames import note_frames_of
from resolvers.issue.recount import recount_days, tally_keys
from resolvers.issue.together import Together, hold_together
from resolvers.resources import Resources
from resolvers.ringing import move_alert, put_alert
from resolvers.states import changes, read_state, write_state
from resolvers.timeline import record_activity

_FIELD = "issueIds"


async def merge_issues(res: Resources, actor: Actor, *, into_issue_id: UUID, issue_ids: Sequence[UUID]) -> Issue:
    """Leave all keys of the issues with the one, and with them their events, users and what rings.

    The others are no longer listed; they keep their rows, and come back when all their keys are split off. No event is
    rewritten: the keys are re-pointed while no writer of the project writes, so the counts are exact.

    Raises: PermissionDenied, NotFound, InvalidInput (another project), Conflict (one was merged already).
    """
    actor.require(Scope.TRIAGE)
    others = merge.check_issues(into_issue_id, issue_ids)
    async with hold_together(res, actor, [into_issue_id, *others], _FIELD) as held:
        target, gone = held.issues[into_issue_id], [held.issues[id] for id in others]
        _refuse_merged([target, *gone])
        keys = _by_issue(await held.keys_of(others))
        before = read_state(target, TriageState)
        await _repoint(held, target, others)
        await _recount(held, target, gone)
        await recount_days(held.tx, [target, *gone])
        await note_frames_of(held.tx, [target.id])
        rung = _move_alerts(held, target, gone)
        _tell(held, before, target, gone, keys, rung=rung)
    return target


def _refuse_merged(issues: Sequence[Issue]) -> None:
    """Return where all of them stand for themselves.

    Raises: Conflict that says where one has gone.
    """
    for issue in issues:
        if issue.merged_into_id is not None:
            raise Conflict(f"{issue.short_id} was merged into another issue already; name that one, or split it off.")


async def _repoint(held: Together, target: Issue, others: Sequence[UUID]) -> None:
    """Leave the keys, what was merged into the others before, and what waits to be judged, with the target."""
    send, origin = held.tx.session.exec, func.coalesce(col(GroupingKey.merged_from_id), col(GroupingKey.issue_id))
    keys = update(GroupingKey).where(col(GroupingKey.issue_id).in_(others))
    await send(keys.values(issue_id=target.id, merged_from_id=origin).execution_options(synchronize_session=False))
    merged = update(Issue).where(col(Issue.merged_into_id).in_(others)).values(merged_into_id=target.id)
    await send(merged.execution_options(synchronize_session=False))
    waiting = update(Triage).where(col(Triage.issue_id).in_(others)).values(issue_id=target.id)
    await send(waiting.execution_options(synchronize_session=False))


async def _recount(held: Together, target: Issue, gone: Sequence[Issue]) -> None:
    """Leave the target's counter, and what it says of its events, as all keys together have it."""
    tally = await tally_keys(held.tx, await held.keys_of([target.id]))
    counter, theirs = held.counters[target.id], [held.counters[issue.id] for issue in gone]
    grown = tally.event_count - counter.event_count
    _take_over(target, gone, counter, theirs)
    counter.event_count, counter.user_count = tally.event_count, tally.user_count
    state = merge.merge(read_state(target, TriageState), [read_state(issue, TriageState) for issue in gone])
    write_state(target, merge.shift_snooze(state, grown))
    for issue, emptied in zip(gone, theirs, strict=True):
        issue.merged_into_id, issue.merged_at = target.id, held.at
        emptied.event_count = emptied.user_count = 0
    held.tx.session.add_all([target, counter, *gone, *theirs])


def _take_over(target: Issue, gone: Sequence[Issue], counter: IssueCounter, theirs: Sequence[IssueCounter]) -> None:
    """The first of all is the first of the target now, and the last the last, also where no event is kept so long."""
    first = min([target, *gone], key=lambda issue: (issue.first_seen_at, issue.id))
    target.first_seen_at, target.first_release = first.first_seen_at, first.first_release
    latest = sorted([counter, *theirs], key=lambda each: (each.last_seen_at, each.last_event_id), reverse=True)
    counter.last_release = next((each.last_release for each in latest if each.last_release), None)
    counter.last_seen_at = latest[0].last_seen_at
    counter.last_event_id = max(each.last_event_id for each in latest)


def _move_alerts(held: Together, target: Issue, gone: Sequence[Issue]) -> dict[str, Any]:
    """Leave at most one alert ringing, for the target, and those of the others over; say which for the timeline."""
    theirs = {alert.id: alert for issue in gone if (alert := held.alerts.get(issue.id))}
    own = held.alerts.get(target.id)
    states = {id: read_state(alert, AlertState) for id, alert in theirs.items()}
    kept = merge.kept_alert(read_state(target, TriageState), read_state(own, AlertState) if own else None, states)
    for id, alert in theirs.items():
        if id == kept:
            _ring_for(held, target, alert)
        else:
            put_alert(held.tx, held.at, alert, alerts.end(states[id], at=held.at))
    ended = [str(id) for id in theirs if id != kept]
    return {"movedAlert": str(kept) if kept else None, "endedAlerts": ended} if theirs else {}


def _ring_for(held: Together, target: Issue, alert: Alert) -> None:
    move_alert(held.tx, held.at, alert, target.id)
    target.acknowledged_at, target.acknowledged_by_id = alert.acknowledged_at, alert.acknowledged_by_id


def _tell(
    held: Together,
    before: TriageState,
    target: Issue,
    gone: Sequence[Issue],
    keys: Mapping[UUID, list[str]],
    *,
    rung: dict[str, Any],
) -> None:
    """Leave the merge on the timeline of each issue, in the feed, and in the audit.

    Where it opened the target, or has it acknowledged from now on, that is a step too.
    """
    merged = [{**_named(issue), "groupingKeys": keys[issue.id]} for issue in gone]
    was, now = changes(before, read_state(target, TriageState))
    told = {"merged": merged, "before": was, **rung}
    record_activity(held.res, held.tx, held.actor, target, ActivityKind.MERGED, details=told)
    if target.status is not before.status:
        record_activity(held.res, held.tx, held.actor, target, ActivityKind.REOPENED, details={"from": before.status})
    if target.acknowledged_at is not None and not _stood_acknowledged(before, target):
        moved = {"movedAlert": rung["movedAlert"], "acknowledgedAt": target.acknowledged_at.isoformat()}
        record_activity(held.res, held.tx, held.actor, target, ActivityKind.ACKNOWLEDGED, details=moved)
    _audit(held, target, before=was, after={**now, "merged": merged, **rung})
    for issue in gone:
        details = {"into": _named(target), "groupingKeys": keys[issue.id]}
        record_activity(held.res, held.tx, held.actor, issue, ActivityKind.MERGED, details=details)
        _audit(held, issue, before={"mergedInto": None}, after={"mergedInto": str(target.id)})


def _stood_acknowledged(before: TriageState, target: Issue) -> bool:
    """Whether somebody had acknowledged the target before, for as long as it was open."""
    return before.acknowledged_at is not None and target.status is before.status


def _named(issue: Issue) -> dict[str, Any]:
    return {"issueId": str(issue.id), "shortId": issue.short_id}


def _by_issue(keys: Iterable[GroupingKey]) -> dict[UUID, list[str]]:
    """The keys of each issue in hex, as they lead now."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for key in keys:
        found[key.issue_id].append(key.hash.hex())
    return found


def _audit(held: Together, issue: Issue, *, before: dict[str, Any], after: dict[str, Any]) -> None:
    record_audit(
        held.res,
        held.tx,
        held.actor,
        "mergeIssues",
        target_kind="Issue",
        target_id=issue.id,
        project_id=issue.project_id,
        before=before or None,
        after=after,
    )
