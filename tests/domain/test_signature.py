import hmac
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Unauthenticated
from domain.signature import check_signature, signature

SECRET, BODY = "tws_secret", b'{"message": "m"}'
AT = datetime(2026, 3, 2, tzinfo=UTC)
NOW = int(AT.timestamp())
RIGHT = hmac.new(SECRET.encode(), str(NOW).encode() + b"." + BODY, sha256).hexdigest()


def check(header, body=BODY, secret=SECRET):
    return check_signature(header, secret, body, at=AT, window_s=300)


def test_the_signature_is_that_of_the_time_a_dot_and_the_body():
    assert signature(SECRET, NOW, BODY) == RIGHT


@pytest.mark.parametrize(
    "header",
    [f"t={NOW},v1={RIGHT}", f"t={NOW}, v1={RIGHT.upper()}", f"v1={'0' * 64},v1={RIGHT},v0=x,t={NOW}"],
)
def test_the_right_signature_is_accepted_until_its_window_ends(header):
    assert check(header) == (RIGHT, 300)


@pytest.mark.parametrize("apart", [-300, 300])
def test_a_time_within_the_window_is_accepted(apart):
    signed = signature(SECRET, NOW + apart, BODY)
    assert check(f"t={NOW + apart},v1={signed}") == (signed, apart + 300)


@pytest.mark.parametrize("apart", [-301, 301, -NOW])
def test_a_time_outside_the_window_is_refused(apart):
    with pytest.raises(Unauthenticated, match=r"at most 300 s"):
        check(f"t={NOW + apart},v1={signature(SECRET, NOW + apart, BODY)}")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "missing"),
        ("", "missing"),
        (RIGHT, "form"),
        (f"v1={RIGHT}", "form"),
        (f"t={NOW}", "form"),
        (f"t={NOW},t={NOW},v1={RIGHT}", "form"),
        (f"t=-1,v1={RIGHT}", "form"),
        (f"t=\u0661,v1={RIGHT}", "form"),
        (f"t={NOW},v1={'0' * 64}", "not of this body"),
        (f"t={NOW},v1=", "not of this body"),
        (f"t={NOW},v1=\ud800é", "not of this body"),
        (f"t={NOW}," + ",".join(["v1=0"] * 5) + f",v1={RIGHT}", "not of this body"),
    ],
)
def test_anything_else_is_refused_with_the_reason(header, message):
    with pytest.raises(Unauthenticated, match=message):
        check(header)


def test_another_body_or_secret_has_another_signature():
    for other in ({"body": BODY + b" "}, {"secret": "tws_other"}):
        with pytest.raises(Unauthenticated):
            check(f"t={NOW},v1={RIGHT}", **other)


@given(st.text(max_size=80))
def test_any_header_is_refused_as_such(header):
    with pytest.raises(Unauthenticated):
        check(header)
