from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, SmallInteger, column

from core.keyset import InvalidCursor, Order, at, number, text, unique

ORDER = Order(
    "mixed",
    (at(column("seen")), number(column("count", BigInteger())), text(column("name")), unique(column("id"))),
)
AWARE = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone


def read(order: Order, cursor: str) -> list:
    condition = order.beyond(cursor).compile()
    return [condition.params[name] for name in sorted(condition.params, key=lambda name: int(name.rsplit("_")[-1]))]


@given(
    AWARE,
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.text().filter(lambda words: "\0" not in words and words.isprintable()),
    st.uuids(),
)
def test_a_cursor_gives_back_the_values_that_it_was_made_of(seen: datetime, count: int, name: str, id: UUID):
    assert read(ORDER, ORDER.cursor([seen, count, name, id])) == [seen, count, name, id]


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_other_text_is_refused(cursor: str):
    with pytest.raises(InvalidCursor):
        ORDER.beyond(cursor)


SMALL = Order("small", (number(column("rank", SmallInteger())), unique(column("id"))))


@given(st.lists(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5), max_size=4))
def test_a_cursor_with_values_of_other_kinds_is_refused(values: list):
    cursor = Order("small", ()).cursor(values)
    with pytest.raises(InvalidCursor):
        SMALL.beyond(cursor)


@pytest.mark.parametrize(
    "values",
    [
        [40_000, str(UUID(int=1))],
        [-40_000, str(UUID(int=1))],
        [True, str(UUID(int=1))],
        [1.5, str(UUID(int=1))],
        [1, 1],
        [1, None],
        [1],
        [1, str(UUID(int=1)), 1],
    ],
)
def test_a_value_that_the_column_could_not_have_is_refused(values: list):
    assert orjson.dumps(values)
    with pytest.raises(InvalidCursor):
        SMALL.beyond(Order("small", ()).cursor(values))


def test_a_cursor_belongs_to_its_order():
    cursor = SMALL.cursor([1, UUID(int=1)])
    SMALL.beyond(cursor)
    with pytest.raises(InvalidCursor):
        Order("other", SMALL.keys).beyond(cursor)


def test_an_instant_without_a_zone_is_refused():
    order = Order("seen", (at(column("seen")),))
    seen = datetime(2026, 3, 2, tzinfo=UTC)
    assert read(order, order.cursor([seen])) == [seen]
    assert read(order, order.cursor([(seen + timedelta(microseconds=1)).isoformat()])) == [
        seen + timedelta(microseconds=1)
    ]
    with pytest.raises(InvalidCursor):
        order.beyond(order.cursor(["2026-03-02T00:00:00"]))


@pytest.mark.parametrize(
    ("descending", "backward", "operator"),
    [(True, False, "<"), (True, True, ">"), (False, False, ">"), (False, True, "<")],
)
def test_beyond_looks_in_the_direction_of_the_walk(descending: bool, backward: bool, operator: str):
    order = Order("small", SMALL.keys, descending)
    condition = str(order.beyond(order.cursor([1, UUID(int=1)]), backward=backward))
    assert condition.startswith(f"(rank, id) {operator} (")
    words = [str(term).split()[-1] for term in order.by(backward=backward)]
    assert words == ["DESC" if operator == "<" else "ASC"] * 2
