"""Which issues may be merged, which keys may leave, and where triage stands afterwards.

Keys own the mapping from events to issues, so a merge and a split re-point keys; no event is rewritten. An issue that
is merged away keeps its row as it stood. Once all keys that came from it leave again, it comes back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from domain.alert import AlertState, AlertStatus
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import IssueStatus
from domain.triage import TriageState, reopen

MOST_ISSUES = 100
MOST_KEYS = 1000
_DIGEST_BYTES = 16
_NAMED = 10
_Id = TypeVar("_Id", UUID, str)


@dataclass(frozen=True, slots=True)
class Away:
    """An issue that was merged away: when, and the keys that came from it and have not left since."""

    id: UUID
    merged_at: datetime
    keys: frozenset[bytes]


def check_issues(into: UUID, others: Sequence[UUID]) -> list[UUID]:
    """The issues that are to be merged into the other, each once.

    Raises: InvalidInput where there are none, too many, or that one itself.
    """
    unique = _each_once(others, "issueIds", MOST_ISSUES)
    if into in unique:
        raise InvalidInput("`issueIds` holds the issue that the others are to be merged into.", ("issueIds",))
    return unique


def read_keys(keys: Sequence[str]) -> list[bytes]:
    """The grouping keys that were written in hex, each once.

    Raises: InvalidInput where there are none, too many, or one that is no key.
    """
    unique = _each_once([key.strip().lower() for key in keys], "groupingKeys", MOST_KEYS)
    digests = {key: _digest(key) for key in unique}
    _refuse_unknown([key for key, digest in digests.items() if digest is None])
    return [digest for digest in digests.values() if digest is not None]


def leaving_keys(asked: Iterable[bytes], events: Mapping[bytes, int]) -> frozenset[bytes]:
    """The keys that leave an issue; `events` has each of its keys, and how many events came by it.

    Raises: InvalidInput for keys that it does not have, or where either side would be left without an event.
    """
    leaving = frozenset(asked)
    _refuse_unknown(sorted(key.hex() for key in leaving - set(events)))
    if not set(events) - leaving:
        raise InvalidInput("`groupingKeys` holds all keys of the issue; at least one must stay.", ("groupingKeys",))
    if not any(events[key] for key in leaving):
        raise InvalidInput("`groupingKeys`: no event came by these keys, so there is nothing to split.", _KEYS)
    if not any(count for key, count in events.items() if key not in leaving):
        raise InvalidInput("`groupingKeys`: all events came by these keys; at least one such key must stay.", _KEYS)
    return leaving


_KEYS = ("groupingKeys",)


def revived(leaving: Collection[bytes], away: Iterable[Away]) -> list[UUID]:
    """The issues whose keys all leave, the one merged last before the others: that one takes up all that leaves."""
    whole = [issue for issue in away if issue.keys and issue.keys <= set(leaving)]
    return [issue.id for issue in sorted(whole, key=lambda issue: (issue.merged_at, issue.id), reverse=True)]


def merge(target: TriageState, others: Sequence[TriageState]) -> TriageState:
    """Where triage of the target stands once it has the others' events.

    What somebody said of the target stands; where nobody has it, it becomes that of who had one of the others. It is as
    bad as the worst, unless it was set by hand. Resolved, it is open again where one of the others was open: a merge
    leaves nothing silent that nobody has silenced.
    """
    state = target
    if state.status is IssueStatus.RESOLVED and any(other.status is IssueStatus.UNRESOLVED for other in others):
        state = reopen(state)
    if not state.severity_is_set:
        state = replace(state, severity=worst([state.severity, *(other.severity for other in others)]))
    heir = next((other for other in others if other.assignee_id is not None), None)
    if state.assignee_id is None and heir is not None:
        state = replace(
            state,
            assignee_id=heir.assignee_id,
            assignment_reason=heir.assignment_reason,
            assigned_at=heir.assigned_at,
            team_id=state.team_id or heir.team_id,
        )
    return state


def shift_snooze(state: TriageState, events: int) -> TriageState:
    """The state, with a snooze that ends at a count moved by so many events: as many more are awaited as before."""
    if state.snoozed_until_event_count is None:
        return state
    return replace(state, snoozed_until_event_count=max(state.snoozed_until_event_count + events, 1))


def kept_alert(state: TriageState, own: AlertState | None, others: Mapping[UUID, AlertState]) -> UUID | None:
    """Which open alert of the others rings on for the target: none where it has its own, or is not open.

    One that nobody has acknowledged comes first, then the highest, then the first.
    """
    if own is not None or state.status is not IssueStatus.UNRESOLVED or not others:
        return None
    return min(others, key=lambda each: (others[each].status is AlertStatus.ACKNOWLEDGED, -others[each].level, each))


def worst(severities: Iterable[Severity]) -> Severity:
    """The worst of these, of which there is at least one."""
    return max(severities, key=lambda severity: severity.rank)


def _each_once(ids: Sequence[_Id], field: str, most: int) -> list[_Id]:
    unique = list(dict.fromkeys(ids))
    if not 1 <= len(unique) <= most:
        raise InvalidInput(f"`{field}` takes 1 to {most:,}, these are {len(unique):,}.", (field,))
    return unique


def _digest(key: str) -> bytes | None:
    try:
        digest = bytes.fromhex(key)
    except ValueError:
        return None
    return digest if len(digest) == _DIGEST_BYTES else None


def _refuse_unknown(keys: Sequence[str]) -> None:
    if keys:
        more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
        named = ", ".join(key[:64] for key in keys[:_NAMED])
        raise InvalidInput(f"`groupingKeys` holds what is no key of this issue: {named}{more}.", _KEYS)
