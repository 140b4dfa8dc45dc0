"""About how many there are: the error, and that what was counted together is counted once."""

from hashlib import blake2b
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sketch import ERROR, Sketch

PEOPLE = st.sets(st.integers(0, 5000), max_size=300)


def digest(number: int, world: str = "") -> bytes:
    return blake2b(f"{world}{number}".encode(), digest_size=12).digest()


def sketch_of(people, world: str = "") -> Sketch:
    sketch = Sketch()
    for one in people:
        sketch.add(digest(one, world))
    return sketch


def count_together(stored, digests) -> int:
    sketch = Sketch()
    sketch.take(stored)
    sketch.take(digests=digests)
    return sketch.count()


@pytest.mark.parametrize(
    "many",
    # Those of very many take the ways that those of fewer take, and to watch each of a million steps takes its time.
    [50, 1_000, 3_000, *(pytest.param(many, marks=pytest.mark.no_cover) for many in (10_000, 40_000))],
)
def test_the_error_is_what_is_said(many: int):
    # Of twenty sketches the root of the mean square, which itself varies by a sixth; three of these are allowed.
    errors = [sketch_of(range(many), f"{world}:").count() / many - 1 for world in range(20)]
    assert sqrt(sum(error * error for error in errors) / 20) < ERROR * 1.5
    assert abs(sum(errors) / 20) < ERROR * 3 / sqrt(20)


def test_few_are_counted_to_one_or_two():
    assert [sketch_of(range(many)).count() for many in range(4)] == [0, 1, 2, 3]
    assert all(abs(sketch_of(range(many)).count() - many) <= 2 for many in range(100))


@given(parts=st.lists(PEOPLE, max_size=4), loose=PEOPLE)
def test_sketches_together_are_the_sketch_of_all_in_any_order(parts: list[set[int]], loose: set[int]):
    whole = sketch_of(loose.union(*parts))
    stored = [sketch_of(part).stored() for part in parts]
    digests = list(map(digest, loose))
    assert count_together(stored, digests) == whole.count()
    assert count_together([*reversed(stored), *stored], [*digests, *digests]) == whole.count()


@pytest.mark.parametrize(("first", "second"), [(9, 20_000), (20_000, 9), (20_000, 30_000), (600, 1_200)])
def test_whatever_the_sizes_what_is_stored_is_read_and_merged_alike(first: int, second: int):
    one, other = sketch_of(range(first)), sketch_of(range(first // 2, second))
    assert Sketch.read(one.stored()).stored() == one.stored()
    whole = sketch_of(range(max(first, second)))
    one.merge(other.stored())
    assert one.stored() == whole.stored()
    assert len(one.stored()) <= 4097


def test_the_farthest_bit_is_counted_too():
    sketch = Sketch()
    for number in range(4096):
        sketch.add((number << 52 | (not number)).to_bytes(8))
    assert sketch.count() > 10**15


@pytest.mark.parametrize("stored", [b"\x02", b"\x01\x00", b"\x03" + bytes(4096)])
def test_what_is_no_sketch_is_refused(stored: bytes):
    with pytest.raises(ValueError, match="no sketch"):
        Sketch.read(stored)
