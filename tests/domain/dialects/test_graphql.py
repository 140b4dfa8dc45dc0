import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.bounds import TABLE
from domain.dialects.graphql import normalise_event_id, report_from_input
from domain.errors import InvalidInput
from domain.event import Severity
from domain.report import IngestSource

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LEAST = {"service": "shop", "errorType": "ValueError", "message": "boom"}
LIMITS = {bound.part: bound.limit for bound in TABLE}
TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/srv/shop/cart.py", line 7, in pay\n    total(1)\n'
    '  File "/usr/lib/python3.11/decimal.py", line 1, in total\n    raise ValueError\nValueError: boom'
)


def read(*, redact_keys=frozenset(), **fields):
    return report_from_input(LEAST | fields, received_at=NOW, redact_keys=redact_keys)


def test_the_least_report():
    report = read()

    assert (report.service, report.error_type, report.message) == ("shop", "ValueError", "boom")
    assert (report.severity, report.environment, report.occurred_at) == (Severity.MEDIUM, "production", NOW)
    assert report.source is IngestSource.GRAPHQL
    assert report.notes == []


def test_every_field_arrives():
    report = read(
        severity="HIGH", environment="staging", release="1.2", dist="87", errorCode="E1", eventId="e-1", fingerprint=["a"],
        stackTrace="as printed", module="shop.cart", function="pay", line=3, endpoint="POST /pay", sessionId="s", serverName="web-1",
        traceId="4bf92f3577b34da6a3ce929d0e0e4736", spanId="00f067aa0ba902b7", occurredAt="2026-01-01T10:00:00Z",
        tags=[{"key": "region", "value": "eu"}], contexts={"os": {"name": "Linux"}},
        user={"id": "u1", "email": "a@b.c", "username": "a", "ipAddress": "203.0.113.7", "plan": "free"},
        request={"method": "POST", "url": "https://x.y/pay", "route": "/pay", "statusCode": 502, "headers": {"Host": "x"},
                 "query": {"a": "1"}, "body": {"b": 1}},
        response={"statusCode": 502, "headers": {"Via": "x"}, "body": "oops"},
        breadcrumbs=[{"at": "2026-01-01T09:00:00Z", "category": "http", "level": "info", "message": "GET /", "data": {"ms": 1.5}}],
        exceptions=[{"type": "ValueError", "message": "boom", "module": "builtins", "handled": False, "frames": [
            {"function": "pay", "module": "shop.cart", "filename": "cart.py", "absolutePath": "/srv/cart.py", "line": 3, "column": 4,
             "contextLine": "x()", "preContext": ["a"], "postContext": ["b"], "inApp": True, "variables": {"n": 1}}]}],
        sdk={"name": "tocsin.py", "version": "1"},
    )  # fmt: skip

    assert report.notes == []
    assert report.severity is Severity.HIGH
    assert (report.release, report.dist) == ("1.2", "87")
    assert report.occurred_at == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert report.tags == [("region", "eu")]
    assert report.user == {"id": "u1", "email": "a@b.c", "username": "a", "ip_address": "203.0.113.7", "plan": "free"}
    assert report.request == {
        "method": "POST", "url": "https://x.y/pay", "route": "/pay", "status_code": 502, "headers": {"Host": "x"}, "query": {"a": "1"},
        "body": {"b": 1},
    }  # fmt: skip
    assert report.response == {"status_code": 502, "headers": {"Via": "x"}, "body": "oops"}
    assert report.breadcrumbs[0]["data"] == {"ms": 1.5}
    (frame,) = report.exceptions[0].frames
    assert (frame.line, frame.column, frame.pre_context, frame.variables) == (3, 4, ["a"], {"n": 1})
    assert report.exceptions[0].handled is False
    assert (report.trace_id, report.sdk) == ("4bf92f3577b34da6a3ce929d0e0e4736", {"name": "tocsin.py", "version": "1"})


@pytest.mark.parametrize("field", ["service", "errorType", "message"])
@pytest.mark.parametrize("value", [None, "", "  \n", "\0", {}, []])
def test_what_must_be_there_is_asked_for(field, value):
    with pytest.raises(InvalidInput, match=field) as refused:
        read(**{field: value})

    assert refused.value.path == (field,)


@pytest.mark.parametrize(
    ("fields", "path", "limit"),
    [
        ({"service": "x" * 101}, ("service",), 100),
        ({"errorType": "x" * 201}, ("errorType",), 200),
        ({"environment": "x" * 65}, ("environment",), 64),
        ({"release": "x" * 201}, ("release",), 200),
        ({"errorCode": "x" * 101}, ("errorCode",), 100),
        ({"eventId": "x" * 129}, ("eventId",), 128),
        ({"tags": [{"key": "a", "value": "b"}, {"key": "x" * 65, "value": "b"}]}, ("tags", "1", "key"), 64),
        ({"fingerprint": ["a", "x" * 501]}, ("fingerprint", "1"), 500),
        ({"fingerprint": ["a"] * 21}, ("fingerprint",), 20),
    ],
)
def test_names_that_are_too_long_are_refused_with_the_bound(fields, path, limit):
    with pytest.raises(InvalidInput, match=rf"at most {limit}\b") as refused:
        read(**fields)

    assert refused.value.path == path


@pytest.mark.parametrize(
    ("fields", "value", "note"),
    [
        ({"message": "é" * 9000}, lambda r: len(r.message) == 8192, "message: 9000 characters, cut to 8192"),
        ({"endpoint": "x" * 1001}, lambda r: len(r.endpoint) == 1000, "endpoint, route: 1001"),
        ({"tags": [{"key": "a", "value": "x" * 201}]}, lambda r: len(r.tags[0][1]) == 200, "tag value: 201"),
        ({"tags": [{"key": str(n), "value": ""} for n in range(120)]}, lambda r: len(r.tags) == 100, "tags: 120, the first 100"),
        ({"tags": {"a": 1, "b": True}}, lambda r: r.tags == [("a", "1"), ("b", "true")], None),
        ({"tags": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}, lambda r: r.tags == [("a", "2")], None),
        ({"tags": [{"value": "1"}, "x"]}, lambda r: r.tags == [], "without a key"),
        ({"tags": "x"}, lambda r: r.tags == [], "tags: not a list"),
        ({"breadcrumbs": [{"message": str(n)} for n in range(120)]},
         lambda r: [c["message"] for c in r.breadcrumbs] == [str(n) for n in range(20, 120)], "the last 100 kept"),
        ({"breadcrumbs": 5}, lambda r: r.breadcrumbs == [], "breadcrumbs: not a list"),
        ({"breadcrumbs": [5, {}]}, lambda r: r.breadcrumbs == [], "breadcrumb: not an object"),
        ({"exceptions": [{"type": str(n)} for n in range(30)]},
         lambda r: [e.type for e in r.exceptions] == [*map(str, range(10)), *map(str, range(20, 30))], "exceptions: 30"),
        ({"exceptions": {}}, lambda r: r.exceptions == [], "exceptions: not a list"),
        ({"exceptions": [1, {"type": "A"}]}, lambda r: len(r.exceptions) == 1, "exceptions: not all of them objects"),
        ({"severity": "FATAL"}, lambda r: r.severity is Severity.MEDIUM, "severity: not one of ours"),
        ({"severity": "low"}, lambda r: r.severity is Severity.LOW, None),
        ({"line": 2**31}, lambda r: r.line is None, "line: not a whole number"),
        ({"line": -1}, lambda r: r.line is None, "line: not a whole number"),
        ({"line": "12"}, lambda r: r.line == 12, None),
        ({"line": 12.0}, lambda r: r.line == 12, None),
        ({"line": True}, lambda r: r.line is None, "line: not a whole number"),
        ({"module": 5, "function": {}}, lambda r: (r.module, r.function) == ("5", None), "function, module: not a text"),
        ({"fingerprint": "a"}, lambda r: r.fingerprint == [], "fingerprint: not a list"),
        ({"fingerprint": ["a", None, " "]}, lambda r: r.fingerprint == ["a"], None),
        ({"errorCode": 500}, lambda r: r.error_code == "500", None),
        ({"environment": " "}, lambda r: r.environment == "production", None),
        ({"service": " shop\n2 "}, lambda r: r.service == "shop 2", None),
        ({"message": "a\0b\ud800"}, lambda r: r.message == "ab\ufffd", "message: NUL characters removed"),
        ({"contexts": {"a\0": "b\0", "\udfff": 1}}, lambda r: r.contexts == {"a": "b", "\ufffd": 1}, "contexts: lone surrogates"),
        ({"contexts": [float("nan"), float("inf"), float("-inf")]}, lambda r: r.contexts == ["NaN", "Infinity", "-Infinity"], "not finite"),
        ({"contexts": [2**63, -(2**63), 2**63 - 1, 10**5000]},
         lambda r: r.contexts == [str(2**63), str(-(2**63)), 2**63 - 1, "[CUT]"], "beyond 64 bits"),
        ({"contexts": {"a": {1, 2}}}, lambda r: r.contexts == {"a": None}, "not JSON"),
        ({"contexts": {"x" * 300: 1}}, lambda r: list(r.contexts) == ["x" * 200], "a key cut to 200"),
        ({"contexts": ["x" * 20_000]}, lambda r: len(r.contexts[0]) == 16384, "text inside JSON: 20000"),
        ({"contexts": ["x" * 10_000] * 20}, lambda r: len(json.dumps(r.contexts)) < 140_000, "contexts: too large"),
        ({"contexts": ["é" * 10_000] * 20}, lambda r: len("".join(r.contexts).encode()) <= 131_072, "contexts: too large"),
        ({"contexts": list(range(20_000))}, lambda r: len(r.contexts) == 10_000, "contexts: too large"),
        ({"request": []}, lambda r: r.request is None, "request: not an object"),
        ({"request": {"statusCode": 1000}}, lambda r: r.request is None, "statusCode: not a whole number"),
        ({"request": {"body": "x" * 70_000}}, lambda r: len(r.request["body"]) == 65536, "body: 70000 bytes"),
        ({"request": {"body": "é" * 40_000}}, lambda r: len(r.request["body"].encode()) == 65536, "body: 80000 bytes"),
        ({"user": "me", "response": 1, "sdk": 1}, lambda r: (r.user, r.response, r.sdk) == (None, None, None), "user: not an object"),
        ({"occurredAt": "yesterday"}, lambda r: r.occurred_at == NOW, "occurredAt: no time"),
        ({"occurredAt": 17}, lambda r: r.occurred_at == NOW, "occurredAt: no time"),
        ({"occurredAt": "0001-01-01T00:00:00+14:00"}, lambda r: r.occurred_at == NOW, "occurredAt: no time"),
        ({"occurredAt": "2026-01-03T00:00:00Z"}, lambda r: r.occurred_at == NOW, "occurredAt: more than a day ahead"),
        ({"occurredAt": "2026-01-02T00:00:00Z"}, lambda r: r.occurred_at == NOW + timedelta(hours=12), None),
        ({"occurredAt": "2020-01-01T01:00:00.123456789+01:00"},
         lambda r: r.occurred_at == datetime(2020, 1, 1, microsecond=123456, tzinfo=UTC), None),
        ({"occurredAt": datetime(2026, 1, 1, 11, tzinfo=timezone(timedelta(hours=1)))},
         lambda r: r.occurred_at == NOW - timedelta(hours=2), None),
        ({"occurredAt": NOW.replace(hour=11, tzinfo=None)}, lambda r: r.occurred_at == NOW - timedelta(hours=1), None),
    ],
)  # fmt: skip
def test_what_can_be_mended_is_kept_and_said(fields, value, note):
    report = read(**fields)

    assert value(report), report
    assert [found for found in report.notes if note and note in found] or (note is None and not report.notes), (
        report.notes
    )


def test_deep_json_is_cut_where_it_is_too_deep():
    deep = []
    for _ in range(5000):
        deep = [deep]

    report = read(contexts=deep)

    assert json.dumps(report.contexts) == "[" * 12 + '"[CUT]"' + "]" * 12
    assert report.notes == ["contexts: deeper than 12 levels, cut there"]


def test_frames_are_cut_in_the_middle():
    report = read(exceptions=[{"type": "E", "frames": [{"function": str(n)} for n in range(300)]}])

    assert [frame.function for frame in report.exceptions[0].frames] == [
        *map(str, range(125)),
        *map(str, range(175, 300)),
    ]
    assert report.notes == ["frames of an exception: 300 frames, cut to 250"]


def test_a_frame_of_the_wrong_shape_is_mended():
    frame = {
        "preContext": [str(n) for n in range(20)],
        "postContext": "x",
        "contextLine": 5,
        "handled": "no",
        "variables": "x",
    }

    report = read(
        exceptions=[
            {"type": "E", "handled": "no", "frames": [frame | {"postContext": [str(n) for n in range(20)]}, frame]}
        ]
    )

    first, second = report.exceptions[0].frames
    assert first.pre_context == [str(n) for n in range(10, 20)]
    assert first.post_context == [str(n) for n in range(10)]
    assert (second.post_context, second.context_line) == ([], "5")
    assert report.exceptions[0].handled is None


def test_a_long_stack_trace_keeps_both_ends():
    report = read(stackTrace="first\n" + "x\n" * 200_000 + "last")

    assert len(report.raw_stack_trace) == 262_144
    assert report.raw_stack_trace.startswith("first")
    assert report.raw_stack_trace.endswith("last")


def test_the_text_of_a_stack_trace_becomes_frames_and_stays():
    report = read(stackTrace=TRACE)

    assert report.raw_stack_trace == TRACE
    assert [frame.in_app for frame in report.exceptions[0].frames] == [True, False]
    assert (report.module, report.function, report.line) == (None, "pay", 7)


def test_a_text_that_says_a_secret_loses_it_there_and_in_what_is_read_from_it():
    report = read(stackTrace=TRACE + ' {"token": "planted17"}\n  File "x.py", line 1\n    {"token": "planted17"}\n')

    assert report.exceptions[0].message.startswith('boom {"token": "[REDACTED]"}')
    assert "planted17" not in report.exceptions[0].message
    assert [frame.in_app for frame in report.exceptions[0].frames] == [True, False]


@pytest.mark.parametrize(
    "headers",
    [
        "Host: x\r\nAuthorization: Bearer planted17",
        ["Authorization: Bearer planted17"],
        ["Authorization", "Bearer planted17", "Host", "x"],
        [{"Key": "Authorization", "Value": "planted17"}],
        [{"name": "Authorization", "values": ["planted17"]}],
        [["Authorization", "planted17", "x"]],
    ],
)
def test_headers_hold_no_secret_in_any_shape(headers):
    report = read(request={"headers": headers}, response={"headers": headers}, contexts={"rawHeaders": headers})

    for kept in (report.request, report.response, report.contexts):
        assert "planted17" not in json.dumps(kept)
        assert "Authorization" in json.dumps(kept)


def test_a_body_that_is_cut_is_scrubbed_as_far_as_it_is_kept():
    report = read(request={"body": json.dumps({"$password": "planted17", "a": "x" * 70_000})})

    assert report.request["body"].startswith('{"$password": "[REDACTED]", "a": "xxx')


def test_the_text_lends_its_frames_to_exceptions_that_came_without():
    report = read(stackTrace=TRACE, exceptions=[{"type": "Mine", "message": "said so", "handled": True}])

    (error,) = report.exceptions
    assert (error.type, error.message, error.handled, len(error.frames)) == ("Mine", "said so", True, 2)


def test_frames_that_came_as_such_win_over_the_text():
    report = read(stackTrace=TRACE, exceptions=[{"type": "Mine", "frames": [{"function": "f"}]}])

    assert [frame.function for frame in report.exceptions[0].frames] == ["f"]


def test_a_stack_without_a_type_takes_that_of_the_report():
    (error,) = read(stackTrace="pay@https://x.y/cart.js:1:2").exceptions

    assert (error.type, error.message) == ("ValueError", "boom")


def test_the_reporters_own_place_wins_over_the_frames():
    report = read(stackTrace=TRACE, module="mine")

    assert (report.module, report.function, report.line) == ("mine", None, None)


def test_whose_a_frame_is_follows_its_class_where_it_has_one():
    frames = [
        {"module": "org.springframework.Dispatcher"},
        {"module": "com.acme.Cart"},
        {"module": "java.util.Map", "inApp": True},
    ]

    report = read(exceptions=[{"type": "E", "frames": frames}])

    assert [frame.in_app for frame in report.exceptions[0].frames] == [False, True, True]


def test_whose_a_frame_is_follows_its_path_where_the_reporter_did_not_say():
    frames = [{"filename": "x/node_modules/y.js"}, {"filename": "y.js"}, {"filename": "y.js", "absolutePath": "/a/site-packages/y.js"},
              {"filename": "x/node_modules/y.js", "inApp": True}]  # fmt: skip

    report = read(exceptions=[{"type": "E", "frames": frames}])

    assert [frame.in_app for frame in report.exceptions[0].frames] == [False, True, False, True]


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("550E8400-E29B-41D4-A716-446655440000", "550e8400e29b41d4a716446655440000"),
        ("550e8400e29b41d4a716446655440000", "550e8400e29b41d4a716446655440000"),
        (" order-17 ", "order-17"),
        ("550e8400e29b-41d4-a716-446655440000", "550e8400e29b-41d4-a716-446655440000"),
        ("Not-A-UUID", "Not-A-UUID"),
    ],
)
def test_event_ids(given, normal):
    assert normalise_event_id(given) == normal
    assert read(eventId=given).event_id == normal


def test_a_report_that_is_too_large_loses_its_largest_parts_and_says_so():
    large = {str(n): "x" * 1000 for n in range(120)}
    frame = {"function": "f", "variables": {str(n): "y" * 1000 for n in range(15)}, "preContext": ["z" * 500] * 3}

    report = read(contexts=large, exceptions=[{"type": "E", "frames": [frame] * 200}], request={"body": "b" * 60_000})

    assert report.exceptions[0].frames[0].variables is None
    assert report.exceptions[0].frames[0].pre_context == ["z" * 500] * 3
    assert report.request == {"body": "b" * 60_000}
    assert report.notes == [
        "variables: dropped, since the whole report was too large",
        "contexts: dropped, since the whole report was too large",
    ]


@pytest.mark.parametrize("frames", [0, 12, 40])
def test_even_the_largest_report_is_brought_within_its_bound(frames):
    wide, less = "\x01" * 70_000, "\x01" * 2000
    frame = dict.fromkeys(("function", "module", "filename", "absolutePath", "contextLine"), less)
    frame |= {"preContext": [less] * 10, "variables": wide}

    report = read(
        message=wide, stackTrace=wide * 4, endpoint=wide, contexts=[wide] * 9, breadcrumbs=[{"message": wide, "data": wide}] * 40,
        exceptions=[{"type": "é" * 300, "message": "é" * 9000, "frames": [frame] * frames}] * 20, request={"url": wide, "headers": wide, "body": wide},
        tags=[{"key": f"{n:064}", "value": "é" * 300} for n in range(100)], user=dict.fromkeys(("id", "email", "username"), wide),
    )  # fmt: skip

    assert weight(report) <= LIMITS["the whole report, mended"]
    assert len(report.tags) == 100
    assert all(frame.variables is None for frame in report.exceptions[-1].frames)


def weight(report):
    def plain(value):
        return value.isoformat() if isinstance(value, datetime) else vars(value)

    return len(json.dumps(report, default=plain, ensure_ascii=False).encode())


def test_the_id_of_a_span_is_no_card():
    assert read(spanId="378282246310005a").span_id == "378282246310005a"
    assert read(spanId="4111111111111111").span_id == "[REDACTED]"
    assert read(traceId="x" * 300).trace_id == "x" * 200
