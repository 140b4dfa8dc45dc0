"""What is searched in an issue: a column that PostgreSQL makes of its texts, so that no writer can forget it.

Words are there as they are written (`carddeclinederror`) and with the parts of identifiers apart (`card declined
error`), weight A in names and B in the message; and the stems of the latter, weight C and D. What is asked for is cut
into words in the same way by `domain/search/words.py`.
"""

from sqlalchemy import Column, Computed, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import SQLModel

import models.issue  # noqa: F401 - the table must be there

# How much of a message is searched: to take a thousand characters apart costs the writer 0.65 ms.
MESSAGE_CHARACTERS = 1000

_NAMES = "title || ' ' || error_type || ' ' || coalesce(culprit, '') || ' ' || short_id"
_MESSAGE = f"left(message, {MESSAGE_CHARACTERS})"
_PUNCTUATION = "[!-/:-@[-`{-~]+"
_HUMPS = "(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
# What stands between words whose parts are apart, as `split_words` has it.
BETWEEN_PARTS = f"{_PUNCTUATION}|{_HUMPS}"


def _words(text: str, between: str) -> str:
    """The words of a text in small letters of any script, whatever the locale of the database."""
    return f"""lower(regexp_replace(({text}) COLLATE "C", '{between}', ' ', 'g') COLLATE "pg_c_utf8")"""


def _vector(text: str, exact: str, stems: str) -> str:
    whole, split = _words(text, _PUNCTUATION), _words(text, BETWEEN_PARTS)
    parts = (("simple", whole, exact), ("simple", split, exact), ("english", split, stems))
    return " || ".join(f"setweight(to_tsvector('{config}', {words}), '{weight}')" for config, words, weight in parts)


# Of the table only: an issue that is read does not carry it.
ISSUE_SEARCH = Column(
    "search",
    TSVECTOR,
    Computed(f"{_vector(_NAMES, 'A', 'C')} || {_vector(_MESSAGE, 'B', 'D')}", persisted=True),
    nullable=False,
)
SQLModel.metadata.tables["issue"].append_column(ISSUE_SEARCH)
Index("issue_search", ISSUE_SEARCH, postgresql_using="gin")
