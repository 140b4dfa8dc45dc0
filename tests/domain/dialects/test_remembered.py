"""What was read before, or needs no mending, is told from what is new by nothing but the time that it takes."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dialects import frames, graphql
from domain.dialects.mending import Mending
from domain.dialects.stack import read_exceptions
from domain.errors import InvalidInput

TEXTS = st.sampled_from([
    "", "pay", "a\0b", "\ud800", "grüße", "password = hunter2", "4111 1111 1111 1111", "https://a:b@host/x?token=1", "y" * 17_000,
    "name", "Authorization", "x-api-key: abc", "a=1&b=2", "-----BEGIN PRIVATE KEY-----", "x" * 120,
])  # fmt: skip
KEYS = st.sampled_from(
    ["a", "token", "name", "value", "headers", "tokens", "k\0", "ключ", "k" * 210, "Card: 4111111111111111"]
)
SCALARS = TEXTS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.just(4111111111111111)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | TEXTS, inner, max_size=4)
)


class Careful(Mending):
    """Goes through every value with care."""

    def _is_plain(self, value, most_bytes):  # noqa: ARG002
        return False


def mended(kind, value, bound):
    mending = kind(frozenset({"ticket"}))
    return repr(mending.json(copy.deepcopy(value), bound)), mending.notes, mending.size, mending._nodes


@given(VALUES, st.sampled_from([graphql.CONTEXTS, frames.VARIABLES]))
def test_a_value_that_is_let_pass_is_one_in_which_nothing_is_mended(value, bound):
    assert mended(Mending, value, bound) == mended(Careful, value, bound)


@pytest.mark.parametrize("value", [{"a": ["b"] * 10_001}, {"a": "x" * 140_000}, [[[[[[[[[[[[["deep"]]]]]]]]]]]]]])
def test_what_is_too_much_is_cut_all_the_same(value):
    assert mended(Mending, value, graphql.CONTEXTS) == mended(Careful, value, graphql.CONTEXTS)


def test_what_is_let_pass_is_not_made_anew():
    value = {"runtime": {"name": "CPython", "version": "3.11"}, "cpus": [1, 2.5, True, None]}
    assert Mending().json(value, graphql.CONTEXTS) is value


frames_of = st.lists(
    st.fixed_dictionaries({}, optional={"function": TEXTS, "line": SCALARS, "variables": VALUES}) | SCALARS, max_size=3
)
chains = st.lists(
    st.fixed_dictionaries({}, optional={"type": TEXTS, "message": TEXTS, "frames": frames_of}) | SCALARS, max_size=3
)
pairs = st.lists(st.fixed_dictionaries({}, optional={"key": KEYS | SCALARS, "value": SCALARS}) | SCALARS, max_size=4)


def answer(read, value):
    mending = Mending(cuts_names=True)
    return repr(read(mending, copy.deepcopy(value))), mending.notes, mending.size


@given(st.lists(chains | SCALARS, min_size=1, max_size=3))
def test_exceptions_that_come_again_are_read_as_the_first_time(values):
    fresh = []
    for value in values:
        frames._stacks.forget()
        frames._remembered.forget()
        fresh.append(answer(read_exceptions, value))
    assert [answer(read_exceptions, value) for value in values] == fresh


@given(st.lists(pairs | SCALARS, min_size=1, max_size=3))
def test_tags_that_come_again_are_read_as_the_first_time(values):
    fresh = []
    for value in values:
        graphql._remembered_tags.forget()
        fresh.append(answer(graphql._tags, value))
    assert [answer(graphql._tags, value) for value in values] == fresh


def test_a_name_that_was_cut_for_one_is_refused_for_another():
    tags = [{"key": "k" * 100, "value": "v"}]
    assert answer(graphql._tags, tags)[1]
    with pytest.raises(InvalidInput):
        graphql._tags(Mending(), tags)


def test_what_one_report_drops_of_its_stack_another_still_has():
    value = [{"type": "E", "frames": [{"function": "pay"}]}]
    first, second = read_exceptions(Mending(), value), read_exceptions(Mending(), value)
    first[0].frames.clear()
    first.clear()
    assert [frame.function for frame in second[0].frames] == ["pay"]
    assert [frame.function for frame in read_exceptions(Mending(), value)[0].frames] == ["pay"]


def test_what_a_value_hides_is_not_kept():
    secret = "hunter2-hunter2-hunter2"
    read_frames = [{"function": "pay", "contextLine": f"connect('postgres://app:{secret}@db/shop')"}]
    frames._stacks.forget()
    frames._remembered.forget()
    stack = read_exceptions(Mending(), [{"type": "E", "frames": read_frames}])[0].frames
    assert secret not in repr(stack)
    assert len(frames._stacks)
    assert secret.encode() not in b"".join(digest for _, digest in frames._stacks._known)
    assert secret not in repr(list(frames._stacks._known.values()))
