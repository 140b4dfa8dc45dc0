"""From the text of a search to its parts. The text may be hostile: it is bounded first, and read once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NoReturn, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from domain.filters import check_text
from domain.search.expression import All, Either, Not
from domain.search.failing import PATH, fail, listed
from domain.search.values import Value
from domain.search.words import Words, read_words

LONGEST = 1000
MOST_TERMS = 50
DEEPEST = 20

# A key is directly before its value; without one, `error:` is a word, and so are `http://x` and `std::x`. A word may
# have a pair of brackets in it, as `total()` has.
_GRAMMAR = r"""
start: either?
either: all (OR all)*
all: one (_AND? one)*
?one: BANG one          -> negation
    | LPAR either RPAR  -> group
    | KEY (VALUE | QUOTED) -> term
    | WORD              -> word
    | QUOTED            -> quoted

KEY.2: /(?:[a-z]+|tag\.[^\s:"()]+):(?=[^\s:])(?!\/\/)/
OR.2: /OR(?![^\s()])/
_AND.2: /AND(?![^\s()])/
BANG: "!"
LPAR: "("
RPAR: ")"
VALUE: /(?:[^\s"()]|\([^\s"()]*\))+/
WORD: /(?!(?:AND|OR)(?![^\s()]))[^\s"()!](?:[^\s"()]|\([^\s"()]*\))*/
QUOTED: /"(?:[^"\\]|\\.)*"/s
%ignore /\s+/
"""
_EXPECTED = {
    "WORD": "a word",
    "KEY": "a key",
    "QUOTED": "a text in quotes",
    "VALUE": "a value",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "OR": "`OR`",
    "$END": "the end",
}
_ESCAPED = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Term:
    """A key, the column where it begins, and its value."""

    key: str
    column: int
    value: Value


# What was written: the same joints as what is meant, between terms and words.
Written: TypeAlias = All["Written"] | Either["Written"] | Not["Written"] | Term | Words


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of what was written, none where it is but punctuation; how deep it is, and where its terms begin."""

    written: Written | None
    columns: tuple[int, ...]
    depth: int = 1


def parse(text: str) -> Written:
    """The parts of a search; an empty one is all of nothing.

    Raises: InvalidInput, which names the column (from 1) and what was expected there.
    """
    if len(text) > LONGEST:
        fail(LONGEST + 1, f"a search has at most {LONGEST:,} characters, this one {len(text):,}.")
    check_text(text, *PATH)
    try:
        found: _Part = _parser().parse(text)  # type: ignore[assignment]  # the callbacks make it, not a tree
    except UnexpectedInput as error:
        _refuse(text, error)
    if len(found.columns) > MOST_TERMS:
        fail(found.columns[MOST_TERMS], f"a search has at most {MOST_TERMS} terms, this one {len(found.columns)}.")
    return _something(found) if found.columns else All(())


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=_Parts(), maybe_placeholders=False)


@v_args(inline=True)
class _Parts(Transformer[Token, _Part]):
    """Makes the parts while the text is read, so that nothing recurses into a deep one."""

    def start(self, part: _Part | None = None) -> _Part:
        return part or _Part(None, ())

    def either(self, *parts: _Part | Token) -> _Part:
        given = [part for part in parts if isinstance(part, _Part)]
        return given[0] if len(given) == 1 else _joined(given, Either(tuple(_something(part) for part in given)))

    def all(self, *parts: _Part) -> _Part:
        held = [part.written for part in parts if part.written is not None]
        if len(parts) == 1 or not held:
            return parts[0]
        return _joined(parts, All(tuple(held)) if len(held) > 1 else held[0])

    def negation(self, bang: Token, part: _Part) -> _Part:
        return _deeper(bang, part, Not(_something(part)))

    def group(self, opening: Token, part: _Part, _closing: Token) -> _Part:
        return _deeper(opening, part, _something(part))

    def term(self, key: Token, value: Token) -> _Part:
        is_quoted = value.type == "QUOTED"
        text = _unquoted(value) if is_quoted else str(value)
        column = _column(key)
        return _Part(Term(key[:-1], column, Value(text, _column(value) + is_quoted, is_quoted)), (column,))

    def word(self, word: Token) -> _Part:
        return _Part(read_words(str(word), _column(word), is_quoted=False), (_column(word),))

    def quoted(self, text: Token) -> _Part:
        return _Part(read_words(_unquoted(text), _column(text), is_quoted=True), (_column(text),))


def _joined(parts: Sequence[_Part], written: Written) -> _Part:
    columns = tuple(column for part in parts for column in part.columns)
    return _Part(written, columns, max(part.depth for part in parts))


def _deeper(mark: Token, part: _Part, written: Written) -> _Part:
    if part.depth == DEEPEST:
        fail(_column(mark), f"a search is at most {DEEPEST} levels deep.")
    return _Part(written, part.columns, part.depth + 1)


def _something(part: _Part) -> Written:
    if part.written is None:
        fail(part.columns[0], "there is no letter and no digit to search for.")
    return part.written


def _unquoted(token: Token) -> str:
    return _ESCAPED.sub(r"\1", token[1:-1])


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _refuse(text: str, error: UnexpectedInput) -> NoReturn:
    position: int = getattr(error, "pos_in_stream", None) or 0  # it is declared to be none
    expected: set[str] = set()
    if isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected)
        position = len(text) if error.token.type == "$END" else position
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    if text[position : position + 1] == '"' and "QUOTED" in expected:
        fail(position + 1, "the quote that begins here has no end.")
    names = [name for key, name in _EXPECTED.items() if key in expected]
    found = text[position:].split(maxsplit=1)[0][:20] if text[position:].strip() else "the end"
    shown = found if found == "the end" else f"`{found}`"
    fail(position + 1, f"{shown} is not expected here, but {listed(names, 'or', mark='')}.")
