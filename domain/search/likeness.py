"""What was meant by a word that is nowhere: the known word that it takes the fewest slips to make."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from domain.search.expression import All, Either, Expression
from domain.search.words import Words, split_words, whole_words

# In a shorter word a slip makes another word: `card` and `cart`. In a long one there may be two.
_SHORTEST, _LONG, _LONGEST = 5, 8, 30
_MOST_KNOWN = 3000
_MOST_CORRECTED = 5


def known_words(texts: Iterable[str], frames: Iterable[str] = ()) -> dict[str, int]:
    """The words of texts, as they are written and in their parts, with how many have each: the 3,000 most frequent.

    Those of frames are cut already.
    """
    known: Counter[str] = Counter()
    for text in texts:
        known.update(word for word in {*whole_words(text).split(), *split_words(text).split()} if word.isalpha())
    for words in frames:
        known.update(filter(str.isalpha, set(words.split())))
    return dict(known.most_common(_MOST_KNOWN))


def can_be_corrected(expression: Expression) -> bool:
    """Whether it has words that are neither in quotes, nor only begun, nor behind `!`."""
    return any(True for _ in _free_words(expression))


def corrected(expression: Expression, known: Mapping[str, int]) -> Expression:
    """The search with the nearest known words beside those that are not known; the same where none is near.

    No more than five are corrected, so that what it costs is bounded.
    """
    nearest: dict[Words, Words] = {}
    left = _MOST_CORRECTED
    for words in dict.fromkeys(_free_words(expression)):
        left -= sum(_is_slip(part, known) for part in _parts(words))
        if left < 0:
            break
        found = _nearest_words(words, known)
        if found is not None:
            nearest[words] = found
    return _with(expression, nearest)


def _free_words(expression: Expression) -> Iterator[Words]:
    match expression:
        case All(parts) | Either(parts):
            for part in parts:
                yield from _free_words(part)
        case Words(exact=False, is_prefix=False):
            yield expression
        case _:
            return


def _with(expression: Expression, nearest: Mapping[Words, Words]) -> Expression:
    match expression:
        case All(parts):
            return All(tuple(_with(part, nearest) for part in parts))
        case Either(parts):
            return Either(tuple(_with(part, nearest) for part in parts))
        case Words() if expression in nearest:
            return Either((expression, nearest[expression]))
        case _:
            return expression


def _parts(words: Words) -> list[str]:
    return split_words(words.text).split()


def _is_slip(part: str, known: Mapping[str, int]) -> bool:
    return part.isalpha() and part not in known


def _nearest_words(words: Words, known: Mapping[str, int]) -> Words | None:
    """The words with the nearest known one for each part that is not known; none where one has none, or none is due."""
    parts = _parts(words)
    found = [_nearest(part, known) if _is_slip(part, known) else part for part in parts]
    return None if None in found or found == parts else Words(" ".join(part for part in found if part))


def _nearest(word: str, known: Mapping[str, int]) -> str | None:
    """The known word of the fewest slips, of those the most frequent; none where all are too far."""
    allowed = 1 if len(word) < _LONG else 2
    if not _SHORTEST <= len(word) <= _LONGEST:
        return None
    letters = set(word)
    near = []
    for other, count in known.items():
        # Each slip changes two letters at most, which leaves few words to look at closely.
        if abs(len(other) - len(word)) <= allowed and len(letters.symmetric_difference(other)) <= 2 * allowed:
            slips = _slips(word, other, allowed)
            if slips <= allowed:
                near.append((slips, -count, other))
    return min(near)[2] if near else None


def _slips(one: str, other: str, most: int) -> int:
    """How many letters were left out, put in, mistaken, or swapped with their neighbour; `most` + 1 where more.

    It is the optimal string alignment distance: Damerau (1964) found that such slips are four in five of all.
    """
    far = most + 1
    before: list[int] = []
    last = [min(j, far) for j in range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        row = [min(i, far)] + [far] * len(other)
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            slips = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (letter != other[j - 1]))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other[j - 1]:
                slips = min(slips, before[j - 2] + 1)
            row[j] = min(slips, far)
        if min(row) == far:
            return far
        before, last = last, row
    return last[-1]
