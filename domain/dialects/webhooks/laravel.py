"""What does a Laravel application say of an error?

Either a record of Monolog's JsonFormatter (github.com/Seldaek/monolog), whose context holds the exception, or what an
exception handler tells: class, message, file, line and trace, as text or as PHP's `getTrace()` gives it, also in the
form in which Laravel itself answers with errors in JSON.
"""

import re
from typing import Any

from domain.bounds import EXCEPTIONS
from domain.dialects.mending import Mending
from domain.dialects.webhooks.circumstances import (
    Names,
    breadcrumbs_in,
    request_in,
    severity_of,
    shared_fields,
    tags_in,
)
from domain.dialects.webhooks.payload import Object, Payload, as_text, without_empty

_WHERE: Names = {
    "environment": ("environment", "env", "app.env", "appEnv"),
    "release": ("release", "version", "appVersion", "app.version", "extra.git.commit", "gitCommit"),
    "endpoint": ("endpoint", "route.name", "route", "request.route.name", "extra.route", "command", "job"),
    "serverName": ("serverName", "extra.hostname", "hostname", "server"),
}
_LEVELS = {
    "100": "debug", "200": "info", "250": "notice", "300": "warning", "400": "error", "500": "critical", "550": "alert",
    "600": "emergency",
}  # fmt: skip
# The logger of Laravel bears the name of the environment, unless somebody named it.
_ENVIRONMENTS = ("production", "prod", "staging", "stage", "local", "development", "dev", "testing", "test", "qa")
_PLACE = re.compile(r"(?P<path>.+):(?P<line>[0-9]{1,9})")
_THROWABLE = ("class", "exceptionClass", "type", "exception")
_MAIN = "{main}"
_NEXT = "\n\nNext "  # how PHP prints what was caused, below its cause
_MOST_CALLS = 1000


def read(given: Object, mending: Mending) -> Object:
    """Hand back the fields of `LogErrorInput` that the payload tells of."""
    payload = Payload(given)
    thrown = _thrown(payload)
    fields = shared_fields(payload, _WHERE)
    level, channel = payload.text("severity", "levelName", "level"), payload.text("channel")
    return without_empty({
        **fields,
        **_told(thrown, mending),
        "severity": severity_of(_LEVELS.get(level or "", level)),
        "request": request_in(payload, {"url": ("extra.url",)}),
        "environment": fields.get("environment") or (channel if channel in _ENVIRONMENTS else None),
        "tags": tags_in(payload, {"channel": channel}),
        "breadcrumbs": breadcrumbs_in(payload),
        "contexts": payload.rest(),
    })  # fmt: skip


def _thrown(payload: Payload) -> Object:
    """What is told of the exception: `class`, `message`, `code`, `file`, `line`, `trace`, `previous`."""
    thrown = dict(payload.inner("context.exception", "exception", "error"))
    thrown.setdefault("class", payload.text(*_THROWABLE, "errorType"))
    for name, paths in {
        "message": ("message", "errorMessage"), "code": ("code", "errorCode"), "file": ("file",), "line": ("line",),
        "previous": ("previous",), "trace": ("trace", "stackTrace", "stack", "context.exception"),
    }.items():  # fmt: skip
        if thrown.get(name) in (None, "", []):
            thrown[name] = payload.take(*paths)
    return thrown


def _told(thrown: Object, mending: Mending) -> Object:
    chain = _chain(thrown)
    trace = _NEXT.join(filter(None, map(_text, chain))) if _text(thrown) else None
    exceptions = [_exception(each) for each in chain]
    code = as_text(thrown.get("code"))
    if thrown.get("trace") is not None and trace is None and not exceptions[-1]["frames"]:
        mending.note("trace: neither a text nor a list of calls, dropped")
    return {
        "errorType": _class(thrown),
        "message": thrown.get("message"),
        "errorCode": code if code != "0" else None,  # what PHP says where nobody said anything
        "stackTrace": trace,
        "exceptions": exceptions if trace is None else None,
    }


def _chain(thrown: Object) -> list[Object]:
    """The exceptions, oldest cause first."""
    chain = [thrown]
    while isinstance(cause := chain[0].get("previous"), dict) and cause and len(chain) < EXCEPTIONS.limit:
        chain.insert(0, cause)
    return chain


def _class(thrown: Object) -> str | None:
    return next((text for name in _THROWABLE if (text := as_text(thrown.get(name)))), None)


def _exception(thrown: Object) -> Object:
    return {"type": _class(thrown), "message": thrown.get("message"), "frames": _frames(thrown)}


def _frames(thrown: Object) -> list[Object]:
    """Its frames, oldest first. A call of PHP's has the place where it was made, so the next one names it."""
    trace = thrown.get("trace")
    calls = [_call(call) for call in trace[:_MOST_CALLS]] if isinstance(trace, list) else []
    places = [_place(thrown), *map(_place, calls)]
    if not calls and not places[0]:
        return []
    named: list[Object] = [
        without_empty({"function": call.get("function"), "module": call.get("class")}) for call in calls
    ]
    named.append({"function": _MAIN if any(map(len, named)) else None})
    frames = [without_empty({**name, **place}) for name, place in zip(named, places, strict=True)]
    return [frame for frame in reversed(frames) if frame.get("filename") or frame.get("function") not in (None, _MAIN)]


def _call(call: Any) -> Object:
    return call if isinstance(call, dict) else {"file": call}


def _place(where: Object) -> Object:
    """File and line, which Monolog writes as one: `/srv/app/Cart.php:12`."""
    path, line = where.get("file"), where.get("line")
    if line is None and isinstance(path, str) and (match := _PLACE.fullmatch(path)):
        path, line = match["path"], match["line"]
    return without_empty({"filename": path, "line": line})


def _text(thrown: Object) -> str | None:
    """The text of its trace, with what PHP prints above one where it begins with its calls."""
    trace = thrown.get("trace")
    if not isinstance(trace, str) or not trace.strip():
        return None
    place = _place(thrown)
    if not trace.lstrip().startswith("#") or "line" not in place:
        return trace
    message = as_text(thrown.get("message")) or ""
    return (
        f"{_class(thrown) or 'Error'}: {message} in {place['filename']}:{place['line']}\nStack trace:\n{trace.lstrip()}"
    )
