import base64
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.feed import Cursor, Position, read_cursor

cursors = st.builds(
    Cursor,
    epoch=st.text("0123456789abcdef", min_size=1, max_size=32),
    day=st.dates(min_value=date(2000, 1, 1)),
    position=st.builds(Position, st.integers(0, 2**64 - 1), st.integers(0, 2**63 - 1)),
)


def encoded(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@given(cursors)
def test_what_was_written_is_read_back(cursor):
    assert read_cursor(cursor.encode()) == cursor


@given(st.text(max_size=300))
@example("")
@example("\ud800")
@example("x" * 100_000)
@example(encoded("e.2026-03-02.1"))
@example(encoded("e.2026-03-02.1.2.3"))
@example(encoded("e.2026-03-02.-1.2"))
@example(encoded("e.2026-03-02.1.-2"))
@example(encoded("e.2026-03-02.18446744073709551616.2"))
@example(encoded("e.2026-03-02.1.9223372036854775808"))
@example(encoded("e.2026-03-02. 1.2"))
@example(encoded("e.2026-03-02.01.2"))
@example(encoded("e.2026-03-02.1_0.2"))
@example(encoded("e.20260302.1.2"))
@example(encoded("e.0001-01-01.1.2"))
@example(encoded("e.2026-02-30.1.2"))
@example(encoded("e.2026-03-02.1.2") + "!")
def test_anything_else_is_no_cursor(text):
    with pytest.raises(InvalidInput) as caught:
        read_cursor(text)
    assert caught.value.path == ("after",)


def test_positions_are_in_the_order_of_transactions_and_then_of_rows():
    assert Position(1, 9) < Position(2, 0) < Position(2, 1) < Position(10, 1)
