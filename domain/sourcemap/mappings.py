"""What do the `mappings` of a source map say? Base64 VLQ, as ECMA-426 has it.

Most segments of a map are the same few texts over and over, so what a text means is worked out once.
"""

import re

from domain.errors import InvalidInput
from domain.sourcemap.original import Segments

MOST_MAPPINGS = 2_000_000
MOST_LINES = 1_000_000
_DIGITS = {ord(digit): value for value, digit in enumerate(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)}  # fmt: skip
_PART = re.compile(r"[^,;]+|;")
_MORE, _BITS = 32, 5
_LARGEST = 2**31 - 1
_LONGEST_SEGMENT = 35  # five numbers of seven digits
_MOST_KNOWN = 50_000
_COLUMN, _PLACE, _NAMED = 1, 4, 5
_NOWHERE = -1

_Deltas = tuple[int, ...]


def check_size(mappings: str) -> None:
    """Return if there are no more mappings and lines than are taken, counted before any is read.

    Raises: InvalidInput.
    """
    if mappings.count(";") >= MOST_LINES:
        raise InvalidInput(f"The source map has more than {MOST_LINES:,} lines of mappings.", ("mappings",))
    if mappings.count(",") + mappings.count(";") >= MOST_MAPPINGS:
        raise InvalidInput(f"The source map has more than {MOST_MAPPINGS:,} mappings.", ("mappings",))


class MappingReader:
    """Mappings read so far, of one map or of the sections of one; places are offset by where a section begins."""

    def __init__(self) -> None:
        self.segments = Segments()
        self._known: dict[str, _Deltas] = {}
        self._first_source = 0
        self._first_name = 0

    def read(self, mappings: str, *, sources: int, names: int, line: int = 0, column: int = 0) -> None:
        """Take in the mappings of a map that has so many sources and names, and begins at that line and column.

        Raises: InvalidInput.
        """
        self._open_lines(line + 1)
        segments, known = self.segments, self._known
        starts, columns, places, lines, source_columns, called = segments.arrays()
        at_column, source, source_line, source_column, name = column, 0, 0, 0, 0
        is_sorted = len(columns) == starts[-1] or column >= columns[-1]
        for part in _PART.finditer(mappings):
            text = part.group()
            if text == ";":
                if not is_sorted:
                    self._sort_line()
                is_sorted = True
                starts.append(len(columns))
                at_column = 0
                continue
            deltas = known.get(text) or self._learn(text)
            at_column += deltas[0]
            is_sorted = is_sorted and deltas[0] >= 0
            is_placed, is_named = len(deltas) > _COLUMN, len(deltas) == _NAMED
            if is_placed:
                source += deltas[1]
                source_line += deltas[2]
                source_column += deltas[3]
                name += deltas[4] if is_named else 0
                if not (0 <= source < sources and 0 <= source_line <= _LARGEST and 0 <= source_column <= _LARGEST):
                    raise _wrong(text, "leads to no place of a source")
                if is_named and not 0 <= name < names:
                    raise _wrong(text, "leads to no name")
            if not 0 <= at_column <= _LARGEST:
                raise _wrong(text, "lies before its line")
            columns.append(at_column)
            places.append(self._first_source + source if is_placed else _NOWHERE)
            lines.append(source_line)
            source_columns.append(source_column)
            called.append(self._first_name + name if is_named else _NOWHERE)
        if not is_sorted:
            self._sort_line()
        self._first_source += sources
        self._first_name += names

    def _open_lines(self, count: int) -> None:
        if count < len(self.segments.starts):
            raise InvalidInput("The sections of the source map are not in order.", ("sections",))
        if count > MOST_LINES:
            raise InvalidInput(f"The source map has more than {MOST_LINES:,} lines of mappings.", ("sections",))
        missing = count - len(self.segments.starts)
        self.segments.starts.extend([len(self.segments.columns)] * missing)

    def _sort_line(self) -> None:
        """Leave the last line in the order of its columns, which the standard does not promise."""
        segments, start = self.segments, self.segments.starts[-1]
        columns = segments.columns[start:]
        order = sorted(range(len(columns)), key=columns.__getitem__)
        for part in segments.arrays()[1:]:
            kept = part[start:]
            for place, old in enumerate(order):
                part[start + place] = kept[old]

    def _learn(self, text: str) -> _Deltas:
        deltas = _decode(text)
        if len(self._known) < _MOST_KNOWN:
            self._known[text] = deltas
        return deltas


def _decode(text: str) -> _Deltas:
    """The numbers of one segment.

    Raises: InvalidInput.
    """
    if len(text) > _LONGEST_SEGMENT:
        raise _wrong(text, "is too long")
    numbers, value, shift = [], 0, 0
    for letter in text:
        digit = _DIGITS.get(ord(letter))
        if digit is None:
            raise _wrong(text, "is no base64")
        value += (digit & _MORE - 1) << shift
        shift += _BITS
        if not digit & _MORE:
            numbers.append(-(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    if shift or len(numbers) not in (_COLUMN, _PLACE, _NAMED) or any(abs(number) > _LARGEST for number in numbers):
        raise _wrong(text, "is no list of 1, 4 or 5 numbers of 32 bits")
    return tuple(numbers)


def _wrong(segment: str, why: str) -> InvalidInput:
    return InvalidInput(f"The mappings of the source map are broken: {segment[:40]!r} {why}.", ("mappings",))
