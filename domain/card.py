"""Where in a text is what looks like the number of a payment card?

Numbers of cards have 13 to 19 digits and end in a check digit (ISO/IEC 7812-1, annex B, Luhn). One other number in ten
passes that check by chance, so what is surely something else is left alone: part of a longer run of digits, an instant
in milli-, micro- or nanoseconds of our years, a piece of a hash.
"""

import re

_LEAST, _MOST = 13, 19
_RUN = re.compile(r"[0-9](?<![0-9][0-9])(?=(?:[ +-]?[0-9]){12})[0-9]{2,}+(?:[ +-][0-9]{3,}+)*+")
_GROUP = re.compile(r"[0-9]++")
_HEX = frozenset("0123456789abcdefABCDEF")
_HASH_LENGTHS = frozenset({24, 32, 40, 48, 56, 64, 96, 128})
_INSTANT_LENGTHS = frozenset({13, 16, 19})
_INSTANT_STARTS = ("15", "16", "17", "18", "19")
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
_ZERO = ord("0")


def replace_cards(text: str, replacement: str) -> str:
    """Leave no card number in the text: groups of three digits or more, apart by one space, dash or plus at most."""
    found = [span for run in _RUN.finditer(text) for span in _cards(text, run.start(), run.end())]
    if not found:
        return text
    parts, at = [], 0
    for start, end in found:
        parts += [text[at:start], replacement]
        at = end
    return "".join(parts) + text[at:]


def is_card_number(digits: str) -> bool:
    """Whether digits alone, without separators, look like a card number."""
    if not _LEAST <= len(digits) <= _MOST or not digits.strip("0"):
        return False
    if len(digits) in _INSTANT_LENGTHS and digits.startswith(_INSTANT_STARTS):
        return False
    return _passes_luhn(digits.encode())


def _cards(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The cards in one run of groups, from left to right, the longest first where two begin alike."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(groups):
        last = _card_from(text, groups, first)
        if last is None:
            first += 1
        else:
            found.append((groups[first][0], groups[last][1]))
            first = last + 1
    return found


def _card_from(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    candidates: list[tuple[int, str]] = []
    digits = ""
    for last in range(first, len(groups)):
        if groups[last][1] - groups[last][0] + len(digits) > _MOST:
            break
        digits += text[slice(*groups[last])]
        if len(digits) >= _LEAST:
            candidates.append((last, digits))
    for last, candidate in reversed(candidates):
        if is_card_number(candidate) and not _is_in_hash(text, groups[first][0], groups[last][1]):
            return last
    return None


def _is_in_hash(text: str, start: int, end: int) -> bool:
    left, right = start, end
    reach = max(_HASH_LENGTHS)
    while left > 0 and text[left - 1] in _HEX and start - left <= reach:
        left -= 1
    while right < len(text) and text[right] in _HEX and right - end <= reach:
        right += 1
    return (left, right) != (start, end) and right - left in _HASH_LENGTHS


def _passes_luhn(digits: bytes) -> bool:
    total = sum(digits[-1::-2]) + sum(digits[-2::-2].translate(_DOUBLED)) - _ZERO * len(digits)
    return total % 10 == 0
