"""How a search that cannot be understood is refused: by its column, and by what was expected there."""

import difflib
from collections.abc import Iterable
from typing import NoReturn

from domain.errors import InvalidInput
from domain.wording import listed as in_a_sentence

PATH = ("search",)


def fail(column: int, words: str) -> NoReturn:
    """Refuse the search for what stands at that column, counted from 1.

    Raises: InvalidInput.
    """
    raise InvalidInput(f"Column {column}: {words}", PATH)


def alike(word: str, known: Iterable[str], *, colon: str = "") -> str:
    """A question that names what is known and looks like the word, with a blank before it; empty where nothing does."""
    near = difflib.get_close_matches(word, sorted(known), n=2, cutoff=0.6)
    return f" Did you mean {listed([name + colon for name in near], 'or')}?" if near else ""


def listed(words: Iterable[str], joined_by: str = "and", *, mark: str = "`") -> str:
    """The words one after the other, as a sentence has them, each between marks."""
    return in_a_sentence([f"{mark}{word}{mark}" for word in words], joined_by)
