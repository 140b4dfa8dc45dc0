import base64
import zlib
from contextlib import suppress
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dialects.sentry.store import unwrapped
from domain.errors import InvalidInput

EVENT = b'{"message": "it broke", "n": "~~~???"}'
PACKED = base64.b64encode(zlib.compress(EVENT))


@pytest.mark.parametrize(
    "body",
    [
        EVENT,
        b"\n " + EVENT + b"\n",
        base64.b64encode(EVENT),
        base64.b64encode(EVENT).rstrip(b"="),
        PACKED,
        PACKED.rstrip(b"=") + b"\n",
        b"sentry_data=" + quote_plus(PACKED).encode(),
        b"sentry_data=" + quote_plus(EVENT).encode() + b"&other=1",
    ],
)
def test_an_event_is_found_in_each_wrapping(body):
    assert unwrapped(body, 1000) == EVENT


@pytest.mark.parametrize("body", [b"", b"[1]", b"no event", b"sentry_data=", base64.b64encode(b"nothing packed")])
def test_what_is_no_event_is_said(body):
    with pytest.raises(InvalidInput, match="neither a JSON object nor base64"):
        unwrapped(body, 1000)


def test_a_bomb_is_left_at_the_byte_too_many():
    with pytest.raises(InvalidInput, match="larger than 1,000 bytes"):
        unwrapped(base64.b64encode(zlib.compress(bytes(10**7))), 1000)


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(body):
    with suppress(InvalidInput):
        unwrapped(body, 1000)
