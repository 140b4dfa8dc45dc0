"""Global ids: what kind of thing, and which, in one opaque text (Relay's object identification)."""

from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import strawberry
from strawberry.relay.utils import from_base64, to_base64

from domain.errors import InvalidInput, NotFound

ID: TypeAlias = strawberry.ID
Row = TypeVar("Row")
_KINDS: dict[str, Any] = {}


@strawberry.interface(description="Anything that has a global id, and can be fetched again by it with `node`.")
class Node:
    """Anything that has a global id."""

    uuid: strawberry.Private[UUID]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _KINDS[cls.__name__] = cls

    @staticmethod
    def of(kind: str, *rows: Any) -> Any:
        """The node of that kind, made from its row (or rows).

        It serves fields that lead back to what contains them (an event to its issue): an import would make a circle.
        """
        return _KINDS[kind].from_row(*rows)

    @strawberry.field(description="Global and opaque: pass it as it is.")
    def id(self) -> ID:
        """The global id: the type's name and the row's id."""
        return global_id(type(self).__name__, self.uuid)


def present(row: Row | None) -> Row:
    """The row that an edge leads to, which was there when the edge was read.

    Raises: NotFound when it has gone meanwhile.
    """
    if row is None:
        raise NotFound("It has gone meanwhile.")
    return row


def global_id(kind: str, uuid: UUID) -> ID:
    """The global id of a row."""
    return ID(to_base64(kind, str(uuid)))


def read_id(id: str, kind: str, *path: str) -> UUID:
    """The row's id behind a global id of that kind of thing; `path` is where the caller wrote it.

    Raises: InvalidInput for a text that is no global id, NotFound for the id of another kind of thing.
    """
    found, uuid = split_id(id, *path)
    if found != kind:
        raise NotFound(f"No such {kind}.")
    return uuid


def split_id(id: str, *path: str) -> tuple[str, UUID]:
    """The kind and the row's id behind a global id.

    Raises: InvalidInput for a text that is no global id.
    """
    try:
        kind, uuid = from_base64(id)
        return kind, UUID(uuid)
    except ValueError as error:
        raise InvalidInput("This is no id of ours.", path or ("id",)) from error
