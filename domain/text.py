"""What a text that a person gives for a setting must look like."""

import re
from collections.abc import Sequence

from domain.errors import InvalidInput

LONGEST_NAME = 200
LONGEST_SLUG = 50
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def one_line(text: str, *path: str, most: int = LONGEST_NAME) -> str:
    """The text without blanks around it: one line of 1 to `most` characters that can be printed.

    Raises: InvalidInput at `path`.
    """
    text = text.strip()
    if not text or len(text) > most or _UNPRINTABLE.search(text):
        raise InvalidInput(f"`{path[-1]}` must be one line of 1 to {most} characters.", path)
    return text


def slug(text: str, *path: str) -> str:
    """The text, if it is a slug: lower-case letters of English and digits, single hyphens between them.

    Raises: InvalidInput at `path`.
    """
    if len(text) > LONGEST_SLUG or not _SLUG.fullmatch(text):
        raise InvalidInput(
            f"`{path[-1]}` must be 1 to {LONGEST_SLUG} characters: a-z, 0-9, and single hyphens between them.", path
        )
    return text


def lines(texts: Sequence[str], *path: str, most: int, longest: int = LONGEST_NAME) -> list[str]:
    """The texts, each one line of at most `longest` characters, each once, sorted.

    Raises: InvalidInput at `path`, also where there are more than `most`.
    """
    if len(texts) > most:
        raise InvalidInput(f"`{path[-1]}` takes at most {most} values.", path)
    return sorted({one_line(text, *path, most=longest) for text in texts})


def whole_number(number: int | None, *path: str, most: int) -> int | None:
    """The number, if it is one from 1 to `most`, or is left out.

    Raises: InvalidInput at `path`.
    """
    if number is not None and not 1 <= number <= most:
        raise InvalidInput(f"`{path[-1]}` must be a whole number from 1 to {most:,}.", path)
    return number
