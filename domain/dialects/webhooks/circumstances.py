"""What do all webhooks say alike? Who and where it happened to, in which version, and how bad it was."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from domain.dialects.webhooks.payload import Object, Payload, as_text, without_empty
from domain.event import Severity

Names = Mapping[str, tuple[str, ...]]

_TEXTS: Names = {
    "service": (
        "service.name", "service", "serviceName", "application.name", "application", "appName", "app.name", "app",
    ),
    "environment": ("environment", "env", "service.environment", "appEnv", "app.env", "stage"),
    "release": ("release", "version", "appVersion", "app.version", "service.version", "build.version", "build"),
    "errorCode": ("errorCode", "code", "error.code"),
    "eventId": ("eventId", "uuid", "event.id"),
    "sessionId": ("sessionId", "session.id", "session"),
    "serverName": ("serverName", "hostname", "host.name", "host", "server.name", "service.node.name"),
    "traceId": ("traceId", "trace.id", "mdc.traceId", "contextMap.traceId", "context.traceId"),
    "spanId": ("spanId", "span.id", "mdc.spanId", "contextMap.spanId", "context.spanId"),
    "endpoint": ("endpoint", "route.name", "transaction.name", "transaction"),
    "module": ("module",),
    "function": ("function",),
}  # fmt: skip
_USER_NAMES = {
    "id": ("id", "userId", "uuid", "uid", "sub", "identifier"),
    "email": ("email", "mail", "emailAddress"),
    "username": ("username", "name", "login", "displayName", "nickname"),
    "ipAddress": ("ipAddress", "ip", "clientIp", "remoteAddr"),
}
_LOOSE_USER = {
    "id": ("userId", "context.userId", "mdc.userId", "contextMap.userId", "user.id"),
    "email": ("userEmail", "context.userEmail", "mdc.userEmail"),
    "username": ("username", "userName", "mdc.username", "mdc.user", "contextMap.username"),
    "ipAddress": ("ip", "ipAddress", "clientIp", "remoteAddr", "extra.ip", "client.ip", "request.ip"),
}
_REQUEST: Names = {
    "method": ("request.method", "method", "httpMethod", "extra.httpMethod", "http.request.method", "http.method"),
    "url": ("request.fullUrl", "request.url", "request.uri", "url.full", "url", "fullUrl", "uri", "requestUri", "path"),
    "route": ("request.route.uri", "request.route", "route.uri", "http.route"),
}
_SEVERITIES = {
    "emergency": Severity.CRITICAL, "alert": Severity.CRITICAL, "critical": Severity.CRITICAL,
    "fatal": Severity.CRITICAL,
    "high": Severity.HIGH,
    "error": Severity.MEDIUM, "err": Severity.MEDIUM, "severe": Severity.MEDIUM, "medium": Severity.MEDIUM,
    "warning": Severity.LOW, "warn": Severity.LOW, "low": Severity.LOW,
    "notice": Severity.INFO, "info": Severity.INFO, "debug": Severity.INFO, "trace": Severity.INFO,
}  # fmt: skip
_NUMBER = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,9})?")
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2})")
# Numbers as large as these count seconds since 1970 no more, but thousandths, millionths, thousand-millionths.
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))


def shared_fields(payload: Payload, names: Names) -> Object:
    """Hand back what is said in words that all share, and in those that `names` has besides, which come first."""
    fields: Object = {
        ours: payload.text(*names.get(ours, ()), *paths) for ours, paths in _TEXTS.items() if ours not in names
    }
    fields |= {ours: payload.text(*paths, *_TEXTS.get(ours, ())) for ours, paths in names.items()}
    fields["line"] = payload.take("line", "lineNumber")
    fields["fingerprint"] = _listed(payload.take("fingerprint"))
    fields["occurredAt"] = instant_in(payload.take("occurredAt", "timestamp", "@timestamp", "datetime", "time", "date"))
    fields["user"] = user_in(payload)
    return without_empty(fields)


def request_in(payload: Payload, names: Names | None = None) -> Object | None:
    """Hand back the request in which it happened."""
    names = names or {}
    request: Object = {ours: payload.text(*names.get(ours, ()), *paths) for ours, paths in _REQUEST.items()}
    request["headers"] = headers_in(payload.take("request.headers", "headers"))
    request["query"] = payload.take("request.query", "request.queryString", "query", "queryString")
    request["body"] = payload.take("request.body", "request.input", "request.data", "request.payload", "input")
    request["statusCode"] = payload.take("request.statusCode", "request.status", *names.get("statusCode", ()))
    return without_empty(request) or None


def user_in(payload: Payload) -> Object | None:
    """Hand back who it happened to, from an object, a bare id, or what stands loosely in the payload."""
    given = payload.take("user", "context.user", "extra.user", "mdc.user", "contextMap.user")
    user = _user(given) if isinstance(given, dict) else without_empty({"id": as_text(given)})
    for ours, paths in _LOOSE_USER.items():
        if ours not in user and (text := payload.text(*paths)):
            user[ours] = text
    return user or None


def tags_in(payload: Payload, more: Object) -> list[Object]:
    """Hand back the tags, from an object, a list of pairs or of words, and behind them `more` that say something."""
    given = payload.take("tags", "labels")
    tags = {**given} if isinstance(given, dict) else dict(map(_tag, _listed(given) or ()))
    for key, value in without_empty(more).items():
        tags.setdefault(key, value)
    return [{"key": key, "value": value} for key, value in tags.items() if key]


def headers_in(value: Any) -> Any:
    """Hand back headers; of those that PHP and Spring give as lists the values are joined."""
    if not isinstance(value, dict):
        return value
    return {key: ", ".join(_texts(item)) if isinstance(item, list) else item for key, item in value.items()}


def breadcrumbs_in(payload: Payload) -> list[Object]:
    """Hand back what went before."""
    events = payload.take("breadcrumbs", "eventLog", "events", "history", "logs")
    return [_breadcrumb(crumb) for crumb in _listed(events) or []]


def severity_of(*words: Any) -> Severity | None:
    """Hand back what the first of the words means that means something."""
    for word in words:
        severity = _SEVERITIES.get(word.strip().lower()) if isinstance(word, str) else None
        if severity is not None:
            return severity
    return None


def instant_in(value: Any) -> Any:
    """Hand back the time of a number since 1970 in any usual unit, or of PHP's object; anything else as it is."""
    if isinstance(value, dict):
        return _from_php(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        unit = next((unit for least, unit in _UNITS if value >= least), 1.0)
        return datetime.fromtimestamp(value / unit, UTC)
    except (ValueError, OverflowError, OSError):
        return value


def _from_php(value: Object) -> Any:
    """`{"date": "2026-01-01 12:00:00.000000", "timezone": "UTC"}`; none where the zone is only a name."""
    try:
        at = datetime.fromisoformat(as_text(value.get("date")) or "")
    except ValueError:
        return None
    zone = as_text(value.get("timezone")) or ""
    if offset := _OFFSET.fullmatch(zone):
        apart = timedelta(hours=int(offset["hours"]) % 24, minutes=int(offset["minutes"]) % 60)
        return at.replace(tzinfo=timezone(-apart if offset["sign"] == "-" else apart))
    return at.replace(tzinfo=UTC) if zone in ("UTC", "Z", "GMT") else None


def _user(given: Object) -> Object:
    asked = Payload(given)
    user: Object = {ours: asked.text(*paths) for ours, paths in _USER_NAMES.items()}
    others = {key: value for key, value in (asked.rest() or {}).items() if not isinstance(value, dict | list)}
    return without_empty({**others, **without_empty(user)})


def _tag(item: Any) -> tuple[str, Any]:
    """`{"key": …, "value": …}`, `"key:value"`, or a bare word, which is so."""
    if isinstance(item, dict):
        return as_text(item.get("key", item.get("name"))) or "", item.get("value")
    key, colon, value = (as_text(item) or "").partition(":")
    return (key.strip(), value.strip()) if colon else (key, "true")


def _breadcrumb(crumb: Any) -> Object:
    if not isinstance(crumb, dict):
        return {"message": crumb}
    asked = Payload(crumb)
    fields = {
        "at": instant_in(asked.take("at", "timestamp", "time", "date", "occurredAt")),
        "category": asked.text("category", "type", "kind"),
        "level": asked.text("level", "severity"),
        "message": asked.text("message", "text", "name", "event", "action", "url"),
    }
    data = asked.take("data")
    others = asked.rest() or {}
    return without_empty({**fields, "data": {**data, **others} if isinstance(data, dict) else data or others})


def _listed(value: Any) -> list[Any] | None:
    return None if value is None else value if isinstance(value, list) else [value]


def _texts(values: list[Any]) -> list[str]:
    return [text for value in values if (text := as_text(value))]
