"""Whatever a payload says, in any dialect: a report comes of it that can be stored, and nothing is refused."""

import copy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.grouping import grouping_keys
from domain.title import culprit, title
from tests.domain.dialects.test_any_report import json_like, stored, text
from tests.support import ingest_examples
from tests.support.webhooks import READERS, report_of

NAMES = sorted({
    name
    for dialect in READERS
    for name in [*ingest_examples.example(dialect), *ingest_examples.schema(dialect).get("properties", ())]
} | {
    "reason", "cause", "previous", "short_message", "_error_stack_trace", "instant", "log.level", "session", "build", "location",
    "colno", "lineno", "filename", "exceptionType", "statusText", "response", "tags", "labels", "source", "host", "version",
})  # fmt: skip
odd_texts = st.sampled_from([
    " " * 9000 + "a", "\0" * 9000, "#0 /a.php(1): f()", "#0 {main}", "at a.b(C.java:1)\n", "E: m\n\tat a.b(C.java:1)", "a@b:1:2",
    "a." * 3000, "{}" * 3000, "1772442927123", "9" * 400, "exception:", "Error(" + "(" * 3000, "\ud800", ":", "a:1", "400", "7",
])  # fmt: skip
values = st.one_of(json_like, odd_texts)
inner = st.dictionaries(st.sampled_from(NAMES) | st.sampled_from(["class", "type", "name", "stack", "date"]), values)
calls = st.lists(st.one_of(values, st.fixed_dictionaries({}, optional=dict.fromkeys(("file", "line", "function", "class", "className", "methodName", "lineNumber", "declaringClass"), values))), max_size=4)  # fmt: skip
payloads = st.dictionaries(st.sampled_from(NAMES) | text, st.one_of(values, inner, calls), max_size=8)


@pytest.mark.parametrize("dialect", list(READERS))
@settings(max_examples=50)
@given(payload=payloads)
@example(payload={})
@example(payload={"message": " " * 9000 + "a", "errorType": " " * 300})
@example(payload={"timestamp": 10**400, "instant": {"epochSecond": 10**400, "nanoOfSecond": 1}, "level": 10**400})
@example(payload={"timestamp": {"date": "2026-01-01", "timezone": "+99:99"}})
@example(payload={"message": {"a": 1}, "exception": [], "error": 7, "tags": [[[]]], "headers": {"a": [[{}]]}})
def test_anything_becomes_a_report_that_can_be_stored(dialect, payload):
    before = copy.deepcopy(payload)
    report = report_of(dialect, payload)
    assert stored(report)
    assert all((report.service.strip(), report.error_type.strip(), report.message.strip()))
    assert title(report)
    assert culprit(report) != ""
    assert grouping_keys(report).keys
    assert payload == before or payload != payload  # noqa: PLR0124 - a NaN is not equal to itself


@given(st.sampled_from(list(READERS)), st.data())
def test_an_example_in_which_one_value_is_another_is_still_read(dialect, data):
    payload = ingest_examples.example(dialect)
    place, keys = payload, []
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
        keys.append((place, key))
        place = place[key]
    holder, key = data.draw(st.sampled_from(keys))
    holder[key] = data.draw(values)
    report = report_of(dialect, payload)
    assert stored(report)
    assert report.message.strip()


@pytest.mark.parametrize("dialect", list(READERS))
def test_a_secret_is_in_nothing_that_is_kept(dialect):
    payload = ingest_examples.example(dialect) | {
        "password": "planted17", "headers": {"Authorization": ["Bearer planted17"]}, "state": {"token": "planted17"},
        "user": {"id": "u", "api_key": "planted17"}, "url": "/a?access_token=planted17", "iban": "planted17",
    }  # fmt: skip
    assert "planted17" not in stored(report_of(dialect, payload, redact_keys=frozenset({"iban"})))


@pytest.mark.parametrize("dialect", list(READERS))
def test_what_nobody_knows_is_kept_in_the_contexts(dialect):
    report = report_of(dialect, {"message": "m", "weather": {"wind": [3, "north"]}})
    contexts = report.contexts["payload"] if dialect == "generic" else report.contexts
    assert contexts["weather"] == {"wind": [3, "north"]}


@pytest.mark.parametrize("dialect", list(READERS))
def test_what_the_address_says_stands_where_the_payload_says_nothing(dialect):
    defaults = {"service": "api", "environment": "staging", "release": "1.0"}
    report = report_of(dialect, {"message": "m"}, defaults=defaults, service=defaults["service"])
    assert (report.environment, report.release) == ("staging", "1.0")
    assert report.service == ("imports" if dialect == "generic" else "api")  # its mapping says so
    said = report_of(dialect, {"message": "m", "environment": "qa"}, defaults=defaults)
    assert said.environment == "qa"
