"""Are the words that a person wrote fit to be stored and shown, and how do we put things into words?"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.errors import InvalidInput

NOTE = 2_000
REASON = 2_000
COMMENT = 10_000
RELEASE = 200


def read_words(text: str, field: str, most: int) -> str:
    """The words without the space around them.

    Raises: InvalidInput where there are none, or too many, or characters that no database stores.
    """
    words = text.strip()
    if not words:
        raise InvalidInput(f"`{field}` is empty.", (field,))
    if len(words) > most:
        raise InvalidInput(f"`{field}` has {len(words):,} characters, and may have {most:,}.", (field,))
    if "\0" in words or any("\ud800" <= character <= "\udfff" for character in words):
        raise InvalidInput(f"`{field}` holds a NUL or half a character.", (field,))
    return words


def read_note(text: str | None, field: str = "note", most: int = NOTE) -> str | None:
    """The words of a note that may be left out, or be blank.

    Raises: InvalidInput.
    """
    return None if text is None or not text.strip() else read_words(text, field, most)


def counted(count: int, noun: str) -> str:
    """How many there are of a thing: 1 event, 1,234 events."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], joined_by: str = "and") -> str:
    """All of them in a sentence: `Ada, Bob and Cleo`; nobody, where there are none."""
    *before, last = names or ["nobody"]
    return f"{', '.join(before)} {joined_by} {last}" if before else last


def moment(at: str | datetime) -> str:
    """An instant for people, to the minute, in UTC."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def span_in_words(span: timedelta) -> str:
    """A span for people, by its two largest units: 1 h 30 min, 4 days, 45 s."""
    seconds = round(span.total_seconds())
    parts = []
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {'day' if unit == 'days' and count == 1 else unit}")
    return " ".join(parts[:2]) or "0 s"
