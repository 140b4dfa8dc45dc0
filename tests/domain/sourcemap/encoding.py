"""Source maps written for tests, by an encoder that shares nothing with the decoder."""

import json
from typing import Any

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

# Generated column, then source, line and column there, then name; as far as it goes.
Segment = tuple[int, ...]


def vlq(number: int) -> str:
    rest = -number << 1 | 1 if number < 0 else number << 1
    text = ""
    while True:
        rest, digit = rest >> 5, rest & 31
        text += DIGITS[digit | 32 if rest else digit]
        if not rest:
            return text


def mappings(lines: list[list[Segment]]) -> str:
    """The `mappings` of absolute places, line by line."""
    last = [0, 0, 0, 0]
    texts = []
    for line in lines:
        column, parts = 0, []
        for segment in line:
            text, column = vlq(segment[0] - column), segment[0]
            for place, value in enumerate(segment[1:]):
                text += vlq(value - last[place])
                last[place] = value
            parts.append(text)
        texts.append(",".join(parts))
    return ";".join(texts)


def a_map(lines: list[list[Segment]], **fields: Any) -> bytes:
    return json.dumps({"version": 3, "sources": ["a.js"], "names": [], "mappings": mappings(lines), **fields}).encode()
