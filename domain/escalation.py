"""Who is told next when an alert climbs?"""

from collections.abc import Collection, Sequence
from uuid import UUID


def next_up(line: Sequence[UUID], told: Collection[UUID]) -> UUID | None:
    """The first in the line who was not told yet; when all were, the last, who answers for it; none in an empty line.

    `line`: the manager, the lead of the team, the owner of the project, as far as there are such.
    """
    return next((person for person in line if person not in told), line[-1] if line else None)
