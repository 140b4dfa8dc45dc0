import json
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.dialects.graphql import report_from_input
from domain.errors import InvalidInput
from tests.support.fuzz.shapes import NAMED_REPORTS
from tests.support.fuzz.values import json_like, text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CARD, KEY_BLOCK = "4111 1111 1111 1111", "-----BEGIN PRIVATE KEY-----\nMIIEowplanted\n-----END PRIVATE KEY-----"


def attempt(given_fields):
    try:
        return report_from_input(given_fields, received_at=NOW), None
    except InvalidInput as refused:
        return None, refused


def plain(value):
    if isinstance(value, datetime):
        return value.isoformat()
    return vars(value)


def stored(report):
    return json.dumps(report, default=plain, ensure_ascii=False, allow_nan=False)


@settings(max_examples=50)
@given(NAMED_REPORTS, json_like())
def test_what_was_kept_is_kept_as_it_is_a_second_time(given_fields, contexts):
    once, _ = attempt(given_fields | {"contexts": contexts})
    assume(once)

    again = report_from_input(
        {"service": "a", "errorType": "b", "message": once.message, "contexts": once.contexts}, received_at=NOW
    )

    assert (again.message, again.contexts, again.notes) == (once.message, once.contexts, [])


printed = [
    lambda name, value: {name: value},
    lambda name, value: {name: [value]},
    lambda name, value: {name: {"deep": value}},
    lambda name, value: [{"a": {name: value}}],
    lambda name, value: {"url": f"https://x.y/a?{name}={value}&b=1"},
    lambda name, value: {"url": f"/a?b=1&{name}={value}#c"},
    lambda name, value: {"text": json.dumps({"a": {name: value}})},
    lambda name, value: {"text": repr({"a": {name: value}})},
    lambda _name, value: {"text": f"postgres://app:{value}@db/shop"},
    lambda name, value: {"text": json.dumps(json.dumps({name: value}))},
    lambda name, value: {"text": f"user=a&{name}={value}"},
    lambda name, value: {"text": f"Config({name.replace('-', '_')}='{value}', x=1)"},
    lambda name, value: {"text": f"run --{name}={value}"},
    lambda name, value: {"text": repr([("host", "x"), (name, value)])},
    lambda name, value: {"text": f'login(user: "a", {name}: "{value}")'},
]
# Which a text, unlike JSON, does not show to be pairs.
pairs = [
    lambda name, value: [[name, value]],
    lambda name, value: [{"name": name, "value": value}],
    lambda name, value: [{"Key": name, "Value": value}],
    lambda name, value: {"requestHeaders": [name, value, "Host", "x"]},
    lambda name, value: {"headers": [[name, value, value]]},
    lambda name, value: {"headers": f"Host: x\r\n{name}: {value}"},
]
json_places = [
    lambda value: {"contexts": value},
    lambda value: {"request": {"body": value, "headers": value, "query": value}},
    lambda value: {"request": {"body": json.dumps(value)}},
    lambda value: {"response": {"body": value, "headers": value}},
    lambda value: {"breadcrumbs": [{"data": value}]},
    lambda value: {"exceptions": [{"type": "E", "frames": [{"variables": value}]}]},
]
text_places = [
    lambda value: {"breadcrumbs": [{"message": json.dumps(value)}]},
    lambda value: {"exceptions": [{"type": "E", "message": json.dumps(value)}]},
    lambda value: {"message": f"got {json.dumps(value)}"},
    lambda value: {"tags": [{"key": "sent", "value": json.dumps(value)}]},
    lambda value: {
        "stackTrace": f'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    x\nE: {json.dumps(value)}\n'
    },
    lambda value: {"stackTrace": f"Error: {json.dumps(value)}\n    at f (/a.js:1:2)"},
]


NAMES = ["password", "X-Api-Key", "clientSecret", "csrf_token", "Cookie", "Authorization", "user_passwd", "IBAN"]


@pytest.mark.parametrize(
    ("wrap", "place"), [*product(printed, json_places + text_places), *product(pairs, json_places)]
)
def test_a_secret_under_its_key_is_in_nothing_that_is_kept(wrap, place):
    for name in NAMES:
        given_fields = {"service": "a", "errorType": "b", "message": "c"} | place(wrap(name, "planted17"))

        kept = stored(report_from_input(given_fields, received_at=NOW, redact_keys=frozenset({"iban"})))

        assert "planted17" not in kept, name
        assert "[REDACTED]" in kept, name


texts_that_are_free = st.sampled_from([
    lambda value: {"message": value},
    lambda value: {"stackTrace": f"Error: {value}\n    at f (/a.js:1:2)"},
    lambda value: {"stackTrace": value},
    lambda value: {"endpoint": value, "serverName": value, "sessionId": value, "module": value, "function": value},
    lambda value: {"exceptions": [{"type": value, "message": value, "frames": [{"contextLine": value, "preContext": [value]}]}]},
    lambda value: {"exceptions": [{"type": "E", "frames": [{"function": value, "filename": value, "variables": {value: value}}]}]},
    lambda value: {"tags": [{"key": "a", "value": value}], "fingerprint": [value], "user": {"id": value, "plan": value}},
    lambda value: {"request": {"url": f"/a?b={value}", "route": value, "body": value, "query": f"a={value}"}, "response": {"body": [value]}},
    lambda value: {"breadcrumbs": [{"message": value, "category": value, "data": {"a": value}}], "contexts": {"a": [value]}},
    lambda value: {"request": {"body": json.dumps({"a": value})}, "spanId": value},
])  # fmt: skip


@given(st.sampled_from([CARD, CARD.replace(" ", ""), CARD.replace(" ", "-"), KEY_BLOCK]), texts_that_are_free, text)
def test_cards_and_private_keys_are_in_nothing_that_is_kept(secret, place, around):
    safe = "".join(character for character in around if not character.isdigit())
    report = report_from_input(
        {"service": "a", "errorType": "b", "message": "c"} | place(f"{safe}: {secret} {safe}"), received_at=NOW
    )

    kept = stored(report).replace("-", "").replace(" ", "")
    assert "4111111111111111" not in kept
    assert "MIIEowplanted" not in kept


@given(st.integers(8150, 8230))
def test_half_a_card_is_not_left_where_a_text_is_cut(before):
    report = report_from_input(
        {"service": "a", "errorType": "b", "message": "x" * before + " 4111111111111111 " + "y" * 100}, received_at=NOW
    )

    assert "411111111111" not in report.message


def test_a_card_may_be_a_number():
    report = report_from_input(
        {
            "service": "a",
            "errorType": "b",
            "message": "c",
            "contexts": {
                "n": [4111111111111111, 4111111111111111.0, -4111111111111111.0],
                "at": [1767225600000, 1767225600000.0, 4111111111111111.5],
            },
        },
        received_at=NOW,
    )

    assert report.contexts == {"n": ["[REDACTED]"] * 3, "at": [1767225600000, 1767225600000.0, 4111111111111111.5]}
