import json
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from domain.dialects.graphql import report_from_input
from domain.errors import InvalidInput
from domain.grouping import explain, grouping_keys
from domain.title import culprit, title

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CARD, KEY_BLOCK = "4111 1111 1111 1111", "-----BEGIN PRIVATE KEY-----\nMIIEowplanted\n-----END PRIVATE KEY-----"
FIELDS = [
    "service", "errorType", "message", "severity", "environment", "release", "errorCode", "stackTrace", "exceptions", "module", "function",
    "line", "endpoint", "request", "response", "user", "sessionId", "serverName", "traceId", "spanId", "tags", "contexts", "breadcrumbs",
    "fingerprint", "eventId", "occurredAt", "sdk",
]  # fmt: skip

text = st.text(st.characters(), max_size=30)  # surrogates among them
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), text, st.integers(-(2**70), 2**70))
json_like = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=4)),
    max_leaves=12,
)


def objects(**named):
    return st.fixed_dictionaries({}, optional=named)


frames = objects(
    function=json_like,
    filename=json_like,
    line=json_like,
    variables=json_like,
    preContext=json_like,
    inApp=json_like,
    contextLine=json_like,
)
exceptions = objects(
    type=json_like, message=json_like, handled=json_like, frames=st.lists(frames, max_size=3) | json_like
)
shaped = {
    "exceptions": st.lists(exceptions, max_size=3),
    "request": objects(url=json_like, headers=json_like, query=json_like, body=json_like, statusCode=json_like),
    "user": objects(id=json_like, email=json_like, plan=json_like),
    "tags": st.lists(objects(key=json_like, value=json_like), max_size=3),
    "breadcrumbs": st.lists(objects(at=json_like, message=json_like, data=json_like), max_size=3),
    "fingerprint": st.lists(text, max_size=3),
}
fields = st.fixed_dictionaries(
    {name: text.filter(str.strip) for name in ("service", "errorType", "message")},
    optional={name: st.one_of(shaped[name], json_like) if name in shaped else json_like for name in FIELDS[3:]},
)
anything = st.dictionaries(st.sampled_from(FIELDS) | text, json_like, max_size=8)


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


@given(fields | anything)
@example({"service": "a", "errorType": "b", "message": "\ud800"})
def test_any_input_is_refused_as_such_or_can_be_stored(given_fields):
    report, refused = attempt(given_fields)
    if report is None:
        assert refused.message
        assert refused.path
        return

    written = stored(report).encode()  # fails on surrogates and on numbers that are not finite
    assert b"\\u0000" not in written
    assert report.occurred_at.utcoffset() is not None
    assert len(report.notes) <= 50
    assert title(report)
    assert culprit(report) != ""
    assert grouping_keys(report).keys == grouping_keys(report_from_input(given_fields, received_at=NOW)).keys
    assert explain(report)


@settings(max_examples=50)
@given(fields, json_like)
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
