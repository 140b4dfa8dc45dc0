"""A frame that was read before is read as it was the first time."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dialects import frames
from domain.dialects.frames import read_frame
from domain.dialects.mending import Mending

PLAIN = {"function": "pay", "module": "shop.cart", "filename": "shop/cart.py", "line": 7, "inApp": True}
some = st.sampled_from([None, "pay", "a\0b", "", "password = hunter2", 1, 1.0, True, "x" * 600, ["a"], {"b": 1}])
lines = st.none() | some | st.lists(st.sampled_from(["a", "b", "a\0b", "", 1, True, 1.0, None]), max_size=3)
odd = st.fixed_dictionaries(
    {},
    optional={
        "function": some, "module": some, "filename": some, "absolutePath": some, "line": some, "column": some,
        "inApp": some, "contextLine": some, "preContext": lines, "postContext": lines, "variables": some,
    },
)  # fmt: skip


def read(value, mending=None):
    mending = mending or Mending()
    return read_frame(mending, value), mending.notes, mending.size


@pytest.fixture(autouse=True)
def forgetful():
    frames._remembered.forget()


@given(st.lists(odd, min_size=1, max_size=6))
def test_what_is_remembered_changes_nothing(values):
    frames._remembered.forget()
    remembered = [read(copy.deepcopy(value)) for value in [*values, *values]]
    fresh = []
    for value in [*values, *values]:
        frames._remembered.forget()
        fresh.append(read(value))
    assert remembered == fresh


def test_a_frame_is_read_once():
    assert read(dict(PLAIN))[0] is read(dict(PLAIN))[0]


def test_variables_are_those_of_each_report():
    first, second = (read({**PLAIN, "variables": {"n": number}})[0] for number in (1, 2))
    assert (first.variables, second.variables, read(PLAIN)[0].variables) == ({"n": 1}, {"n": 2}, None)


def test_another_word_for_secrets_is_another_frame():
    given_frame = {**PLAIN, "function": "call(ticket='abcdefgh')"}
    told = read(given_frame)[0].function
    hidden = read(given_frame, Mending(frozenset({"ticket"})))[0].function
    assert "abcdefgh" in told
    assert "abcdefgh" not in hidden


def test_a_frame_that_was_mended_is_told_each_time():
    assert read({**PLAIN, "function": "x" * 600})[1] == read({**PLAIN, "function": "x" * 600})[1] != []


def test_no_more_than_so_many_are_remembered():
    for number in range(5000):
        read({**PLAIN, "line": number})
    assert len(frames._remembered) <= 2048


def test_a_large_frame_is_not_remembered():
    read({**PLAIN, "preContext": ["x" * 490] * 10})
    assert not len(frames._remembered)
