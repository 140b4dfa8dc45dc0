"""What all filters have in common: a list that is left out lets everything pass, and what is given is bounded."""

from dataclasses import fields
from typing import Any

from domain.errors import InvalidInput

MOST_VALUES = 100
LONGEST_VALUE = 1000


def check_filter(filter: Any) -> None:
    """Return if no list of the filter, a dataclass, is too long, and every text in it could be stored.

    Raises: InvalidInput.
    """
    for part in fields(filter):
        value = getattr(filter, part.name)
        if isinstance(value, tuple):
            name = _camel(part.name)
            if len(value) > MOST_VALUES:
                raise InvalidInput(f"`{name}` takes at most {MOST_VALUES} values.", ("filter", name))
            for item in value:
                check_text(item, "filter", name)


def check_text(value: Any, *path: str) -> None:
    """Return if the value, where it is a text, is one that could be stored, so that it can be looked for.

    Raises: InvalidInput for one that is too long, or has characters that PostgreSQL has not.
    """
    if not isinstance(value, str):
        return
    if len(value) > LONGEST_VALUE:
        raise InvalidInput(f"A value has {len(value)} characters; at most {LONGEST_VALUE} are allowed.", path)
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput("A value has a NUL character or half a surrogate pair.", path)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
