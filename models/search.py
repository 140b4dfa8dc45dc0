"""What is searched in an issue: a column that PostgreSQL makes of its texts, so that no writer can forget it.

So it makes one of the frames of each grouping key. An issue has those of its keys beside its own texts, so that indexes
of one table find what has one word here and another there; whoever moves keys makes that anew.

Words are there as they are written (`carddeclinederror`) and with the parts of identifiers apart (`card declined
error`), weight A in names and B in the message; and the stems of the latter, weight C and D. What is asked for is cut
into words in the same way by `domain/search/words.py`.
"""

from uuid import UUID

from sqlalchemy import Column, Computed, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

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


# It stands behind each call while a text is read, so that no words of two follow each other.
_BORDER = "frame0border"


def frames_vector(words: str, identifiers: str) -> str:
    """What is searched in frames, in SQL, of their words as `domain/search/frames.py` cuts them; null where one is."""
    parts = (("simple", identifiers, "A"), ("simple", words, "A"), ("english", words, "C"))
    vectors = (
        f"setweight(to_tsvector('{config}', replace({text} || E'\\n', E'\\n', ' {_BORDER} ')), '{weight}')"
        for config, text, weight in parts
    )
    return f"ts_delete({' || '.join(vectors)}, '{_BORDER}')"


# Of the table only: an issue that is read does not carry it.
ISSUE_SEARCH = Column(
    "search",
    TSVECTOR,
    Computed(f"{_vector(_NAMES, 'A', 'C')} || {_vector(_MESSAGE, 'B', 'D')}", persisted=True),
    nullable=False,
)
SQLModel.metadata.tables["issue"].append_column(ISSUE_SEARCH)
Index("issue_search", ISSUE_SEARCH, postgresql_using="gin")

# Written by the statement in `resolvers/issue/frames.py`, since it is of other rows.
ISSUE_FRAMES = Column("frames", TSVECTOR, server_default="", nullable=False)
SQLModel.metadata.tables["issue"].append_column(ISSUE_FRAMES)
Index("issue_frames", ISSUE_FRAMES, postgresql_using="gin")


class KeyFrames(SQLModel, table=True):
    """The words by which a grouping key is found, of the calls of the first event that came by it, a line each.

    They are with the parts of identifiers apart, and `identifiers` are as they are written where that differs.
    """

    __tablename__ = "key_frames"

    key_id: UUID = Field(primary_key=True)
    words: str
    identifiers: str


KEY_FRAMES_SEARCH = Column(
    "search", TSVECTOR, Computed(frames_vector("words", "identifiers"), persisted=True), nullable=False
)
SQLModel.metadata.tables["key_frames"].append_column(KEY_FRAMES_SEARCH)
Index("key_frames_search", KEY_FRAMES_SEARCH, postgresql_using="gin")
