import pytest

from domain.headers import replace_headers
from domain.scrub import secret_keys


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ("Host: x\r\nAuthorization: Bearer S", "Host: x\r\nAuthorization: X"),
        ("Cookie : S\n  S\nHost: x", "Cookie : X\nHost: x"),
        ("GET / HTTP/1.1\nhost:x", "GET / HTTP/1.1\nhost:x"),
        (["Authorization: Bearer S", "Host: x"], ["Authorization: X", "Host: x"]),
        (["Authorization", "Bearer S", "Host", "x"], ["Authorization", "X", "Host", "x"]),
        ([["Authorization", "S", "S"], ["Host", "x"]], [["Authorization", "X"], ["Host", "x"]]),
        ([("cookie", "S"), ("host", "x")], [["cookie", "X"], ("host", "x")]),
        ([["Authorization"], [], 5, [5, 6], {"name": "x"}], [["Authorization"], [], 5, [5, 6], {"name": "x"}]),
        ({"Authorization": "S"}, {"Authorization": "S"}),
        ([], []),
        (None, None),
        (5, 5),
    ],
)
def test_headers_lose_their_secrets_in_whatever_shape_they_come(headers, left):
    assert replace_headers(headers, secret_keys().is_secret, "X") == left
