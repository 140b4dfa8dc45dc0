"""A payload comes back as it went in, small, and says what it cannot read."""

from random import Random

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.payload import pack, unpack

JSON = st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), st.lists, max_leaves=20)


@given(st.dictionaries(st.text(), JSON))
def test_a_payload_comes_back_as_it_was(value: dict):
    json = orjson.dumps(value)
    assert unpack(pack(json)) == json


def test_a_payload_that_does_not_shrink_is_kept_as_it_is():
    assert pack(b"{}") == b"\x00{}"


def test_a_large_payload_without_repetition_comes_back():
    json = orjson.dumps({"text": Random(1).randbytes(500_000).hex()})
    assert unpack(pack(json)) == json


def test_what_every_stack_trace_has_takes_little_room():
    frame = {"function": "inner", "filename": "django/core/handlers/exception.py", "line": 55, "in_app": False}
    json = orjson.dumps({"exceptions": [{"type": "ValueError", "message": "bad", "module": None, "frames": [frame]}]})
    assert len(pack(json)) < len(json) / 2


@pytest.mark.parametrize("stored", [b"", b"\xff{}"])
def test_a_format_of_a_later_version_is_named(stored: bytes):
    with pytest.raises(ValueError, match="does not know"):
        unpack(stored)
