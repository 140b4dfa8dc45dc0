"""A resolved issue is seen again: is that a regression?"""

from dataclasses import dataclass
from datetime import datetime

from domain.release import ReleaseSeen, compare_releases


@dataclass(frozen=True, slots=True)
class Resolved:
    """How an issue was resolved: when, and from which release on, if that was said.

    `in_release`: the release with the fix, or, with `after_release`, the last one without it.
    """

    at: datetime
    in_release: ReleaseSeen | None = None
    after_release: bool = False


def is_regression(resolved: Resolved, *, release: ReleaseSeen | None, occurred_at: datetime) -> bool:
    """Whether an event of a resolved issue brings it back.

    Without a release in the resolution every event does: whoever resolved it said that it is gone. With one, releases
    that cannot hold the fix are expected to go on failing until they are gone, and do not.

    An event without a release may come from any: the time decides, so that what happened before the resolution and
    came late does not count, and services that never say their release are not silenced.
    """
    bound = resolved.in_release
    if bound is None:
        return True
    if release is None:
        return occurred_at > resolved.at
    # The release of an event has been seen: by this one, if by none before.
    seen = ReleaseSeen(release.version, release.first_seen_at or occurred_at)
    order = compare_releases(seen, bound)
    return order > 0 if resolved.after_release else order >= 0
