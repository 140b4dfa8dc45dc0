"""A decoded source map: which original place is meant by a line and a column of what a bundler wrote?"""

import json
import re
import sys
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from domain.errors import InvalidInput

PACKED_VERSION = 1
_LINE_END = re.compile(r"\r\n?|\n|\u2028|\u2029")
_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Original:
    """A place in an original source, all counted from 0; `name` is what stood there before it was shortened."""

    source: int
    line: int
    column: int
    name: str | None


@dataclass(slots=True)
class Segments:
    """The mappings of a map, one entry in each array for each; `starts` has where each generated line begins."""

    starts: "array[int]" = field(default_factory=lambda: array("i"))
    columns: "array[int]" = field(default_factory=lambda: array("i"))
    sources: "array[int]" = field(default_factory=lambda: array("i"))
    lines: "array[int]" = field(default_factory=lambda: array("i"))
    source_columns: "array[int]" = field(default_factory=lambda: array("i"))
    names: "array[int]" = field(default_factory=lambda: array("i"))

    def arrays(self) -> "tuple[array[int], ...]":
        """All of them, in the order in which they are packed."""
        return self.starts, self.columns, self.sources, self.lines, self.source_columns, self.names


@dataclass(slots=True)
class SourceMap:
    """What a map says; `contents` holds the text of each source, or none, and `ignored` those that are foreign code."""

    sources: list[str]
    names: list[str]
    contents: list[str | None]
    ignored: frozenset[int]
    segments: Segments
    debug_id: str | None = None
    _line_starts: "dict[int, array[int]]" = field(default_factory=dict, compare=False, repr=False)

    @property
    def size(self) -> int:
        """About how many bytes it holds."""
        texts = sum(map(len, self.sources)) + sum(map(len, self.names)) + sum(len(text or "") for text in self.contents)
        return texts + sum(len(part) * part.itemsize for part in self.segments.arrays()) + 100 * len(self.names)

    def find(self, line: int, column: int) -> Original | None:
        """What is meant by a place, counted from 0: the nearest mapping before it on its line; none where none is."""
        at = self._index(line, column)
        return None if at is None else self._original(at)

    def find_after(self, line: int, column: int) -> Original | None:
        """The mapping behind the one that `find` takes, on the same line: what stands behind `new`."""
        at = self._index(line, column)
        if at is None or at + 1 >= self._end(line):
            return None
        return self._original(at + 1)

    def line_of(self, source: int, line: int) -> str | None:
        """One line of the text of a source; none where there is no such line, or no text."""
        text = self.contents[source]
        starts = self._starts(source, text) if text is not None else None
        if text is None or starts is None or not 0 <= line < len(starts):
            return None
        end = starts[line + 1] if line + 1 < len(starts) else len(text)
        return text[starts[line] : end].rstrip("\r\n\u2028\u2029")

    def _index(self, line: int, column: int) -> int | None:
        if not 0 <= line < len(self.segments.starts):
            return None
        start = self.segments.starts[line]
        at = bisect_right(self.segments.columns, column, start, self._end(line)) - 1
        return at if at >= start else None

    def _end(self, line: int) -> int:
        starts = self.segments.starts
        return starts[line + 1] if line + 1 < len(starts) else len(self.segments.columns)

    def _original(self, at: int) -> Original | None:
        segments = self.segments
        if segments.sources[at] == _NOWHERE:
            return None
        name = segments.names[at]
        return Original(
            source=segments.sources[at],
            line=segments.lines[at],
            column=segments.source_columns[at],
            name=None if name == _NOWHERE else self.names[name],
        )

    def _starts(self, source: int, text: str) -> "array[int]":
        if source not in self._line_starts:
            self._line_starts[source] = array("i", [0, *(match.end() for match in _LINE_END.finditer(text))])
        return self._line_starts[source]


def pack(source_map: SourceMap) -> bytes:
    """The map as bytes that `unpack` reads much faster than the text it was: a head of JSON, then the arrays."""
    arrays = source_map.segments.arrays()
    head: dict[str, Any] = {
        "version": PACKED_VERSION,
        "sources": source_map.sources,
        "names": source_map.names,
        "contents": source_map.contents,
        "ignored": sorted(source_map.ignored),
        "debugId": source_map.debug_id,
        "lengths": [len(part) for part in arrays],
    }
    text = json.dumps(head).encode()
    return b"".join([len(text).to_bytes(8, "little"), text, *(_little_endian(part).tobytes() for part in arrays)])


def unpack(data: bytes) -> SourceMap:
    """The map of what `pack` has made.

    Raises: InvalidInput where another version has packed it.
    """
    at = 8 + int.from_bytes(data[:8], "little")
    head = json.loads(data[8:at])
    if head["version"] != PACKED_VERSION:
        raise InvalidInput("The source map was stored by another version.")
    arrays = []
    for length in head["lengths"]:
        part = array("i")
        part.frombytes(data[at : at + length * part.itemsize])
        at += length * part.itemsize
        arrays.append(_little_endian(part))
    return SourceMap(
        sources=head["sources"],
        names=head["names"],
        contents=head["contents"],
        ignored=frozenset(head["ignored"]),
        segments=Segments(*arrays),
        debug_id=head["debugId"],
    )


def _little_endian(part: "array[int]") -> "array[int]":
    """The array as it is kept, or one that was kept as it is here."""
    if sys.byteorder == "little":
        return part
    turned = array("i", part)
    turned.byteswap()
    return turned
