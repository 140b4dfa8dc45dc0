"""The words of a text as they are looked for: those that the index of issues holds (`models/search.py`)."""

import re
from dataclasses import dataclass

from domain.search.failing import fail

LONGEST_WORD = 200

# Punctuation only separates; so `payments.charge_card` has three words. Of other scripts PostgreSQL decides.
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_BLANKS = str.maketrans(dict.fromkeys(PUNCTUATION, " "))
# Between the parts of `CardDeclinedError` and `HTTPServer`.
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def whole_words(text: str) -> str:
    """The words of the text in small letters, with identifiers as they are written: `carddeclinederror`."""
    return " ".join(text.translate(_BLANKS).split()).lower()


def split_words(text: str) -> str:
    """The words of the text in small letters, with the parts of identifiers apart: `card declined error`."""
    return " ".join(_HUMPS.sub(" ", text.translate(_BLANKS)).split()).lower()


@dataclass(frozen=True, slots=True)
class Words:
    """Words that follow each other in the text: in any of their forms, or `exact`; or the last one only begun."""

    text: str
    exact: bool = False
    is_prefix: bool = False


def read_words(text: str, column: int, *, is_quoted: bool) -> Words | None:
    """The words that are looked for in the text of an issue; none where it has nothing but punctuation.

    Raises: InvalidInput for a word that is too long to be one.
    """
    longest = max((len(word) for word in whole_words(text).split()), default=0)
    if longest == 0:
        return None
    if longest > LONGEST_WORD:
        fail(column, f"a word has at most {LONGEST_WORD} characters, this one {longest}.")
    return Words(text, exact=is_quoted, is_prefix=not is_quoted and text.endswith("*"))
