"""The real payloads that this repository holds, by the dialect that each came in."""

import json
from functools import cache
from typing import Any

from tests.corpus.measure import EVENTS
from tests.support import ingest_examples
from tests.support.stack_traces import SAMPLES

_TRACE, _SPAN, _AT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "1767268799500000000"


@cache
def reports() -> list[dict[str, Any]]:
    """In the words of `LogErrorInput`: the example, and one of each bug of the corpus."""
    return [ingest_examples.example("rest"), *_of_corpus("fields")]


@cache
def sentry_events() -> list[dict[str, Any]]:
    """What Sentry's SDKs made, one of each bug of the corpus, and one that has every field."""
    (raised, *_) = events = _of_corpus("sentry")
    return [*events, raised | _EVERYTHING]


@cache
def envelopes() -> list[bytes]:
    """The events as SDKs send them: with lengths and without, and with other items beside."""
    written: list[bytes] = []
    for number, event in enumerate(sentry_events()):
        payload = json.dumps(event).encode()
        length = {"length": len(payload)} if number % 2 else {}
        parts = [
            {"event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "sent_at": "2026-01-01T12:00:00Z"},
            {"type": "event"} | length,
        ]
        beside = [
            {"type": "client_report"},
            CLIENT_REPORT,
            {"type": "feedback"},
            FEEDBACK,
            {"type": "session"},
            {"init": True},
        ]
        lines = (
            [json.dumps(part).encode() for part in parts] + [payload] + [json.dumps(part).encode() for part in beside]
        )
        written.append(b"\n".join(lines if number % 3 else lines[:3]) + b"\n")
    return written


@cache
def stack_traces() -> list[str]:
    """As each language prints them."""
    return [sample for samples in SAMPLES.values() for sample in samples] + [
        fields["stackTrace"] for fields in _of_corpus("fields") if fields.get("stackTrace")
    ]


def _of_corpus(kind: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(EVENTS.glob("*.jsonl")):
        for line in map(json.loads, path.read_text().splitlines()):
            if kind in line:
                found.setdefault(line["issue"], line[kind])
    return list(found.values())


_EVERYTHING = {
    "event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "timestamp": "2026-01-01T11:59:59.5Z", "platform": "python", "level": "error",
    "logger": "shop", "server_name": "web-1", "release": "shop@1.2", "dist": "7", "environment": "staging", "transaction": "/pay",
    "tags": {"region": "eu", "count": 3, "service": "shop"}, "modules": {"django": "6.1"}, "extra": {"cart": [1, {"sku": "A-1"}]},
    "logentry": {"message": "user %s left %d times", "params": ["ann", 3]}, "fingerprint": ["{{ default }}", "pay"],
    "breadcrumbs": {"values": [{"timestamp": 1767268799.25, "type": "http", "category": "httplib", "level": "info", "message": "GET /",
                                "data": {"status_code": 200, "url": "https://x.y/a?token=t"}}]},
    "user": {"id": 7, "email": "a@b.c", "ip_address": "{{auto}}", "plan": "pro", "geo": {"city": "Bonn"}},
    "request": {"method": "POST", "url": "https://x.y/pay", "query_string": "a=1&token=t", "data": {"card": "x", "secret": "y"},
                "headers": {"Host": "x.y", "Authorization": "Bearer t"}, "cookies": {"sid": "1"}, "env": {"A": "1"}},
    "contexts": {"trace": {"trace_id": _TRACE, "span_id": _SPAN}, "runtime": {"name": "CPython", "version": "3.11"}},
    "threads": {"values": [{"id": 1, "current": True, "crashed": True, "stacktrace": {"frames": [{"function": "run", "lineno": 3}]}}]},
    "debug_meta": {"images": [{"type": "sourcemap", "code_file": "https://x.y/a.js", "debug_id": "9ec79c33-ec99-42ab-8353-589fcb2e04dc"}]},
    "sdk": {"name": "sentry.python", "version": "2.75.0", "settings": {"infer_ip": "auto"}},
}  # fmt: skip
FEEDBACK = {
    "event_id": "fc6d8c0c43fc4630ad850ee518f1b9d0", "user": {"username": "ann"},
    "contexts": {"feedback": {"message": "I cannot pay", "name": "Ann", "contact_email": "ann@example.com", "url": "https://x.y/pay",
                              "associated_event_id": "9EC79C33-EC99-42AB-8353-589FCB2E04DC"}},
}  # fmt: skip
USER_REPORT = {
    "event_id": "9ec79c33ec9942ab8353589fcb2e04dc",
    "comments": "It broke",
    "name": "Ann",
    "email": "ann@example.com",
}
CLIENT_REPORT = {
    "timestamp": 1767268799.25,
    "discarded_events": [{"reason": "ratelimit_backoff", "category": "error", "quantity": 3}, {"reason": "sample_rate", "category": "x", "quantity": 1}],
}  # fmt: skip


def _attributes(**named: Any) -> list[dict[str, Any]]:
    return [{"key": name.replace("__", "."), "value": value} for name, value in named.items()]


_RAISED = _attributes(
    exception__type={"stringValue": "ValueError"}, exception__message={"stringValue": "boom"}, exception__escaped={"boolValue": True},
    exception__stacktrace={"stringValue": SAMPLES["python"][0]}, code__function__name={"stringValue": "pay"}, code__line__number={"intValue": "7"},
    http__route={"stringValue": "/pay"}, http__response__status_code={"intValue": "502"}, user__id={"stringValue": "u-7"},
    cart={"arrayValue": {"values": [{"intValue": "1"}, {"kvlistValue": {"values": [{"key": "sku", "value": {"doubleValue": 1.5}}]}}]}},
)  # fmt: skip
_RESOURCE = {
    "attributes": _attributes(
        service__name={"stringValue": "checkout"}, service__version={"stringValue": "2.4"}, host__name={"stringValue": "web-1"},
        telemetry__sdk__name={"stringValue": "opentelemetry"}, deployment__environment={"stringValue": "staging"},
    )
}  # fmt: skip
OTLP_LOGS = {
    "resourceLogs": [{"resource": _RESOURCE, "scopeLogs": [{"scope": {"name": "shop"}, "logRecords": [
        {"timeUnixNano": _AT, "observedTimeUnixNano": _AT, "severityNumber": 17, "severityText": "ERROR", "body": {"stringValue": "charging failed"},
         "traceId": _TRACE, "spanId": _SPAN, "attributes": _RAISED},
        {"timeUnixNano": _AT, "severityNumber": 21, "body": {"kvlistValue": {"values": [{"key": "a", "value": {"intValue": "1"}}]}}},
    ]}]}]
}  # fmt: skip
OTLP_TRACES = {
    "resourceSpans": [{"resource": _RESOURCE, "scopeSpans": [{"scope": {"name": "shop"}, "spans": [
        {"traceId": _TRACE, "spanId": _SPAN, "name": "GET /", "startTimeUnixNano": _AT, "attributes": _attributes(http__method={"stringValue": "GET"}),
         "events": [{"name": "retry"}, {"name": "exception", "timeUnixNano": _AT, "attributes": _RAISED}]},
    ]}]}]
}  # fmt: skip
