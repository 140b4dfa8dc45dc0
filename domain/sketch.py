"""How many different ones are there, of more than one would keep? An estimate from a few kilobytes.

HyperLogLog (Flajolet et al. 2007) with 4,096 registers: the first 12 bits of a digest say which, and it keeps the place
of the first one among the bits that follow, where that is the farthest yet. Seeing the same digest again changes
nothing, and the sketch of a union is the greatest of each register: so days and services are put together without
counting anybody twice. Estimated as in O. Ertl, New cardinality estimation algorithms for HyperLogLog sketches
(arXiv:1702.01284), algorithm 6, which needs no tables, and no other formula for few. The standard error is
1.04/√4096 = 1.6 %.

A sketch holds nobody's digest: a register says that one of the digests which begin so had so many noughts.
"""

from collections import Counter
from collections.abc import Iterable
from math import inf, log, sqrt
from struct import unpack
from typing import Self

_INDEX_BITS = 12
_SIZE = 1 << _INDEX_BITS
# The digest's bits after the index that are looked at, and the highest place, where all of them are nought.
_REST_BITS = 52
_DIGEST_BYTES = (_INDEX_BITS + _REST_BITS) // 8
ERROR = 1.04 / sqrt(_SIZE)
# How a sketch is stored: a byte that says how; then each register, or number and value of those that are not nought.
_FEW, _ALL = 1, 2
_ENTRY_BYTES = 3
# A register is a byte whose highest bit is free: so all of them are compared at once, as one whole number.
_HIGH = int.from_bytes(b"\x80" * _SIZE)
_LOW = int.from_bytes(b"\x7f" * _SIZE)


class Sketch:
    """A set of digests, of which only its size can be told."""

    __slots__ = ("_registers",)

    def __init__(self) -> None:
        self._registers = bytearray(_SIZE)

    @classmethod
    def read(cls, stored: bytes) -> Self:
        """A stored sketch; of no bytes, one of nobody.

        Raises: ValueError for what is none.
        """
        sketch = cls()
        if stored:
            sketch.merge(stored)
        return sketch

    def add(self, digest: bytes) -> None:
        """Count one digest of at least eight bytes, once however often it comes."""
        bits = int.from_bytes(digest[:_DIGEST_BYTES])
        self._raise(bits >> _REST_BITS, _REST_BITS - (bits & ((1 << _REST_BITS) - 1)).bit_length() + 1)

    def merge(self, stored: bytes) -> None:
        """Count what is in a stored sketch.

        Raises: ValueError for what is none.
        """
        kind, values = stored[:1], stored[1:]
        if kind == bytes([_ALL]) and len(values) == _SIZE:
            self._registers = bytearray(_greatest(self._registers, values))
        elif kind == bytes([_FEW]) and len(values) % _ENTRY_BYTES == 0:
            registers = self._registers
            for number, value in zip(_numbers(values), values[2::_ENTRY_BYTES], strict=True):
                if registers[number] < value:  # noqa: PLR1730 - a call for each takes twice as long
                    registers[number] = value
        else:
            raise ValueError("no sketch of this version")

    def take(self, stored: Iterable[bytes] = (), digests: Iterable[bytes] = ()) -> None:
        """Count what is in stored sketches, and these digests, each once.

        Raises: ValueError for what is no sketch.
        """
        for each in stored:
            self.merge(each)
        for digest in digests:
            self.add(digest)

    def stored(self) -> bytes:
        """The sketch as bytes: three for each that was counted while they are few, and about four thousand at most."""
        few = [(number, value) for number, value in enumerate(self._registers) if value]
        if len(few) * _ENTRY_BYTES >= _SIZE:
            return bytes([_ALL]) + self._registers
        return bytes([_FEW]) + b"".join(number.to_bytes(2) + bytes([value]) for number, value in few)

    def count(self) -> int:
        """About how many different digests there were, none for none."""
        found = Counter(self._registers)
        if found[0] == _SIZE:
            return 0
        total = _SIZE * _tau(1 - found[_REST_BITS + 1] / _SIZE)
        for value in range(_REST_BITS, 0, -1):
            total = (total + found[value]) / 2
        total += _SIZE * _sigma(found[0] / _SIZE)
        return round(_SIZE * _SIZE / (2 * log(2) * total))

    def _raise(self, number: int, value: int) -> None:
        self._registers[number] = max(self._registers[number], value)


def _numbers(entries: bytes) -> tuple[int, ...]:
    """The numbers of the entries, taken apart all at once: one by one takes eight times as long."""
    numbers = bytearray(len(entries) // _ENTRY_BYTES * 2)
    numbers[::2], numbers[1::2] = entries[::_ENTRY_BYTES], entries[1::_ENTRY_BYTES]
    return unpack(f">{len(numbers) // 2}H", numbers)


def _greatest(left: bytes | bytearray, right: bytes) -> bytes:
    """The greater of each two bytes, which are less than 128."""
    a, b = int.from_bytes(left), int.from_bytes(right)
    # The highest bit of a byte is left standing where `a` is not less; spread over the others it is a mask.
    wins = ((a | _HIGH) - b) & _HIGH
    mask = wins - (wins >> 7)
    return ((a & mask) | (b & (mask ^ _LOW))).to_bytes(_SIZE)


def _sigma(x: float) -> float:
    if x == 1:
        return inf
    y, total, last = 1.0, x, -1.0
    while total != last:
        x *= x
        last = total
        total += x * y
        y += y
    return total


def _tau(x: float) -> float:
    if x in (0, 1):
        return 0.0
    y, total, last = 1.0, 1 - x, -1.0
    while total != last:
        x = sqrt(x)
        last = total
        y /= 2
        total -= (1 - x) ** 2 * y
    return total / 3
