"""What a caller gave of an input's optional fields: what is left out stays as it is."""

from typing import Any

import strawberry

from schema.node import ID, read_id


def given(**values: Any) -> Any:
    """Those of the values that are not null, as arguments of a use case."""
    return {name: value for name, value in values.items() if value is not None}


def given_id(name: str, id: strawberry.Maybe[ID | None], kind: str, *path: str) -> Any:
    """The row's id under that name, None for a null that was written, nothing where it was left out.

    Raises: InvalidInput, NotFound.
    """
    if id is None:
        return {}
    return {name: None if id.value is None else read_id(id.value, kind, *path)}


def read_ids(ids: list[ID] | None, kind: str, *path: str) -> Any:
    """The rows' ids, None where they were left out.

    Raises: InvalidInput, NotFound.
    """
    return None if ids is None else [read_id(one, kind, *path) for one in ids]
