"""What is made up from nothing but the names that a dialect knows."""

from hypothesis import strategies as st

from tests.support import ingest_examples
from tests.support.fuzz.values import json_like, objects, odd_texts, text

_FIELDS = [
    "service", "errorType", "message", "severity", "environment", "release", "dist", "errorCode", "stackTrace", "exceptions", "module", "function",
    "line", "endpoint", "request", "response", "user", "sessionId", "serverName", "traceId", "spanId", "tags", "contexts", "breadcrumbs",
    "fingerprint", "eventId", "occurredAt", "sdk",
]  # fmt: skip
_any = json_like(most=5)
_frames = objects(
    **dict.fromkeys(("function", "filename", "line", "variables", "preContext", "inApp", "contextLine"), _any)
)
_exceptions = objects(type=_any, message=_any, handled=_any, frames=st.lists(_frames, max_size=3) | _any)
_shaped = {
    "exceptions": st.lists(_exceptions, max_size=3),
    "request": objects(**dict.fromkeys(("url", "headers", "query", "body", "statusCode"), _any)),
    "user": objects(id=_any, email=_any, plan=_any),
    "tags": st.lists(objects(key=_any, value=_any), max_size=3),
    "breadcrumbs": st.lists(objects(at=_any, message=_any, data=_any), max_size=3),
    "fingerprint": st.lists(text, max_size=3),
}
# `LogErrorInput` with the three names that it cannot be without, and any object at all.
NAMED_REPORTS = st.fixed_dictionaries(
    dict.fromkeys(("service", "errorType", "message"), text.map("shop{}".format)),
    optional={name: st.one_of(_shaped[name], _any) if name in _shaped else _any for name in _FIELDS[3:]},
)
REPORTS = NAMED_REPORTS | st.dictionaries(st.sampled_from(_FIELDS) | text, _any, max_size=8)

_EVENT_FIELDS = [
    "event_id", "timestamp", "platform", "level", "logger", "transaction", "culprit", "server_name", "release", "environment", "tags",
    "modules", "extra", "fingerprint", "checksum", "message", "logentry", "exception", "threads", "stacktrace", "breadcrumbs", "user",
    "request", "contexts", "sdk", "debug_meta", "dist",
]  # fmt: skip
_event_words = st.sampled_from([
    "values", "frames", "stacktrace", "type", "value", "mechanism", "handled", "synthetic", "function", "vars", "headers", "cookies",
    "query_string", "data", "ip_address", "trace", "formatted", "message", "params", "key", "timestamp", "crashed", "filename", "lineno",
    "images", "debug_id", "code_file", "settings", "infer_ip",
])  # fmt: skip
EVENT_VALUES = json_like(_event_words)
EVENTS = st.dictionaries(st.sampled_from(_EVENT_FIELDS) | text, EVENT_VALUES, max_size=10)

_otlp_words = st.sampled_from([
    "resourceLogs", "resource", "attributes", "scopeLogs", "scope", "logRecords", "key", "value", "stringValue", "intValue", "arrayValue",
    "kvlistValue", "values", "body", "severityNumber", "timeUnixNano", "traceId", "name", "resourceSpans", "scopeSpans", "spans", "events",
])  # fmt: skip
OTLP_VALUES = json_like(_otlp_words)
_attribute_names = st.sampled_from([
    "exception.type", "exception.message", "exception.stacktrace", "service.name", "http.route", "user.id", "code.lineno",
])  # fmt: skip
_attributes = st.lists(
    st.fixed_dictionaries({"key": _attribute_names | OTLP_VALUES, "value": OTLP_VALUES | st.fixed_dictionaries({"stringValue": OTLP_VALUES})}),
    max_size=4,
)  # fmt: skip
_records = st.fixed_dictionaries(
    {"severityNumber": st.just(17), "attributes": _attributes | OTLP_VALUES},
    optional=dict.fromkeys(("body", "timeUnixNano", "traceId", "eventName"), OTLP_VALUES),
)
_spans = st.fixed_dictionaries(
    {"events": st.lists(st.fixed_dictionaries({"name": st.just("exception"), "attributes": _attributes | OTLP_VALUES}), max_size=2)},
    optional=dict.fromkeys(("name", "traceId", "attributes"), OTLP_VALUES),
)  # fmt: skip
# Requests whose one record is an error, so that one report must come of them.
LOGS = st.builds(
    lambda record, resource: {"resourceLogs": [{"resource": {"attributes": resource}, "scopeLogs": [{"logRecords": [record]}]}]},
    _records, _attributes,
)  # fmt: skip
TRACES = st.builds(
    lambda span, resource: {"resourceSpans": [{"resource": {"attributes": resource}, "scopeSpans": [{"spans": [span]}]}]}, _spans, _attributes
)  # fmt: skip

_NAMES = sorted({
    name
    for dialect in ingest_examples.WEBHOOKS
    for name in [*ingest_examples.example(dialect), *ingest_examples.schema(dialect).get("properties", ())]
} | {
    "reason", "cause", "previous", "short_message", "_error_stack_trace", "instant", "log.level", "session", "build", "location",
    "colno", "lineno", "filename", "exceptionType", "statusText", "response", "tags", "labels", "source", "host", "version",
})  # fmt: skip
PAYLOAD_VALUES = st.one_of(_any, odd_texts)
_inner = st.dictionaries(st.sampled_from([*_NAMES, "class", "type", "name", "stack", "date"]), PAYLOAD_VALUES)
_CALLS = ("file", "line", "function", "class", "className", "methodName", "lineNumber", "declaringClass")
_calls = st.lists(st.one_of(PAYLOAD_VALUES, objects(**dict.fromkeys(_CALLS, PAYLOAD_VALUES))), max_size=4)
# Of any webhook: the words of all of them.
PAYLOADS = st.dictionaries(st.sampled_from(_NAMES) | text, st.one_of(PAYLOAD_VALUES, _inner, _calls), max_size=8)
