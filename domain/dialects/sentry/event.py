"""What does an event of a Sentry SDK say? Its fields brought to our names; the rest is as for every dialect.

The fields are those of develop.sentry.dev/sdk/data-model/event-payloads; the odd forms are those that SDKs have sent.
Nothing that can be read is refused.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.bounds import MESSAGE
from domain.dialects.graphql import mended_report
from domain.dialects.mending import Mending
from domain.dialects.sentry.shapes import (
    headers_in,
    instant_in,
    object_in,
    objects_in,
    pairs_in,
    uuid_in,
    without_none,
)
from domain.dialects.sentry.stack import debug_ids_in, exceptions_in
from domain.dialects.texts import first_text
from domain.event import Severity
from domain.report import IngestSource, Report

# A clock that is off by less is left alone: delays on the way look the same.
_LEAST_DRIFT = timedelta(minutes=5)
_SEVERITIES = {
    "fatal": Severity.CRITICAL,
    "critical": Severity.CRITICAL,
    "error": Severity.MEDIUM,
    "warning": Severity.LOW,
    "warn": Severity.LOW,
    "log": Severity.INFO,
    "info": Severity.INFO,
    "debug": Severity.INFO,
}
_PLACEHOLDER = re.compile(r"%(?:\(([\w.]{1,100})\))?[sdirf]|\{\}")
_LONGEST_PARAM = 1000
_USER = {"id": "id", "email": "email", "username": "username", "ip_address": "ipAddress"}
_AUTO = "{{auto}}"


def report_from_event(
    event: Mapping[str, Any],
    *,
    service: str,
    received_at: datetime,
    redact_keys: frozenset[str] = frozenset(),
    event_id: str | None = None,
    sent_at: Any = None,
    client_address: str | None = None,
) -> Report:
    """Hand back the report that the event tells of, bounded, mended and scrubbed; what was mended is in its notes.

    `service` is meant where no tag of that name says another. `event_id` and `sent_at` are those of the envelope: the
    first wins, the second tells how far off the reporter's clock is.
    """
    mending = Mending(redact_keys, cuts_names=True)
    tags = [(key, value) for key, value in pairs_in(event.get("tags")) if value is not None]
    exceptions = exceptions_in(event)
    thrown = exceptions[-1] if exceptions else {}
    contexts = object_in(event.get("contexts"))
    trace = object_in(contexts.get("trace"))
    fields = {
        "eventId": _event_id(mending, event_id or event.get("event_id")),
        "service": first_text(value for key, value in tags if key in ("service", "service.name")) or service,
        "errorType": first_text([thrown.get("type"), event.get("logger")]) or "Message",
        "message": _message(event, thrown),
        "severity": _severity(event.get("level"), thrown),
        "environment": event.get("environment"),
        "release": event.get("release"),
        "dist": event.get("dist"),
        "exceptions": exceptions,
        "endpoint": first_text([event.get("transaction"), event.get("culprit")]),
        "request": _request(event.get("request")),
        "user": _user(event, client_address),
        "serverName": event.get("server_name"),
        "traceId": trace.get("trace_id"),
        "spanId": trace.get("span_id"),
        "tags": [{"key": key, "value": value} for key, value in tags],
        "contexts": _contexts(event, contexts),
        "breadcrumbs": _breadcrumbs(event.get("breadcrumbs")),
        "fingerprint": _fingerprint(event.get("fingerprint") or event.get("checksum")),
        "occurredAt": _occurred_at(mending, event.get("timestamp"), sent_at, received_at),
        "sdk": event.get("sdk"),
    }
    report = mended_report(fields, mending, received_at=received_at, source=IngestSource.SENTRY)
    report.debug_ids = debug_ids_in(event)
    return report


def _event_id(mending: Mending, value: Any) -> str | None:
    name = uuid_in(value)
    if name is None and value is not None:
        mending.note("event_id: no UUID, a new one was made")
    return name


def _message(event: Mapping[str, Any], thrown: Mapping[str, Any]) -> str:
    said = [_formatted(event.get(name)) for name in ("logentry", "sentry.interfaces.Message", "message")]
    found = [thrown.get("message"), *said] if thrown else said
    return first_text(found) or first_text([thrown.get("type"), event.get("transaction")]) or "(no message)"


def _formatted(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    template = first_text([value.get("formatted"), value.get("message")])
    params = value.get("params")
    if template is None or template == value.get("formatted") or not isinstance(params, list | dict):
        return template
    return _filled(template[: MESSAGE.limit], params)


def _filled(template: str, params: list[Any] | dict[str, Any]) -> str:
    """The template with its plain placeholders replaced; not by `%`, which a stranger may tell to write gigabytes."""
    given = iter(params if isinstance(params, list) else ())

    def fill(match: re.Match[str]) -> str:
        value = params.get(match[1]) if isinstance(params, dict) else next(given, None)
        return str(value)[:_LONGEST_PARAM] if isinstance(value, str | int | float) else match[0]

    return _PLACEHOLDER.sub(fill, template)


def _severity(level: Any, thrown: Mapping[str, Any]) -> Severity:
    """By its level; an error that nobody handled is worse than one that was only reported."""
    severity = _SEVERITIES.get(level.lower(), Severity.MEDIUM) if isinstance(level, str) else Severity.MEDIUM
    is_unhandled = thrown.get("handled") is False
    return Severity.HIGH if is_unhandled and severity is Severity.MEDIUM else severity


def _request(value: Any) -> dict[str, Any] | None:
    given = object_in(value)
    query = given.get("query_string")
    headers = headers_in(given.get("headers"))
    if given.get("cookies"):
        headers = {"Cookie": given["cookies"], **(headers or {})}
    return without_none({
        "method": given.get("method"),
        "url": given.get("url"),
        "query": dict(pairs) if (pairs := _texts(query)) else query,
        "body": given.get("data"),
        "headers": headers,
    }) or None  # fmt: skip


def _texts(value: Any) -> list[tuple[str, Any]]:
    return [(str(key), item) for key, item in pairs_in(value)]


def _user(event: Mapping[str, Any], client_address: str | None) -> dict[str, Any] | None:
    given = object_in(event.get("user"))
    user = {_USER.get(str(key), key): item for key, item in given.items() if not isinstance(item, dict | list)}
    if user.get("ipAddress", _AUTO if _infers_address(event) else None) == _AUTO:
        user["ipAddress"] = client_address
    return without_none(user) or None


def _infers_address(event: Mapping[str, Any]) -> bool:
    """Whether the SDK leaves the address to us, as browsers do: newer ones say so here, and not by `{{auto}}`."""
    settings = object_in(object_in(event.get("sdk")).get("settings"))
    return settings.get("infer_ip") == "auto"


def _contexts(event: Mapping[str, Any], contexts: dict[str, Any]) -> dict[str, Any] | None:
    """The contexts, and besides them what has no field of its own here."""
    more = {
        "extra": event.get("extra") or None,
        "modules": event.get("modules") or None,
        "sentry": without_none({name: event.get(name) for name in ("platform", "logger")}) or None,
    }
    return contexts | without_none(more) or None


def _breadcrumbs(value: Any) -> list[dict[str, Any]]:
    return [_breadcrumb(crumb) for crumb in objects_in(value)]


def _breadcrumb(crumb: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": instant_in(crumb.get("timestamp")),
        "category": crumb.get("category") or crumb.get("type"),
        "level": crumb.get("level"),
        "message": crumb.get("message"),
        "data": crumb.get("data") or None,
    }


def _fingerprint(value: Any) -> list[Any]:
    parts = value if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, str | int | float) and part != ""]


def _occurred_at(mending: Mending, value: Any, sent_at: Any, received_at: datetime) -> Any:
    at, sent = _aware(value, received_at), _aware(sent_at, received_at)
    if at is None or sent is None or abs(received_at - sent) < _LEAST_DRIFT:
        return at or value
    mending.note("timestamp: the reporter's clock is off, and was corrected")
    try:
        return at + (received_at - sent)
    except OverflowError:
        return received_at


def _aware(value: Any, received_at: datetime) -> datetime | None:
    """The instant that is meant, in UTC where no zone is named; none where it cannot be read."""
    at = instant_in(value)
    try:
        at = datetime.fromisoformat(at) if isinstance(at, str) else at
    except ValueError:
        return None
    if not isinstance(at, datetime):
        return None
    return at if at.tzinfo else at.replace(tzinfo=received_at.tzinfo)
