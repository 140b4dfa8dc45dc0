"""Which of several texts, of which some may be empty or none at all, does a report mean?"""

from collections.abc import Iterable
from typing import Any


def first_text(values: Iterable[Any]) -> str | None:
    """Hand back the first that is a text with something in it that can be seen."""
    return next((value for value in values if isinstance(value, str) and any(map(_is_seen, value))), None)


def _is_seen(character: str) -> bool:
    return character.isprintable() and not character.isspace()
