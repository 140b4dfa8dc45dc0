"""What the driver asks PostgreSQL about its own types is asked once, and not by each connection of each test.

It asks when it first meets an array, by a query that takes PostgreSQL ten milliseconds: as much as the rest of what a
connection costs. Those types have the same numbers in every database; of ours, there may be others in each.
"""

from typing import Any, NamedTuple

from asyncpg import Connection

_FIRST_OF_OURS = 16_384  # FirstNormalObjectId of access/transam.h
_known: dict[frozenset[int], Any] = {}
_ask = Connection._introspect_types


class _Nothing(NamedTuple):
    """The statement that was not needed, so took the place of no other: one with a name does not."""

    name: str = "remembered"


async def _introspect_types(connection: Connection, numbers: set[int], timeout: float | None) -> Any:
    wanted = frozenset(numbers)
    if wanted in _known:
        return _known[wanted], _Nothing()
    types, statement = await _ask(connection, numbers, timeout)
    if all(type_["oid"] < _FIRST_OF_OURS for type_ in types):
        _known[wanted] = types
    return types, statement


Connection._introspect_types = _introspect_types
