"""Which page of a list is asked for (Relay cursor connections)."""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InvalidInput

DEFAULT_SIZE = 25
MOST = 200
COUNT_LIMIT = 10_000


class OrderDirection(StrEnum):
    """Which end of an order comes first."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`size` rows after and before the cursors, from the front or from the back."""

    size: int = DEFAULT_SIZE
    after: str | None = None
    before: str | None = None
    backward: bool = False


def page_request(
    first: int | None = None, after: str | None = None, last: int | None = None, before: str | None = None
) -> PageRequest:
    """The page that these arguments ask for.

    Raises: InvalidInput where a size is out of bounds, or both ends are asked for.
    """
    if first is not None and last is not None:
        raise InvalidInput("Give `first` or `last`, not both.", ("last",))
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= MOST:
            raise InvalidInput(f"`{name}` must be from 0 to {MOST}.", (name,))
    if last is not None:
        return PageRequest(last, after, before, backward=True)
    return PageRequest(DEFAULT_SIZE if first is None else first, after, before)
