from datetime import UTC, datetime, timedelta

import pytest

from domain.dialects.sentry.event import report_from_event
from domain.event import Severity
from domain.report import IngestSource

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ID = "9ec79c33ec9942ab8353589fcb2e04dc"


def read(event, **arrival):
    return report_from_event(event, **{"service": "shop", "received_at": NOW} | arrival)


def raised(kind="ValueError", value="boom", **more):
    frame = {"function": "pay", "module": "shop.cart", "filename": "shop/cart.py", "lineno": 7, "in_app": True}
    return {"type": kind, "value": value, "stacktrace": {"frames": [frame]}, **more}


def test_the_event_of_an_sdk_arrives_whole():
    report = read({
        "event_id": ID, "timestamp": "2026-01-01T11:59:59.5Z", "platform": "python", "level": "error", "logger": "shop",
        "server_name": "web-1", "release": "shop@1.2", "dist": "7", "environment": "staging", "transaction": "/pay",
        "tags": {"region": "eu", "count": 3}, "modules": {"django": "6.1"}, "extra": {"cart": [1]},
        "exception": {"values": [
            raised("KeyError", "'sku'"),
            raised(mechanism={"type": "django", "handled": False}, module="builtins", stacktrace={"frames": [
                {"function": "get", "module": "django.core", "filename": "django/core.py", "lineno": 3, "in_app": False},
                {"function": "pay", "module": "shop.cart", "filename": "shop/cart.py", "abs_path": "/srv/shop/cart.py", "lineno": 7,
                 "colno": 2, "in_app": True, "context_line": "    total(1)", "pre_context": ["a"], "post_context": ["b"],
                 "vars": {"n": "1", "password": "hunter2"}}]}),
        ]},
        "breadcrumbs": {"values": [{"timestamp": 1767268799.25, "type": "http", "category": "httplib", "level": "info",
                                    "message": "GET /", "data": {"status_code": 200}}]},
        "user": {"id": 7, "email": "a@b.c", "ip_address": "203.0.113.7", "plan": "pro", "geo": {"city": "Bonn"}},
        "request": {"method": "POST", "url": "https://x.y/pay", "query_string": "a=1&token=t", "data": {"card": "x", "secret": "y"},
                    "headers": {"Host": "x.y", "Authorization": "Bearer t"}, "cookies": {"sid": "1"}, "env": {"A": "1"}},
        "contexts": {"trace": {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7"},
                     "runtime": {"name": "CPython"}},
        "sdk": {"name": "sentry.python", "version": "2.75.0", "packages": {}},
    })  # fmt: skip

    assert report.notes == []
    assert report.source is IngestSource.SENTRY
    assert (report.event_id, report.service, report.environment, report.release) == (ID, "shop", "staging", "shop@1.2")
    assert report.dist == "7"
    assert (report.error_type, report.message, report.severity) == ("ValueError", "boom", Severity.HIGH)
    assert report.occurred_at == datetime(2026, 1, 1, 11, 59, 59, 500_000, tzinfo=UTC)
    assert [exception.type for exception in report.exceptions] == ["KeyError", "ValueError"]
    thrown = report.exceptions[1]
    assert (thrown.handled, thrown.module) == (False, "builtins")
    frame = thrown.frames[1]
    assert (frame.function, frame.module, frame.line, frame.column) == ("pay", "shop.cart", 7, 2)
    assert (frame.absolute_path, frame.context_line, frame.pre_context) == ("/srv/shop/cart.py", "    total(1)", ["a"])
    assert frame.variables == {"n": "1", "password": "[REDACTED]"}
    assert [frame.in_app for frame in thrown.frames] == [False, True]
    assert report.tags == [("region", "eu"), ("count", "3")]
    assert report.user == {"id": "7", "email": "a@b.c", "ip_address": "203.0.113.7", "plan": "pro"}
    assert report.request == {
        "method": "POST", "url": "https://x.y/pay", "query": "a=1&token=[REDACTED]", "body": {"card": "x", "secret": "[REDACTED]"},
        "headers": {"Cookie": "[REDACTED]", "Host": "x.y", "Authorization": "[REDACTED]"},
    }  # fmt: skip
    assert report.contexts["extra"] == {"cart": [1]}
    assert report.contexts["modules"] == {"django": "6.1"}
    assert report.contexts["sentry"] == {"platform": "python", "logger": "shop"}
    assert report.contexts["runtime"] == {"name": "CPython"}
    assert (report.trace_id, report.span_id) == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
    assert report.endpoint == "/pay"
    assert report.server_name == "web-1"
    assert report.sdk == {"name": "sentry.python", "version": "2.75.0"}
    (crumb,) = report.breadcrumbs
    assert crumb == {
        "at": "2026-01-01T11:59:59.250000+00:00", "category": "httplib", "level": "info", "message": "GET /",
        "data": {"status_code": 200},
    }  # fmt: skip


def test_an_empty_event_is_an_event():
    report = read({})
    assert (report.service, report.error_type, report.message) == ("shop", "Message", "(no message)")
    assert (report.severity, report.environment, report.occurred_at) == (Severity.MEDIUM, "production", NOW)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"message": "plain"}, "plain"),
        ({"message": " \n\0" * 9000 + "at last"}, "at last"),
        ({"message": {"formatted": "user 7 left", "message": "user %s left", "params": [8]}}, "user 7 left"),
        ({"logentry": {"message": "user %s left %d times", "params": ["ann", 3]}}, "user ann left 3 times"),
        ({"logentry": {"message": "%(who)s of %(where)s", "params": {"who": "ann"}}}, "ann of %(where)s"),
        ({"logentry": {"message": "{} and {}", "params": ["a"]}}, "a and {}"),
        ({"logentry": {"message": "%999999999d", "params": [1]}}, "%999999999d"),
        ({"logentry": {"message": "%s", "params": [{"deep": 1}]}}, "%s"),
        ({"logentry": {"message": "100% sure", "params": []}}, "100% sure"),
        ({"sentry.interfaces.Message": {"message": "of raven"}}, "of raven"),
        ({"exception": [raised(value="")]}, "ValueError"),
        ({"exception": [raised(value=None)], "message": "said"}, "said"),
        ({"exception": [{"value": "no type"}]}, "no type"),
        ({"transaction": "/pay"}, "/pay"),
    ],
)
def test_what_it_says_is_found_wherever_it_stands(event, message):
    assert read(event).message == message


@pytest.mark.parametrize(
    ("level", "handled", "severity"),
    [
        ("fatal", None, Severity.CRITICAL),
        ("error", None, Severity.MEDIUM),
        ("error", True, Severity.MEDIUM),
        ("error", False, Severity.HIGH),
        ("warning", False, Severity.LOW),
        ("Info", None, Severity.INFO),
        ("debug", None, Severity.INFO),
        ("nonsense", None, Severity.MEDIUM),
        (40, False, Severity.HIGH),
        (None, None, Severity.MEDIUM),
    ],
)
def test_how_bad_it_is(level, handled, severity):
    assert read({"level": level, "exception": [raised(mechanism={"handled": handled})]}).severity is severity


@pytest.mark.parametrize("exception", [[raised()], {"values": [None, raised()]}, raised(), {"values": [raised()]}])
def test_exceptions_come_in_lists_in_objects_and_alone(exception):
    report = read({"exception": exception})
    assert [found.type for found in report.exceptions] == ["ValueError"]
    assert report.exceptions[0].frames[0].function == "pay"


def test_a_made_up_type_gives_way_to_the_place():
    made_up = raised("NSException", mechanism={"type": "generic", "synthetic": True})
    assert read({"exception": [made_up]}).error_type == "pay"


@pytest.mark.parametrize(
    "event",
    [
        {"message": "m", "threads": {"values": [{"id": 1, "stacktrace": raised()["stacktrace"]}]}},
        {"message": "m", "threads": [{"id": 1}, {"id": 2, "current": True, "stacktrace": raised()["stacktrace"]}]},
        {"message": "m", "stacktrace": raised()["stacktrace"]},
        {"exception": [{"type": "E"}], "threads": [{"crashed": True, "stacktrace": raised()["stacktrace"]}]},
    ],
)
def test_a_stack_is_found_where_no_exception_has_one(event):
    assert read(event).exceptions[-1].frames[0].function == "pay"


@pytest.mark.parametrize(
    "tags",
    [
        {"a": "1", "b": None, "n": 2},
        [["a", "1"], ["b", None], ["n", 2]],
        [{"key": "a", "value": "1"}, "nonsense", {"key": "n", "value": 2}],
    ],
)
def test_tags_come_in_three_forms(tags):
    assert read({"tags": tags}).tags == [("a", "1"), ("n", "2")]


def test_headers_come_in_three_forms():
    for headers in ({"Accept": ["a", "b"]}, [["Accept", "a"], ["Accept", "b"]], {"Accept": "a, b"}):
        assert read({"request": {"headers": headers}}).request == {"headers": {"Accept": "a, b"}}


def test_a_tag_names_the_service():
    assert read({"tags": {"service": "billing"}}).service == "billing"
    assert read({"tags": {"service": ""}}).service == "shop"


def test_the_reporters_own_grouping_is_kept():
    assert read({"fingerprint": ["{{ default }}", None, 7, ""]}).fingerprint == ["{{ default }}", "7"]
    assert read({"fingerprint": "alone"}).fingerprint == ["alone"]
    assert read({"checksum": "abc"}).fingerprint == ["abc"]


@pytest.mark.parametrize("drift", [timedelta(days=-400), timedelta(hours=2), timedelta(minutes=6)])
def test_a_clock_that_is_far_off_is_corrected(drift):
    happened, sent = NOW - timedelta(seconds=10) + drift, NOW + drift
    report = read({"timestamp": happened.timestamp()}, sent_at=sent.isoformat())
    assert report.occurred_at == NOW - timedelta(seconds=10)
    assert report.notes == ["timestamp: the reporter's clock is off, and was corrected"]


def test_a_clock_that_is_nearly_right_is_believed():
    sent = (NOW - timedelta(minutes=4)).isoformat()
    assert read({"timestamp": "2026-01-01T11:00:00"}, sent_at=sent).occurred_at == NOW - timedelta(hours=1)


@pytest.mark.parametrize("given", [1767268800, "1767268800", "2026-01-01T12:00:00Z", "2026-01-01T12:00:00"])
def test_times_are_read_in_every_form(given):
    assert read({"timestamp": given}).occurred_at == NOW


def test_the_envelopes_id_wins_and_one_that_is_none_is_replaced():
    dashed = "9EC79C33-EC99-42AB-8353-589FCB2E04DC"
    assert read({"event_id": "0" * 32}, event_id=dashed).event_id == ID
    report = read({"event_id": "mine"})
    assert report.event_id is None
    assert report.notes == ["event_id: no UUID, a new one was made"]


def test_names_that_are_too_long_are_cut_and_not_refused():
    report = read({
        "environment": "e" * 100, "release": {"odd": 1}, "tags": {"k" * 100: "v"}, "fingerprint": ["f"] * 30,
        "exception": [raised("T" * 300)],
    })  # fmt: skip
    assert (report.environment, report.release) == ("e" * 64, None)
    assert report.error_type == "T" * 200
    assert report.tags == [("k" * 64, "v")]
    assert len(report.fingerprint) == 20
    assert report.notes[0] == "errorType: 300 characters, cut to 200"
    assert len(report.notes) == 6


def test_the_address_that_the_sdk_leaves_to_us_is_filled_in():
    event = {"user": {"ip_address": "{{auto}}"}}
    assert read(event, client_address="203.0.113.9").user == {"ip_address": "203.0.113.9"}
    assert read(event).user is None


@pytest.mark.parametrize(
    ("settings", "user", "expected"),
    [
        ({"infer_ip": "auto"}, None, {"ip_address": "203.0.113.9"}),
        ({"infer_ip": "auto"}, {"id": "7"}, {"id": "7", "ip_address": "203.0.113.9"}),
        ({"infer_ip": "auto"}, {"ip_address": "203.0.113.7"}, {"ip_address": "203.0.113.7"}),
        ({"infer_ip": "never"}, {"id": "7"}, {"id": "7"}),
        ({"infer_ip": "never"}, None, None),
        ("auto", None, None),
    ],
)
def test_the_address_is_filled_in_where_the_sdk_wants_it(settings, user, expected):
    event = {"user": user, "sdk": {"name": "sentry.javascript.browser", "settings": settings}}
    assert read(event, client_address="203.0.113.9").user == expected


def test_a_frame_of_machine_code_has_the_name_that_it_has():
    frames = [{"raw_function": "_ZN3pay", "package": "/lib/shop.so"}, {"function": "pay", "raw_function": "_ZN3pay"}]
    report = read({"exception": [{"type": "E", "stacktrace": {"frames": frames}}]})
    assert [frame.function for frame in report.exceptions[0].frames] == ["_ZN3pay", "pay"]
