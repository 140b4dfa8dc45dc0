"""What may be typed next: which part of a search is being written, and what fits there. The text may be unfinished."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InvalidInput
from domain.event import Severity
from domain.search.expression import Name, State
from domain.search.grammar import LONGEST
from domain.search.reading import TAG, Subject

MOST = 50
# Keys whose values are names that somebody gave.
NAMED = frozenset({*map(str, Name), "assignee", "team"})


class SuggestionKind(StrEnum):
    """What a suggestion is in the language."""

    KEY = "KEY"
    OPERATOR = "OPERATOR"
    VALUE = "VALUE"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that may take the place of the characters from `start` on and before `end`, counted from 0."""

    text: str
    kind: SuggestionKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """What is being written: the value of a key, or a key or word; the letters so far, and the place of the whole."""

    key: str | None
    letters: str
    start: int
    end: int

    def with_values(self, values: Iterable[str]) -> list[Suggestion]:
        """A suggestion for each value, in quotes where it needs them."""
        return [Suggestion(quoted(value), SuggestionKind.VALUE, self.start, self.end) for value in values]

    @property
    def tag(self) -> str | None:
        """The tag whose value is being written; none where it is no tag's."""
        return self.key.removeprefix(TAG) if self.key and self.key.startswith(TAG) else None

    @property
    def tag_letters(self) -> str | None:
        """The letters so far of a tag's key, also of one that may begin there; none where none may."""
        begun = self.letters[: len(TAG)].lower()
        is_possible = self.key == "has" or (self.key is None and bool(begun))
        return self.letters[len(TAG) :] if is_possible and TAG.startswith(begun) else None

    def with_tags(self, tags: Iterable[str]) -> list[Suggestion]:
        """A suggestion for the key of each tag, or what it has; a key that no search can have is left out."""
        if self.key is not None:
            return self.with_values(f"{TAG}{tag}" for tag in tags)
        keys = [tag for tag in tags if _KEY_OF_TAG.fullmatch(tag)]
        return [Suggestion(f"{TAG}{tag}:", SuggestionKind.KEY, self.start, self.end) for tag in keys]


# As the grammar has them (`domain/search/grammar.py`), but for quotes that have no end yet.
_PARTS = re.compile(
    r"""(?P<joint>[\s!()]+)
      | (?P<key>(?:[a-z]+|tag\.[^\s:"()]+):(?!//))(?P<sign>>=|<=|>|<)?(?P<value>"(?:[^"\\]|\\.)*"?|[^\s"()]*)
      | (?P<quoted>"(?:[^"\\]|\\.)*"?)
      | (?P<word>[^\s"()!][^\s"()]*)""",
    re.VERBOSE | re.DOTALL,
)
_KEY_OF_TAG = re.compile(r'[^\s:"()]+')
_NEEDS_QUOTES = re.compile(r'[\s"()*]|^(?:me|none)$|^[<>:/]|\.\.', re.IGNORECASE)
_ESCAPED = re.compile(r'\\(["\\])')
_TIMES = ("1h", "24h", "7d", ">7d")
_COMPARED = (">", ">=", "<", "<=")
_ARE_COMPARED = ("severity", "events", "users")
_VALUES: dict[str, tuple[str, ...]] = {
    "is": tuple(State),
    "severity": tuple(severity.lower() for severity in reversed(Severity)),
    "first": _TIMES,
    "last": _TIMES,
    "assignee": ("me", "none"),
    "team": ("none",),
}


def fragment_at(text: str, cursor: int | None) -> Fragment | None:
    """The part that is written at that place of the text, its end unless given; none inside of quoted words.

    Raises: InvalidInput for a place outside of the text, or a text that is too long.
    """
    at = len(text) if cursor is None else cursor
    if len(text) > LONGEST:
        raise InvalidInput(f"A search has at most {LONGEST:,} characters.", ("search",))
    if not 0 <= at <= len(text):
        raise InvalidInput(f"The text has the places 0 to {len(text)}.", ("cursor",))
    for part in _PARTS.finditer(text):
        if part.start() < at <= part.end() and part["joint"] is None:
            return _fragment(part, at)
    return Fragment(None, "", at, at)


def _fragment(part: re.Match[str], at: int) -> Fragment | None:
    if part["quoted"]:
        return None
    if part["word"] or at < part.end("key"):
        # A key is replaced with its colon, and what stands behind that stays.
        end = part.end() if part["word"] else part.end("key")
        return Fragment(None, part.string[part.start() : at], part.start(), end)
    start = part.start("value") if at >= part.start("value") else part.end("key")
    letters = part.string[start:at]
    if letters.startswith('"'):
        letters = _ESCAPED.sub(r"\1", letters[1:].removesuffix('"') if at == part.end() else letters[1:])
    return Fragment(part["key"][:-1], letters, start, part.end())


def quoted(value: str) -> str:
    """The value as it is written behind a colon: in quotes where it would mean something else without."""
    if value and not _NEEDS_QUOTES.search(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def known_suggestions(fragment: Fragment, subject: Subject) -> list[Suggestion]:
    """What fits there by the language alone: keys and `OR` where a word begins, else set values and signs."""
    begun = fragment.letters.lower()
    if fragment.key is None:
        keys = [_at(fragment, f"{key}:", SuggestionKind.KEY) for key in subject.keys if key.startswith(begun)]
        joint = [_at(fragment, "OR", SuggestionKind.OPERATOR)] if begun and "or".startswith(begun) else []
        return keys + joint
    if fragment.key not in subject.keys:
        return []
    values = subject.things if fragment.key == "has" else _VALUES.get(fragment.key, ())
    signs = _COMPARED if fragment.key in _ARE_COMPARED and not begun else ()
    return [
        *(_at(fragment, value, SuggestionKind.VALUE) for value in values if value.startswith(begun)),
        *(_at(fragment, sign, SuggestionKind.OPERATOR) for sign in signs),
    ]


def _at(fragment: Fragment, text: str, kind: SuggestionKind) -> Suggestion:
    return Suggestion(text, kind, fragment.start, fragment.end)
