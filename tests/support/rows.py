"""What is in the database: rows of a table, oldest first."""

from typing import Any, TypeVar

from sqlmodel import SQLModel, select

from resolvers.resources import Resources

Row = TypeVar("Row", bound=SQLModel)


async def all_rows(res: Resources, table: type[Row], *where: Any) -> list[Row]:
    """The rows that meet the conditions, by id."""
    async with res.db.reading() as session:
        return list((await session.exec(select(table).where(*where).order_by(*_order(table)))).all())


async def only_row(res: Resources, table: type[Row], *where: Any) -> Row:
    """The one row that meets the conditions."""
    (row,) = await all_rows(res, table, *where)
    return row


def _order(table: type[SQLModel]) -> list[Any]:
    """By when they were made, where their key says so."""
    return [table.id] if hasattr(table, "id") else list(table.__table__.primary_key.columns)
