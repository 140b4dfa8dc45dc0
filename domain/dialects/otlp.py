"""What errors do logs and traces of OpenTelemetry tell of? Each in the words of `LogErrorInput`.

What comes is OTLP in its JSON form (opentelemetry.io/docs/specs/otlp, JSON Protobuf Encoding), where ids are
hexadecimal; or what a protobuf library makes of the binary form, where they are base64. Names of attributes are those
of the semantic conventions, the older ones too.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from domain.dialects.texts import first_text
from domain.event import Severity

_EXCEPTION = "exception"
_TYPE, _MESSAGE, _STACK = "exception.type", "exception.message", "exception.stacktrace"
_FATAL, _ERROR, _WARN = 21, 17, 13
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{16}){1,2}")
_ID_BYTES = 16
_DEEPEST = 12
_FIELDS = {
    "environment": ("deployment.environment.name", "deployment.environment"),
    "release": ("service.version",),
    "serverName": ("host.name", "container.id", "k8s.pod.name"),
}
_USER = {"id": ("user.id", "enduser.id"), "email": ("user.email",), "username": ("user.name",)}
_REQUEST = {
    "method": ("http.request.method", "http.method"),
    "url": ("url.full", "http.url", "url.path", "http.target"),
    "route": ("http.route",),
    "statusCode": ("http.response.status_code", "http.status_code"),
}
_PLACE = {
    "function": ("code.function.name", "code.function"),
    "module": ("code.namespace",),
    "line": ("code.line.number", "code.lineno"),
}

Fields = dict[str, Any]


def errors_in_logs(request: Any) -> list[Fields]:
    """Hand back the errors of an ExportLogsServiceRequest: records of exceptions, and those of ERROR or more."""
    return [
        _from_record(resource, scope, record)
        for resource, scope, record in _leaves(request, "resourceLogs", "scopeLogs", "logRecords")
        if _is_error(record)
    ]


def errors_in_traces(request: Any) -> list[Fields]:
    """Hand back the errors of an ExportTraceServiceRequest: the events of its spans that are exceptions."""
    return [
        _from_span(resource, scope, span, event)
        for resource, scope, span in _leaves(request, "resourceSpans", "scopeSpans", "spans")
        for event in _objects(span.get("events"))
        if event.get("name") == _EXCEPTION
    ]


def _from_record(resource: Fields, scope: str | None, record: Mapping[str, Any]) -> Fields:
    attributes = _attributes(record.get("attributes"))
    body = _value(record.get("body"), 0)
    number = _number(record.get("severityNumber"))
    fields = _common(resource, scope, attributes)
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str) if body else None
    at = _number(record.get("timeUnixNano")) or _number(record.get("observedTimeUnixNano"))
    return _finished(fields, record, at, {
        "errorType": first_text([attributes.get(_TYPE), record.get("eventName"), scope]) or "Log",
        "message": first_text([attributes.get(_MESSAGE), text, attributes.get(_TYPE)]) or "(no message)",
        "severity": _severity(number, attributes, is_exception=_TYPE in attributes or _MESSAGE in attributes),
    })  # fmt: skip


def _from_span(resource: Fields, scope: str | None, span: Mapping[str, Any], event: Mapping[str, Any]) -> Fields:
    attributes = _attributes(event.get("attributes"))
    fields = _common(resource, scope, {**_attributes(span.get("attributes")), **attributes})
    kind = first_text([attributes.get(_TYPE)]) or "Exception"
    return _finished(fields, span, _number(event.get("timeUnixNano")), {
        "errorType": kind,
        "message": first_text([attributes.get(_MESSAGE)]) or kind,
        "severity": _severity(_ERROR, attributes, is_exception=True),
        "endpoint": fields.get("endpoint") or span.get("name"),
    })  # fmt: skip


def _common(resource: Fields, scope: str | None, attributes: Fields) -> Fields:
    """What a record and a span's event say alike."""
    everything = {**resource, **attributes}
    sdk = {"name": resource.get("telemetry.sdk.name"), "version": resource.get("telemetry.sdk.version")}
    return {
        **_named(everything, _FIELDS),
        **_named(attributes, _PLACE),
        "service": first_text([everything.get("service.name")]) or "unknown_service",
        "stackTrace": attributes.get(_STACK),
        "endpoint": attributes.get("http.route"),
        "user": _named(attributes, _USER) or None,
        "request": _named(attributes, _REQUEST) or None,
        "sessionId": attributes.get("session.id"),
        "contexts": {"attributes": _others(attributes), "resource": resource, "scope": scope},
        "sdk": sdk if sdk["name"] else None,
    }


def _finished(fields: Fields, source: Mapping[str, Any], at: int, more: Fields) -> Fields:
    """All that is told of an error that happened so many nanoseconds after 1970; 0 where nobody knows."""
    fields |= more
    fields["traceId"], fields["spanId"] = _id(source.get("traceId")), _id(source.get("spanId"))
    fields["occurredAt"] = _instant(at)
    fields["eventId"] = _event_id(fields, at) if at else None
    return {name: value for name, value in fields.items() if value is not None}


def _event_id(fields: Fields, at: int) -> str:
    """One id for one error, however often an exporter sends it: it sends a whole batch again when it hears nothing.

    Without its time it would be that of every error which says the same, and all but the first would be lost.
    """
    text = json.dumps([at, fields], default=str, sort_keys=True)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES).hexdigest()


def _severity(number: int, attributes: Fields, *, is_exception: bool) -> Severity:
    if number >= _FATAL:
        return Severity.CRITICAL
    if attributes.get("exception.escaped") is True:
        return Severity.HIGH
    if number >= _ERROR or (is_exception and number < _WARN):
        return Severity.MEDIUM
    return Severity.LOW


def _is_error(record: Mapping[str, Any]) -> bool:
    if _number(record.get("severityNumber")) >= _ERROR:
        return True
    return any(item.get("key") in (_TYPE, _MESSAGE) for item in _objects(record.get("attributes")))


def _leaves(
    request: Any, resources: str, scopes: str, leaves: str
) -> Iterator[tuple[Fields, str | None, Mapping[str, Any]]]:
    """Each record or span, with the attributes of its resource and the name of its scope."""
    for group in _objects(request.get(resources) if isinstance(request, dict) else None):
        resource = group.get("resource")
        about = _attributes(resource.get("attributes") if isinstance(resource, dict) else None)
        for inner in _objects(group.get(scopes)):
            scope = inner.get("scope")
            name = scope.get("name") if isinstance(scope, dict) else None
            for leaf in _objects(inner.get(leaves)):
                yield about, name if isinstance(name, str) else None, leaf


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _attributes(value: Any) -> Fields:
    """A list of keys and values as an object."""
    return {item["key"]: _value(item.get("value"), 0) for item in _objects(value) if isinstance(item.get("key"), str)}


def _value(value: Any, depth: int) -> Any:
    """The plain value of an AnyValue."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return None
    for name, content in value.items():
        if name in ("stringValue", "boolValue", "doubleValue", "bytesValue"):
            return content
        if name == "intValue":
            return _number(content)
        if name == "arrayValue" and isinstance(content, dict):
            return [_value(item, depth + 1) for item in _objects(content.get("values"))]
        if name == "kvlistValue" and isinstance(content, dict):
            return {
                str(item.get("key")): _value(item.get("value"), depth + 1) for item in _objects(content.get("values"))
            }
    return None


def _number(value: Any) -> int:
    """A whole number, which JSON has as a text where it may pass 2^53; 0 for anything else."""
    try:
        return int(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0


def _instant(nanoseconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(nanoseconds / 1e9, UTC) if nanoseconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _id(value: Any) -> str | None:
    """A trace's or span's id in hexadecimal; none where it is all zeros or no id."""
    if not isinstance(value, str) or not value:
        return None
    if not _HEXADECIMAL.fullmatch(value):
        try:
            value = base64.b64decode(value, validate=True).hex()
        except (binascii.Error, ValueError):
            return None
    return value.lower() if _HEXADECIMAL.fullmatch(value) and value.strip("0") else None


def _named(attributes: Mapping[str, Any], names: Mapping[str, Sequence[str]]) -> Fields:
    """The attributes under our names, the first of those that stand for one."""
    found = {
        ours: next((attributes[name] for name in theirs if name in attributes), None) for ours, theirs in names.items()
    }
    return {ours: value for ours, value in found.items() if value is not None}


def _others(attributes: Fields) -> Fields | None:
    return {name: value for name, value in attributes.items() if not name.startswith("exception.")} or None
