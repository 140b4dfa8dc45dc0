import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given

from domain.dialects.graphql import report_from_input
from domain.dialects.otlp import errors_in_logs, errors_in_traces
from domain.event import Severity
from tests.support.fuzz.shapes import LOGS, OTLP_VALUES

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
AT = "1767268799500000000"


def attributes(**named):
    return [{"key": name.replace("__", "."), "value": value} for name, value in named.items()]


def text(value):
    return {"stringValue": value}


def logs(*records, **resource):
    return {
        "resourceLogs": [
            {"resource": {"attributes": attributes(**resource)}, "scopeLogs": [{"scope": {"name": "shop"}, "logRecords": list(records)}]}
        ]
    }  # fmt: skip


def spans(*leaves, **resource):
    return {
        "resourceSpans": [{"resource": {"attributes": attributes(**resource)}, "scopeSpans": [{"spans": list(leaves)}]}]
    }


RAISED = attributes(
    exception__type=text("ValueError"), exception__message=text("boom"), exception__stacktrace=text("ValueError: boom")
)


def test_a_record_of_an_exception():
    record = {
        "timeUnixNano": AT, "severityNumber": 17, "body": text("charging failed"), "traceId": TRACE, "spanId": SPAN,
        "attributes": RAISED + attributes(code__function__name=text("pay"), code__line__number={"intValue": "7"}, http__route=text("/pay"),
                                          http__response__status_code={"intValue": 502}, user__id=text("u-7"), cart={"arrayValue": {"values": [{"intValue": "1"}]}}),
    }  # fmt: skip
    (fields,) = errors_in_logs(
        logs(record, service__name=text("checkout"), service__version=text("2.4"), host__name=text("web-1"))
    )
    assert fields.pop("eventId")
    assert fields == {
        "service": "checkout", "release": "2.4", "serverName": "web-1", "errorType": "ValueError", "message": "boom", "severity": Severity.MEDIUM,
        "stackTrace": "ValueError: boom", "function": "pay", "line": 7, "endpoint": "/pay", "request": {"route": "/pay", "statusCode": 502},
        "user": {"id": "u-7"}, "traceId": TRACE, "spanId": SPAN, "occurredAt": datetime(2026, 1, 1, 11, 59, 59, 500_000, tzinfo=UTC),
        "contexts": {
            "attributes": {"code.function.name": "pay", "code.line.number": 7, "http.route": "/pay", "http.response.status_code": 502,
                           "user.id": "u-7", "cart": [1]},
            "resource": {"service.name": "checkout", "service.version": "2.4", "host.name": "web-1"}, "scope": "shop"},
    }  # fmt: skip


def test_of_logs_only_errors_are_taken():
    records = [
        {"severityNumber": 9, "body": text("info")},
        {"severityNumber": 13, "body": text("warning")},
        {"severityNumber": 17, "body": text("error")},
        {"severityNumber": 9, "attributes": RAISED},
        {"body": text("nothing said")},
    ]
    assert [fields["message"] for fields in errors_in_logs(logs(*records))] == ["error", "boom"]


@pytest.mark.parametrize(
    ("number", "given", "severity"),
    [
        (21, {}, Severity.CRITICAL),
        (24, {}, Severity.CRITICAL),
        (17, {}, Severity.MEDIUM),
        (17, {"exception__escaped": {"boolValue": True}}, Severity.HIGH),
        (13, {"exception__type": text("E")}, Severity.LOW),
        (0, {"exception__type": text("E")}, Severity.MEDIUM),
    ],
)
def test_how_bad_it_is(number, given, severity):
    (fields,) = errors_in_logs(logs({"severityNumber": number, "attributes": attributes(**given)}))
    assert fields["severity"] is severity


def test_exceptions_are_found_in_the_events_of_spans():
    span = {
        "traceId": base64.b64encode(bytes.fromhex(TRACE)).decode(), "spanId": base64.b64encode(bytes.fromhex(SPAN)).decode(), "name": "GET /",
        "events": [{"name": "retry"}, {"name": "exception", "timeUnixNano": AT, "attributes": RAISED}, {"name": "exception"}],
    }  # fmt: skip
    first, second = errors_in_traces(spans(span, {"name": "harmless"}, service__name=text("checkout")))
    assert (first["traceId"], first["spanId"], first["endpoint"]) == (TRACE, SPAN, "GET /")
    assert (first["errorType"], first["message"], second["errorType"]) == ("ValueError", "boom", "Exception")


def test_what_an_exporter_sends_again_is_the_same_event():
    records = [
        {"timeUnixNano": AT, "attributes": RAISED},
        {"timeUnixNano": AT, "attributes": RAISED},
        {"timeUnixNano": "1767268799500000001", "attributes": RAISED},
    ]
    first, again, later = [fields["eventId"] for fields in errors_in_logs(logs(*records))]
    assert first == again != later


def test_errors_without_a_time_are_never_taken_for_one_another():
    for record in ({"attributes": RAISED}, {"attributes": RAISED, "timeUnixNano": "0"}):
        assert "eventId" not in errors_in_logs(logs(record))[0]
    span = {"name": "GET /", "events": [{"name": "exception", "attributes": RAISED}]}
    assert "eventId" not in errors_in_traces(spans(span))[0]


def test_the_time_at_which_it_was_observed_stands_for_one_that_is_missing():
    (fields,) = errors_in_logs(logs({"attributes": RAISED, "observedTimeUnixNano": AT}))
    assert fields["occurredAt"] == datetime(2026, 1, 1, 11, 59, 59, 500_000, tzinfo=UTC)
    assert fields["eventId"]


def test_what_two_machines_say_at_once_are_two_events():
    record = {"timeUnixNano": AT, "attributes": RAISED}
    ids = [errors_in_logs(logs(record, host__name=text(host)))[0]["eventId"] for host in ("web-1", "web-2")]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("id", ["", "0" * 32, "nonsense", 7, None])
def test_an_id_that_is_none_is_left_out(id):
    (fields,) = errors_in_logs(logs({"severityNumber": 17, "traceId": id}))
    assert "traceId" not in fields


@given(OTLP_VALUES)
def test_whatever_comes_is_read(request):
    assert isinstance(errors_in_logs(request), list)
    assert isinstance(errors_in_traces(request), list)


@given(LOGS)
def test_whatever_an_error_holds_it_is_reported(request):
    (fields,) = errors_in_logs(request)
    assert report_from_input(fields, received_at=NOW, cuts_names=True).message
