import json

import pytest

from domain.scrub import REDACTED, secret_keys

SECRETS = secret_keys()
KEY_BLOCK = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----"


def keep(value):
    return value


@pytest.mark.parametrize(
    "key",
    [
        "password", "userPassword", "PASSWD", "db_passwd", "token", "X-CSRF-Token", "accessToken", "api_key", "apiKey", "API-KEY",
        "client_secret", "Authorization", "proxy-authorization", "Cookie", "Set-Cookie", "csrfmiddlewaretoken", "pwd", "auth", "CVV",
        "card_number", "private-key", "aws_access_key_id", "tokenizer",
    ],
)  # fmt: skip
def test_keys_that_hold_secrets(key):
    assert SECRETS.is_secret(key)


@pytest.mark.parametrize(
    "key", ["name", "author", "pint", "path", "authored_by", "key", "className", "tok", "panel", ""]
)
def test_keys_that_hold_none(key):
    assert not SECRETS.is_secret(key)


def test_a_long_key_is_judged_to_its_end():
    assert SECRETS.is_secret("x" * 5000 + "password")


def test_counters_stay_where_they_are_numbers():
    assert not SECRETS.hides("max_tokens", 4096)
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
        ("plain words, no secret", "plain words, no secret"),
    ],
)
def test_texts(text, left):
    assert SECRETS.scrub_text(text) == left
    assert SECRETS.scrub_text(left) == left


def test_source_keeps_what_looks_like_a_dictionary():
    line = '    headers = {"Authorization": self.token}'

    assert SECRETS.scrub_source(line) == line
    assert SECRETS.scrub_source("redis://:abc@h # 4111111111111111") == "redis://:[REDACTED]@h # [REDACTED]"
    assert SECRETS.scrub_source("x = 1") == "x = 1"


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
    assert SECRETS.scrub_body("just text", keep) == "just text"
    assert SECRETS.scrub_body("[" * 200_000, keep) == "[" * 200_000


def test_a_posted_form_in_parts_is_scrubbed_by_its_names():
    part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--x\r\n'

    body = "--x\r\n" + part.format("password", "abc") + part.format("city", "Ulm")

    assert SECRETS.scrub_body(body, keep) == "--x\r\n" + part.format("password", REDACTED) + part.format("city", "Ulm")


@pytest.mark.parametrize(
    "unit",
    [
        '"a":', "\\", "://", "-----BEGIN PRIVATE KEY-----", "://a:b", "'", '"password": "', "=&", "a=?", '\\"a\\":', "[",
        'form-data name="password"\n\n', "-----BEGIN PRIVATE KEY", "://@", "?#", '"a" ', "{",
    ],
)  # fmt: skip
def test_hostile_texts_are_read_once(unit):
    text = unit * (262_144 // len(unit))

    for scrub in (SECRETS.scrub_text, SECRETS.scrub_source, SECRETS.scrub_url, SECRETS.scrub_form):
        scrub(text)
    SECRETS.scrub_body(text, keep)
