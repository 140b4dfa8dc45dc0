"""Column types that several tables share."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, DateTime, Enum, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import UserDefinedType


class Xid8(UserDefinedType[int]):
    """A 64-bit transaction id of PostgreSQL, which orders the feed."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in SQL."""
        return "xid8"


def enum_column(kind: type[StrEnum], *, nullable: bool = False, **options: Any) -> Column[Any]:
    """Text with a check that it is one of the values."""
    name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in kind.__name__).lstrip("_")
    return Column(
        Enum(kind, name=name, native_enum=False, create_constraint=True, length=40), nullable=nullable, **options
    )


def instant(*, nullable: bool = False, **options: Any) -> Column[datetime]:
    """A point in time, aware."""
    return Column(DateTime(timezone=True), nullable=nullable, **options)


def texts(*, nullable: bool = False) -> Column[Any]:
    """A list of texts."""
    return Column(ARRAY(Text), nullable=nullable)


def json(*, nullable: bool = True) -> Column[Any]:
    """Any JSON value."""
    return Column(JSONB(none_as_null=True), nullable=nullable)


def digest(*, nullable: bool = False, **options: Any) -> Column[bytes]:
    """Bytes of a hash."""
    return Column(LargeBinary, nullable=nullable, **options)
