"""Which issue an event's grouping keys lead to: keys own the mapping, and each belongs to one issue.

An event brings its keys in order; the first that is owned decides. An event never merges two issues that
exist, and a key that is owned elsewhere stays where it is.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from uuid import UUID

Key = tuple[UUID, bytes]
"""A project, and the digest of a grouping key in it."""


def claim_keys(
    events: Iterable[Sequence[Key]],
    owned: Mapping[Key, UUID],
    new_issue: Callable[[], UUID],
    old: Container[Key] = frozenset(),
) -> dict[Key, UUID]:
    """The issue for each key that nobody owns yet, as if the events had come one by one, in this order.

    The keys in `old` are those of an earlier version: they lead to an issue that owns them, and are not claimed.
    """
    claimed: dict[Key, UUID] = {}
    for keys in events:
        issue = next((owned.get(key) or claimed[key] for key in keys if key in owned or key in claimed), None)
        if issue is None:
            issue = new_issue()
        for key in keys:
            if key not in owned and key not in old:
                claimed.setdefault(key, issue)
    return claimed


def adopted_issues(claimed: Mapping[Key, UUID], won: Mapping[Key, UUID], new: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each new issue that lost a key to somebody at the same moment, the issue that takes its place.

    `won` has the keys that somebody else was quicker to own. The first such key of a new issue decides.
    """
    ours = set(new)
    adopted: dict[UUID, UUID] = {}
    for key, issue in claimed.items():
        if key in won and issue in ours:
            adopted.setdefault(issue, won[key])
    return adopted
