"""Whatever a payload says, in any dialect: a report comes of it that can be stored, and nothing is refused."""

import copy

import pytest
from hypothesis import example, given, settings

from domain.grouping import grouping_keys
from domain.title import culprit, title
from tests.domain.dialects.test_any_report import stored
from tests.support import ingest_examples
from tests.support.fuzz.shapes import PAYLOADS
from tests.support.webhooks import READERS, report_of


@pytest.mark.parametrize("dialect", list(READERS))
@settings(max_examples=50)
@given(payload=PAYLOADS)
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
