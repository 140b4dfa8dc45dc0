"""What in a list of a report is an object?"""

from typing import Any

from domain.bounds import Bound, both_ends
from domain.dialects.mending import Mending


def objects(mending: Mending, value: Any, bound: Bound) -> list[dict[str, Any]]:
    """Hand back what in a list is an object, no more than its bound at both its ends, with notes on the rest."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        mending.note(f"{bound.part}: not a list, dropped")
        return []
    if len(value) > bound.limit:
        mending.note(f"{bound.part}: {len(value)} {bound.unit}, cut to {bound.limit}")
    items = [item for item in both_ends(list(value), bound.limit) if isinstance(item, dict)]
    if len(items) < min(len(value), bound.limit):
        mending.note(f"{bound.part}: not all of them objects, the others dropped")
    return items
