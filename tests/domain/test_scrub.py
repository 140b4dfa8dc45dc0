import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.scrub import REDACTED, secret_keys
from domain.stacktrace import parse_stack_trace

SECRETS = secret_keys()
KEY_BLOCK = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----"


def keep(value):
    return value


@pytest.mark.parametrize(
    "key",
    [
        "password", "userPassword", "PASSWD", "db_passwd", "token", "X-CSRF-Token", "accessToken", "api_key", "apiKey", "API-KEY",
        "client_secret", "Authorization", "proxy-authorization", "Cookie", "Set-Cookie", "csrfmiddlewaretoken", "pwd", "auth", "CVV",
        "card_number", "private-key", "aws_access_key_id", "tokenizer", "api.key", "private.key", "x-auth", "auth_key", "credit_card",
        "cc_number", "billing_card_number", "user.pin", "card[cvc]", "$password",
    ],
)  # fmt: skip
def test_keys_that_hold_secrets(key):
    assert SECRETS.is_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        "name",
        "author",
        "pint",
        "path",
        "authored_by",
        "key",
        "className",
        "tok",
        "panel",
        "acc_number",
        "map.pans",
        ".",
        "",
    ],
)
def test_keys_that_hold_none(key):
    assert not SECRETS.is_secret(key)


def test_a_long_key_is_judged_to_its_end():
    assert SECRETS.is_secret("x" * 5000 + "password")


def test_counters_stay_where_they_are_numbers():
    assert not SECRETS.hides("max_tokens", 4096)
    assert not SECRETS.hides("gen_ai.usage.input_tokens", 4096)
    assert SECRETS.hides("max_tokens", "abc")
    assert SECRETS.hides("token", 4096)


def test_a_project_adds_words_of_its_own():
    own = secret_keys(frozenset({"Iban", "tax-number", "-", ""}))

    assert own.is_secret("customer_iban")
    assert own.is_secret("taxNumber")
    assert own.is_secret("password")
    assert not own.is_secret("name")
    assert not SECRETS.is_secret("iban")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("postgres://app:s3cret@db:5432/shop", "postgres://app:[REDACTED]@db:5432/shop"),
        ("redis://:s3cret@cache/0", "redis://:[REDACTED]@cache/0"),
        ("postgres://app:s3/cr?t@db/shop", "postgres://app:[REDACTED]@db/shop"),
        ("https://abcdef@sentry.io/1", "https://[REDACTED]@sentry.io/1"),
        ("see https://x.io/a?token=abc&b=1#c now", "see https://x.io/a?token=[REDACTED]&b=1#c now"),
        ("https://x.io/#access_token=abc&state=1", "https://x.io/#access_token=[REDACTED]&state=1"),
        ("https://x.io/l?next=/a?api_key=abc&b=1", "https://x.io/l?next=/a?api_key=[REDACTED]&b=1"),
        (
            "headers [(b'host', b'x.io'), (b'authorization', b'Bearer abc'), (\"cookie\", \"it's\")]",
            "headers [(b'host', b'x.io'), (b'authorization', '[REDACTED]'), (\"cookie\", \"[REDACTED]\")]",
        ),
        ("(('token',\n  'abc'), ('a', 'b'))", "(('token',\n  '[REDACTED]'), ('a', 'b'))"),
        ("GET /l?a?b?token=abc now", "GET /l?a?b?token=[REDACTED] now"),
        ("https://x.io/?a=1;token=abc", "https://x.io/?a=1;token=[REDACTED]"),
        ("https://x.io/?user%5Bpassword%5D=abc", "https://x.io/?user%5Bpassword%5D=[REDACTED]"),
        ("http://localhost:3000/src/@vite/x.js", "http://localhost:3000/src/@vite/x.js"),
        ("https://medium.com/@me", "https://medium.com/@me"),
        (f"key:\n{KEY_BLOCK}\nend", "key:\n[REDACTED]\nend"),
        (KEY_BLOCK[:50], "[REDACTED]"),
        ("-----BEGIN CERTIFICATE-----\nabc", "-----BEGIN CERTIFICATE-----\nabc"),
        ("paid with 4111 1111 1111 1111", "paid with [REDACTED]"),
        ('got {"password": "a\\"b", "x": 1}', 'got {"password": "[REDACTED]", "x": 1}'),
        ("got {'api_key': 'abc', 'x': b'y'}", "got {'api_key': '[REDACTED]', 'x': b'y'}"),
        ("{'a': {'token': 17}, 'max_tokens': 5}", "{'a': {'token': '[REDACTED]'}, 'max_tokens': 5}"),
        ('"{\\"secret\\": \\"abc\\", \\"x\\": 1}"', '"{\\"secret\\": \\"[REDACTED]\\", \\"x\\": 1}"'),
        ('{"credentials": {"user": "a", "x": 1', '{"credentials": "[REDACTED]"'),
        ('{"credentials": {"user": ["}"], "x": 1}, "y": 2}', '{"credentials": "[REDACTED]", "y": 2}'),
        (
            '{"$password": "a", "api\\/token": "b", "x": 1}',
            '{"$password": "[REDACTED]", "api\\/token": "[REDACTED]", "x": 1}',
        ),
        ("{'Authorization': Bearer abc, 'x': 1}", "{'Authorization': '[REDACTED]', 'x': 1}"),
        ('{"token"=>"abc", :secret=>"abc"}', '{"token"=>"[REDACTED]", :secret=>"[REDACTED]"}'),
        ("{ user: 'a', password: 'abc' }", "{ user: 'a', password: '[REDACTED]' }"),
        ("{ credentials: { user: 'a' }, b: 1 }", "{ credentials: [REDACTED], b: 1 }"),
        ('login(user: "a" password:"abc") { id }', 'login(user: "a" password:"[REDACTED]") { id }'),
        ('login(password: """a "b" c""")', 'login(password: """[REDACTED]""")'),
        ('"login(password: \\"a\\\\\\"b\\")"', '"login(password: \\"[REDACTED]\\")"'),
        ("Config(password='abc', x=1)", "Config(password='[REDACTED]', x=1)"),
        ("Config(token=Secret('abc'), x=1)", "Config(token=[REDACTED], x=1)"),
        ("get(auth=('me', 'abc'))", "get(auth=[REDACTED])"),
        ("{password=abc, x=1}", "{password=[REDACTED], x=1}"),
        ("run --password=abc --x=1", "run --password=[REDACTED] --x=1"),
        ("API_KEY=abc", "API_KEY=[REDACTED]"),
        ("Server=db;Password=abc;User=me", "Server=db;Password=[REDACTED];User=me"),
        ("where password = 'abc' and x = 'y'", "where password = '[REDACTED]' and x = 'y'"),
        ("POST user=a&password=abc", "POST user=a&password=[REDACTED]"),
        ("POST password=correct horse&a=1", "POST password=[REDACTED]&a=1"),
        ("user=a&password=correct horse", "user=a&password=[REDACTED]"),
        ("curl -H 'Authorization: Bearer abc' x", "curl -H 'Authorization: [REDACTED]' x"),
        ("Authorization: Digest a=b, c=d", "Authorization: [REDACTED]"),
        ("GET /\r\nCookie: a=b; c=d\r\nHost: x", "GET /\r\nCookie: [REDACTED]\r\nHost: x"),
        ("X-Api-Key: abcdefg1 was refused", "X-Api-Key: [REDACTED] was refused"),
    ],
)
def test_texts(text, left):
    assert SECRETS.scrub_text(text) == left
    assert SECRETS.scrub_text(left) == left


@pytest.mark.parametrize(
    "text",
    [
        "plain words, no secret",
        "password must not be empty",
        "getenv('SECRET', 'none') of ('token', 'password', 'name')",
        "expected one of ('password', 'name'",
        "token = next()",
        "token == 'a'",
        "secret: missing",
        "password=",
        "KeyError: 'token'",
        "Unexpected token: '}'",
        'InvalidTokenError: "too old"',
        "Authorization: denied for user",
        "Authorization: Bearer token expired",
        "Cookie: missing",
        "token-refresh: failed after 3 attempts",
        "std::token::find = 'a'",
        "max_tokens=5",
        "\n: x",
        '": "',
        '"a\n": b',
    ],
)
def test_texts_that_only_speak_of_secrets_stay(text):
    assert SECRETS.scrub_text(text) == text


@given(st.lists(st.sampled_from([
    "token", "password", "=", ":", '"', "'", "\\", "(", ")", "[", "]", "{", "}", " ", "\n", "&", ",", ";", "a", "17", "Authorization", "Bearer",
    "[REDACTED]", "=>", "?", "://", "-",
]), max_size=20).map("".join))  # fmt: skip
@example("?token=>token")
def test_what_was_scrubbed_is_scrubbed(text):
    left = SECRETS.scrub_text(text)

    assert SECRETS.scrub_text(left) == left


PYTHON_TRACE = """Traceback (most recent call last):
  File "a.py", line 1, in f
    call({"token": "name"}, password="name")
          ^^^^^^^
ValueError: {
  "token": "planted17"
}

During handling of the above exception, another exception occurred:

  | Traceback (most recent call last):
  |   File "b.py", line 2, in g
  |     raise Mine(token="name")
  | Mine: token=planted17 {'token': {'planted17': 1
Traceback (most recent call last):
  File "c.py", line 3, in h
    x()
Mine
"""
JAVASCRIPT_TRACE = """/app/x.js:10
    throw new Mine({"token": "name"});
    ^

Mine: refused {"password": {"planted17": 1
    at f (/app/x.js:10:15)
    at async g (file:///app/y.mjs:1:2) {
  token: 'planted17'
}
"""


@pytest.mark.parametrize("trace", [PYTHON_TRACE, JAVASCRIPT_TRACE])
def test_a_trace_keeps_its_code_and_loses_the_secrets_it_tells(trace):
    left = SECRETS.scrub_trace(trace)

    assert "planted17" not in left
    assert [line for line in trace.splitlines() if "name" in line] == [
        line for line in left.splitlines() if "name" in line
    ]
    assert [(error.type, error.frames) for error in parse_stack_trace(left)] == [
        (error.type, error.frames) for error in parse_stack_trace(trace)
    ]
    assert SECRETS.scrub_trace(left) == left


def test_source_keeps_what_looks_like_a_dictionary():
    line = '    headers = {"Authorization": self.token}'

    assert SECRETS.scrub_source(line) == line
    assert SECRETS.scrub_source("redis://:abc@h # 4111111111111111") == "redis://:[REDACTED]@h # [REDACTED]"
    assert SECRETS.scrub_source("x = 1") == "x = 1"


@pytest.mark.parametrize("length", [0, 100, 255, 256, 257, 300, 5000])
def test_however_long_an_address_is_it_keeps_no_secret(length):
    path = "a" * length
    assert SECRETS.scrub_source(f"GET https://{path}?token=abc now") == f"GET https://{path}?token=[REDACTED] now"
    assert SECRETS.scrub_source(f"redis://:{path}cr3t@cache/0") == "redis://:[REDACTED]@cache/0"
    assert SECRETS.scrub_source(f'"https://{path}" now') == f'"https://{path}" now'


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ("/pay?token=abc&b=2", "/pay?token=[REDACTED]&b=2"),
        ("/callback#access_token=abc", "/callback#access_token=[REDACTED]"),
        ("/pay", "/pay"),
    ],
)
def test_addresses_without_a_host(url, left):
    assert SECRETS.scrub_url(url) == left


def test_bodies_are_scrubbed_by_what_they_are():
    def without_password(value):
        return {key: REDACTED if key == "password" else item for key, item in value.items()}

    assert json.loads(SECRETS.scrub_body('{"password": "x", "a": [1]}', without_password)) == {
        "password": REDACTED,
        "a": [1],
    }
    assert SECRETS.scrub_body('{ "a":   1 }', keep) == '{ "a":   1 }'
    assert SECRETS.scrub_body('{"a": 1, "password": "x', keep) == '{"a": 1, "password": "[REDACTED]"'
    assert SECRETS.scrub_body("user=a&password=x", keep) == "user=a&password=[REDACTED]"
    assert SECRETS.scrub_body("note=hello world&password=x y", keep) == "note=hello world&password=[REDACTED]"
    assert SECRETS.scrub_body('data={"a":"b"}&password=x "y"', keep) == 'data={"a":"b"}&password=[REDACTED]'
    assert SECRETS.scrub_body("a=1\r\npassword=x y", keep) == "a=1\r\npassword=[REDACTED]"
    assert SECRETS.scrub_body("just text", keep) == "just text"
    assert SECRETS.scrub_body("[" * 200_000, keep) == "[" * 200_000


@pytest.mark.parametrize(
    ("border", "secret", "value"),
    [
        ("--x", 'name="password"', "abc"),
        ("--x", "name=password; x=y", "abc"),
        ("--x", 'filename="a.txt"; name="password"', "abc\r\n--y\r\ndef"),
        ("--===1==", 'name="password"', "abc"),
    ],
)
def test_a_posted_form_in_parts_is_scrubbed_by_its_names(border, secret, value):
    part = border + "\r\nContent-Disposition: form-data; {}\r\nX-Y: z\r\n\r\n{}\r\n"
    city = part.format('name="city"; filename="token.txt"', "Ulm")

    body = part.format(secret, value) + city + border + "--"

    assert SECRETS.scrub_body(body, keep) == part.format(secret, REDACTED) + city + border + "--"


def test_parts_without_a_border_or_an_end_are_scrubbed_too():
    assert SECRETS.scrub_body('form-data; name="pin"\n\n1\n--x', keep) == 'form-data; name="pin"\n\n[REDACTED]\n--x'
    assert SECRETS.scrub_body('--x\nform-data; name="pin"\n', keep) == '--x\nform-data; name="pin"\n'


# With what begins many things that never end, and much that looks alike; each fills 200 KB, where what is read again and again takes minutes.
HOSTILE = [
    '"a":', "'a':x", "\\", "://", "-----BEGIN PRIVATE KEY-----", "://a:b", "'", '"password": "', "=&", "a=?", '\\"a\\":', "[", "{", "://@",
    'form-data name="password"\n\n', 'form-data; name="a"\n', "-----BEGIN PRIVATE KEY", "?#", '"a" ', "token=x ", "token=(", "token: ",
    'token="', '"token": {', "a_token=( \n", "token=)):", "password=x y", '"tokens":1,', "X-Token: a", "Authorization: Bearer ", "Cookie: ",
    '  File "a", line 1\n    x\n', "a:1\n", "    at f\n", "a@b:1", "a: \n ", "a.", "a]", "4111-", '"""', "?", "?a", "://a", "://a" + "b" * 260,
    "('token', 'x", "('token',", "(b'", "('" + "a" * 99,
]  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_texts_are_read_once(unit):
    text = unit * (200_000 // len(unit))

    for scrub in (SECRETS.scrub_text, SECRETS.scrub_source, SECRETS.scrub_trace, SECRETS.scrub_url, SECRETS.scrub_form):
        scrub(text)
    SECRETS.scrub_headers(text)
    SECRETS.scrub_body(text, keep)
    SECRETS.scrub_body(f"form-data{text}", keep)
    SECRETS.is_secret(text)
