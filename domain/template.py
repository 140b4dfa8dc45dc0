"""The template of a message as a row of words, some of which stand for any.

The words of a template, put together again, are the template: what is stored is one text. A word keeps the blank before
it. What is quoted, and a list in brackets, are one word each, however long: so messages that differ in a list, or in a
name of several words, have equally many.
"""

import re
from functools import lru_cache
from typing import TypeAlias

from domain.message import parameterise

Words: TypeAlias = tuple[str, ...]

ANY_WORD, ANY_WORDS = "<*>", "<...>"
MOST_WORDS = 60
_KEPT = 4_096
_SOME = r"[^\s\"'`\[\](){},;:=|]"
_WORD = re.compile(
    r"\s?(?:"
    r"\"[^\"]{1,200}\"|'[^']{1,200}'(?!\w)|`[^`]{1,200}`"
    r"|\[[^\s\[\],]{1,80}(?:,\s?[^\s\[\],]{1,80}){0,60}\]|\{[^\s{},]{1,80}(?:,\s?[^\s{},]{1,80}){1,60}\}"
    rf"|<quoted>|[\w.-]+=|{_SOME}+(?:(?:'(?=\w)|:+(?={_SOME})|=){_SOME}+)*"
    r"|\S)"
)
_PLACEHOLDER = re.compile(r"<(?:[a-z]+|\*|\.\.\.)>")
_MEASURE = re.compile(r"<int>\s?(?:[kKMGTP]?i?B|[Bb]ytes)\b")
_AMOUNT = re.compile(r"<int>\s[A-Z]{3}\b")
# In logfmt what was said is a value like all others.
_SAID = re.compile(r"\b(msg|message)=\"([^\"]*)\"")
# Several of one kind are as many as one of it.
_RUN = re.compile(r"(<[a-z]+>)(?:,\s?\1)+")
_NAME = re.compile(r"[0-9_/\\@$#%<]|[\w][.:][\w]|[a-z][A-Z]|^\s?[\"'`\[{]")


def words_of(message: str) -> Words:
    """The words of a message's template, of which no more than 60 count."""
    template = parameterise(_SAID.sub(r"\1=\2", message))
    return split(_RUN.sub(r"\1", _AMOUNT.sub("<amount>", _MEASURE.sub("<size>", template))))


def split(template: str) -> Words:
    """The words that the template was put together from."""
    return tuple(_WORD.findall(template)[:MOST_WORDS])


def join(words: Words) -> str:
    """The template that these words make."""
    return "".join(words)


def is_any(word: str) -> bool:
    """Whether it stands for any word, or for any number of them."""
    return word.endswith((ANY_WORD, ANY_WORDS))


def any_for(word: str) -> str:
    """What stands for any word in its place."""
    return f" {ANY_WORD}" if word[:1].isspace() else ANY_WORD


@lru_cache(_KEPT)
def is_plain(word: str) -> bool:
    """Whether it says something by itself: it has a letter that is of no placeholder."""
    return any(sign.isalpha() for sign in _PLACEHOLDER.sub("", word))


def looks_like_a_value(words: Words, place: int) -> bool:
    """Whether the word there is one that programs put in rather than one that somebody wrote: a name, a path, a value.

    What is quoted, has a digit, `_`, `/`, a dot or a capital inside, or stands after `=`.
    """
    return bool(_NAME.search(words[place])) or (place > 0 and words[place - 1].endswith("="))
