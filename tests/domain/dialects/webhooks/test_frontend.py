import pytest

from domain.event import Severity
from tests.support.webhooks import frames_of, report_of

STACK = "TypeError: no total\n    at pay (https://shop.example.com/app.js:7:12)"


@pytest.mark.parametrize(
    "payload",
    [
        {"message": "no total", "name": "TypeError", "stack": STACK},
        {"error": {"name": "TypeError", "message": "no total", "stack": STACK}},
        {"type": "unhandledrejection", "reason": {"name": "TypeError", "message": "no total", "stack": STACK}},
        {"stack": STACK},
    ],
)
def test_an_error_is_read_however_it_is_wrapped(payload):
    report = report_of("frontend", payload)
    assert (report.error_type, report.message) == ("TypeError", "no total")
    assert [(function, line) for function, _, line in frames_of(report)] == [("pay", 7)]


def test_causes_are_read_from_their_own_stacks():
    cause = {
        "name": "RangeError",
        "message": "7",
        "stack": "RangeError: 7\n    at take (https://shop.example.com/app.js:3:1)",
    }
    report = report_of(
        "frontend", {"error": {"name": "TypeError", "message": "no total", "stack": STACK, "cause": cause}}
    )
    assert [exception.type for exception in report.exceptions] == ["RangeError", "TypeError"]


def test_what_window_onerror_knows_makes_a_frame():
    report = report_of("frontend", {
        "message": "Uncaught TypeError: no total", "filename": "https://shop.example.com/app.js", "lineno": 7, "colno": 12,
    })  # fmt: skip
    assert [(frame.filename, frame.line, frame.column) for frame in report.exceptions[0].frames] == [
        ("https://shop.example.com/app.js", 7, 12)
    ]
    assert report.exceptions[0].type == "TypeError"
    assert (report.line, report.error_type, report.message) == (7, "TypeError", "no total")


@pytest.mark.parametrize(
    ("payload", "severity"),
    [
        ({}, Severity.MEDIUM),
        ({"handled": False}, Severity.HIGH),
        ({"handled": True}, Severity.MEDIUM),
        ({"handled": False, "severity": "low"}, Severity.LOW),
        ({"level": "fatal"}, Severity.CRITICAL),
    ],
)
def test_what_nobody_handled_is_worse(payload, severity):
    assert report_of("frontend", {"message": "m", **payload}).severity is severity


def test_the_page_and_the_browser_are_those_of_the_request():
    report = report_of("frontend", {
        "message": "m", "location": {"href": "https://x.example.com/a?token=planted"}, "navigator": {"userAgent": "UA", "language": "de"},
        "screen": {"width": 10, "height": 20}, "viewport": "5x5", "eventLog": ["clicked", {"type": "route", "text": "/a"}], "user": 7,
    })  # fmt: skip
    assert report.request == {
        "url": "https://x.example.com/a?token=[REDACTED]", "headers": {"User-Agent": "UA", "Accept-Language": "de"},
    }  # fmt: skip
    assert dict(report.tags) == {"screen": "10x20", "viewport": "5x5"}
    assert report.breadcrumbs == [{"message": "clicked"}, {"category": "route", "message": "/a"}]
    assert report.user == {"id": "7"}


def test_what_a_server_answered_is_the_response():
    angular = {
        "name": "HttpErrorResponse",
        "message": "failed",
        "status": 502,
        "statusText": "Bad Gateway",
        "error": {"code": 7},
    }
    assert report_of("frontend", {"error": angular}).response == {"status_code": 502, "body": {"code": 7}}
    axios = {"name": "AxiosError", "message": "failed", "response": {"status": 404, "data": "gone"}}
    assert report_of("frontend", {"error": axios}).response == {"status_code": 404, "body": "gone"}
    assert "response: none came" in report_of("frontend", {"error": {**angular, "status": 0}}).notes
