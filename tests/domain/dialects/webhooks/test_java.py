import pytest

from domain.event import Severity
from tests.support.webhooks import frames_of, report_of

TRACE = "com.acme.PayException: declined\n\tat com.acme.Pay.charge(Pay.java:87)\nCaused by: java.io.IOException: gone\n\tat com.acme.Net.post(Net.kt:3)\n"
CALLS = [
    {"className": "com.acme.Pay", "methodName": "charge", "fileName": "Pay.java", "lineNumber": 87},
    {"declaringClass": "java.lang.Thread", "method": "run", "file": "Thread.java", "line": -2},
]
FRAME = ("charge", "Pay.java", 87)

RECORDS = {
    "logstash": {"message": "failed", "level": "ERROR", "stack_trace": TRACE, "logger_name": "com.acme.Pay", "thread_name": "main"},
    "ECS": {"message": "failed", "log.level": "ERROR", "log.logger": "com.acme.Pay", "process.thread.name": "main",
            "error.type": "com.acme.PayException", "error.message": "declined", "error.stack_trace": TRACE},
    "ECS, nested": {"message": "failed", "log": {"level": "ERROR", "logger": "com.acme.Pay"}, "process": {"thread": {"name": "main"}},
                    "error": {"type": "com.acme.PayException", "message": "declined", "stack_trace": TRACE}},
    "GELF": {"version": "1.1", "short_message": "failed", "level": 3, "_log_logger": "com.acme.Pay", "_process_thread_name": "main",
             "_error_type": "com.acme.PayException", "_error_message": "declined", "_error_stack_trace": TRACE, "timestamp": 1772442927.5},
    "logback": {"formattedMessage": "failed", "level": "ERROR", "loggerName": "com.acme.Pay", "threadName": "main",
                "throwable": {"className": "com.acme.PayException", "message": "declined", "stepArray": CALLS,
                              "cause": {"className": "java.io.IOException", "message": "gone", "stepArray": []}}},
    "log4j": {"message": "failed", "level": "ERROR", "loggerName": "com.acme.Pay", "thread": "main",
              "instant": {"epochSecond": 1772442927, "nanoOfSecond": 500_000_000},
              "thrown": {"name": "com.acme.PayException", "message": "declined", "extendedStackTrace": CALLS,
                         "cause": {"name": "java.io.IOException", "message": "gone"}}},
    "a handler": {"exceptionClass": "com.acme.PayException", "exceptionMessage": "declined", "exception": TRACE,
                  "logger": "com.acme.Pay", "thread": "main"},
}  # fmt: skip


@pytest.mark.parametrize("kind", list(RECORDS))
def test_every_form_of_a_record_tells_the_same(kind):
    report = report_of("java", RECORDS[kind])
    assert (report.error_type, report.severity) == ("PayException", Severity.MEDIUM)
    assert [(each.type, each.module, each.message) for each in report.exceptions] == [
        ("IOException", "java.io", "gone"),
        ("PayException", "com.acme", "declined"),
    ]
    assert frames_of(report)[0] == FRAME
    assert dict(report.tags) == {"logger": "com.acme.Pay", "thread": "main"}
    assert report.release is None
    if kind in ("GELF", "log4j"):
        assert report.occurred_at.isoformat() == "2026-03-02T09:15:27.500000+00:00"


def test_the_attributes_of_an_error_page_of_spring_are_read():
    report = report_of("java", {
        "timestamp": "2026-03-02T09:15:27.123+00:00", "status": 500, "error": "Internal Server Error", "path": "/pay",
        "exception": "com.acme.PayException", "message": "declined", "trace": TRACE,
    })  # fmt: skip
    assert (report.error_type, report.message) == ("PayException", "declined")
    assert report.request == {"url": "/pay", "status_code": 500}
    assert frames_of(report) == [FRAME]


def test_calls_that_stand_loosely_are_read():
    report = report_of("java", {"exception": "com.acme.PayException", "message": "declined", "stackTrace": CALLS})
    assert report.exceptions[0].type == "PayException"
    assert (report.error_type, frames_of(report)) == ("PayException", [FRAME, ("run", "Thread.java", None)])


@pytest.mark.parametrize("name", ["exception", "message"])
def test_an_exception_that_printed_itself_is_read(name):
    report = report_of("java", {name: "com.acme.PayException: declined: card"})
    assert (report.error_type, report.message) == ("PayException", "declined: card")


def test_causes_without_calls_are_kept():
    report = report_of("java", {"throwable": {"className": "a.B", "message": "m", "cause": {"className": "a.C"}}})
    assert [(each.module, each.type) for each in report.exceptions] == [("a", "C"), ("a", "B")]


def test_a_line_of_a_log_without_an_exception_is_read():
    report = report_of(
        "java", {"message": "late", "level": "WARN", "host": {"name": "web-1"}, "mdc": {"userId": "u-7"}}
    )
    assert (report.severity, report.server_name, report.user) == (Severity.LOW, "web-1", {"id": "u-7"})
