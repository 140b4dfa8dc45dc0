"""Pages by key: the rows after the last one seen, in an order that ends in a unique id. No offsets.

A cursor is opaque: base64 of a JSON list, the name of the order and the sort values of one row.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, FromClause, SmallInteger, tuple_
from sqlalchemy.sql.elements import SQLCoreOperations


class InvalidCursor(ValueError):
    """That text is no cursor of this order."""


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order, and how its value is read back from a cursor."""

    column: SQLCoreOperations[Any]
    read: Callable[[Any], Any]

    @property
    def name(self) -> str:
        """What the column is called, here and as it comes out of a subquery."""
        return str(_element(self.column).key)

    @property
    def table(self) -> FromClause:
        """Whose column it is."""
        return cast(FromClause, _element(self.column).table)


@dataclass(frozen=True, slots=True)
class Order:
    """Columns that rows are sorted by, all in one direction, so that one index and one row comparison serve."""

    name: str
    keys: tuple[Key, ...]
    descending: bool = True

    def over(self, rows: FromClause) -> "Order":
        """The same order of the same columns, as they come out of a subquery."""
        return replace(self, keys=tuple(replace(key, column=rows.c[key.name]) for key in self.keys))

    def by(self, *, backward: bool = False) -> list[ColumnElement[Any]]:
        """What to sort by; `backward` from the other end."""
        down = self.descending != backward
        return [key.column.desc() if down else key.column.asc() for key in self.keys]

    def beyond(self, cursor: str, *, backward: bool = False) -> ColumnElement[bool]:
        """The condition that a row comes after the cursor, or with `backward` before it.

        Raises: InvalidCursor.
        """
        columns = tuple_(*(key.column for key in self.keys))
        values = tuple_(*self._read(cursor))
        return columns < values if self.descending != backward else columns > values

    def up_to(self, values: Sequence[Any], *, backward: bool = False) -> ColumnElement[bool]:
        """The condition that a row comes no later than one with these sort values, or with `backward` no earlier."""
        columns, last = tuple_(*(key.column for key in self.keys)), tuple_(*values)
        return columns >= last if self.descending != backward else columns <= last

    def cursor(self, values: Sequence[Any]) -> str:
        """The cursor of a row with these sort values."""
        return base64.urlsafe_b64encode(orjson.dumps([self.name, *values], default=str)).decode().rstrip("=")

    def _read(self, cursor: str) -> list[Any]:
        try:
            name, *values = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
            if name != self.name or len(values) != len(self.keys):
                raise InvalidCursor
            return [key.read(value) for key, value in zip(self.keys, values, strict=True)]
        except (ValueError, TypeError, OverflowError, binascii.Error) as error:
            raise InvalidCursor(cursor) from error


def at(column: SQLCoreOperations[Any]) -> Key:
    """A column of instants."""
    return Key(column, _instant)


def number(column: SQLCoreOperations[Any]) -> Key:
    """A column of whole numbers."""
    largest = 2**15 - 1 if isinstance(_element(column).type, SmallInteger) else 2**63 - 1
    return Key(column, lambda value: _whole(value, largest))


def text(column: SQLCoreOperations[Any]) -> Key:
    """A column of texts."""
    return Key(column, _text)


def unique(column: SQLCoreOperations[Any]) -> Key:
    """The id that makes the order total."""
    return Key(column, _uuid)


def _element(column: SQLCoreOperations[Any]) -> ColumnElement[Any]:
    """The column itself; a table's attribute is one in all but its static type."""
    return cast("ColumnElement[Any]", column)


def _instant(value: Any) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise InvalidCursor
    return at.astimezone(UTC)


def _whole(value: Any, largest: int) -> int:
    if type(value) is not int or abs(value) > largest:
        raise InvalidCursor
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise InvalidCursor
    return value


def _uuid(value: Any) -> UUID:
    return UUID(str(value))
