"""Which of several texts, of which some may be empty or none at all, does a report mean?"""

import re
from collections.abc import Iterable
from typing import Any

_BLANK = re.compile(r"[\s\0]+")


def first_text(values: Iterable[Any]) -> str | None:
    """Hand back the first that is a text with something in it that can be seen."""
    return next((value for value in values if isinstance(value, str) and any(map(_is_seen, value))), None)


def without_blank_start(value: Any, most: int) -> Any:
    """Hand back a text that is to be cut to so many characters from where it says something; anything else as it is."""
    if not isinstance(value, str) or len(value) <= most:
        return value
    blank = _BLANK.match(value)
    return value[blank.end() :] if blank else value


def _is_seen(character: str) -> bool:
    return character.isprintable() and not character.isspace()
