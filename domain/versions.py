"""How events are grouped now, and, while a new version takes over, how they were grouped before.

A digest is stored for good, so a better rule is a new version, whose keys nobody owns at first. For as long as
`PRESENT` names the previous version too, both are worked out: the new keys are looked for first, then the old ones,
and an event that only an old key leads to its issue brings that issue its new keys. Old keys are never claimed any
more: what is first seen now is grouped by the new version alone. The transition is over once what is still reported
has its new keys, that is, with a release some months later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from domain.grouping import Grouping, grouping_keys
from domain.report import Report

Version: TypeAlias = Callable[[Report], Grouping]


@dataclass(frozen=True, slots=True)
class Versions:
    """The version by which keys are made, and the one before it while that is still looked up."""

    current: Version
    previous: Version | None = None

    def old_hashes(self, report: Report) -> tuple[bytes, ...]:
        """The digests that are only looked up; none, and no work, while no transition is on."""
        return () if self.previous is None else tuple(key.hash for key in self.previous(report).keys)


PRESENT = Versions(grouping_keys)
