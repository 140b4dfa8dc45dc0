"""An input object as the plain mapping that its caller wrote: names of the contract, without what was left out."""

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case


def plain(value: Any) -> Any:
    """The value as JSON-like data: input objects as mappings, enums as their values, the rest as it is."""
    names = _names(type(value))
    if names is not None:
        return {
            name: plain(given)
            for attribute, name in names
            if (given := getattr(value, attribute)) is not None and given is not strawberry.UNSET
        }
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _names(kind: type) -> tuple[tuple[str, str], ...] | None:
    """The attributes of an input type and their names in the contract; none for other types."""
    if kind not in _known:
        is_input = is_dataclass(kind)
        _known[kind] = tuple((field.name, to_camel_case(field.name)) for field in fields(kind)) if is_input else None
    return _known[kind]


_known: dict[type, tuple[tuple[str, str], ...] | None] = {}
