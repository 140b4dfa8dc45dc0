"""What does a page in a browser say of an error: React, Angular, Vue, or `window.onerror` by itself?"""

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
from domain.event import Severity

_WHERE: Names = {
    "release": ("release", "version", "appVersion", "app.version", "build.version", "build", "commit"),
    "endpoint": ("endpoint", "route.path", "route.name", "route", "pathname", "screenName"),
    "function": ("componentName", "component", "function"),
    "serverName": (),
}
_ERROR = ("error", "reason", "exception", "detail.reason")
_MESSAGE = ("message", "msg", "errorMessage", "error", "reason")
_PLACE = {
    "filename": ("filename", "fileName", "source", "sourceUrl", "file"),
    "line": ("lineno", "lineNumber", "line"),
    "column": ("colno", "columnNumber", "column", "col"),
}
_CAUSED_BY = "\nCaused by: "


def read(given: Object, mending: Mending) -> Object:
    """Hand back the fields of `LogErrorInput` that the payload tells of."""
    payload = Payload(given)
    error = payload.inner(*_ERROR)
    trace = _trace(payload, error)
    place = {name: payload.take(*paths) for name, paths in _PLACE.items()}
    fields = shared_fields(payload, _WHERE)
    fields.pop("line", None)
    return without_empty({
        **fields,
        **_told(payload, error, trace),
        "exceptions": _exceptions(payload, error, without_empty(place)) if trace is None else None,
        "stackTrace": trace,
        "severity": _severity(payload),
        "request": _request(payload),
        "response": _response(error, mending),
        "tags": tags_in(payload, _looks(payload)),
        "breadcrumbs": breadcrumbs_in(payload),
        "contexts": payload.rest(),
    })  # fmt: skip


def _told(payload: Payload, error: Object, trace: str | None) -> Object:
    kind = as_text(error.get("name")) or payload.text("name", "errorType", "errorName")
    return {
        "errorType": kind or (None if trace else _kind(payload)),
        "message": as_text(error.get("message")) or payload.text(*_MESSAGE),
    }


def _kind(payload: Payload) -> str | None:
    """A `type` that is one: that of a browser's event is always the same."""
    kind = payload.text("type")
    return "UnhandledRejection" if kind == "unhandledrejection" else None if kind == "error" else kind


def _trace(payload: Payload, error: Object) -> str | None:
    """The text of the stack, its causes below it as they are printed."""
    stack = as_text(error.get("stack")) or payload.text("stack", "stackTrace", "trace", "error.stack")
    causes: list[str] = []
    cause = error.get("cause")
    while isinstance(cause, dict) and len(causes) < EXCEPTIONS.limit:
        causes += filter(None, [as_text(cause.get("stack"))])
        cause = cause.get("cause")
    return None if stack is None else _CAUSED_BY.join([stack, *causes])


def _exceptions(payload: Payload, error: Object, place: Object) -> list[Object] | None:
    """Where no stack came, the one place that `window.onerror` knows."""
    if not place.get("filename"):
        return None
    kind = as_text(error.get("name")) or payload.text("name", "errorType", "errorName")
    message = as_text(error.get("message")) or payload.text(*_MESSAGE)
    return [{"type": kind, "message": message, "frames": [place]}]


def _severity(payload: Payload) -> Severity | None:
    """By what it says; an error that nobody handled is worse than one that was only reported."""
    severity = severity_of(payload.text("severity", "level"))
    is_handled = payload.take("handled", "isHandled")
    return severity or (Severity.HIGH if is_handled is False else None)


def _request(payload: Payload) -> Object | None:
    """The page: its address, and what the browser would send as headers."""
    named = {"url": ("url", "href", "location.href", "location", "pageUrl", "page.url", "page")}
    request = request_in(payload, named) or {}
    headers = request.get("headers")
    sent = {
        "User-Agent": payload.text("userAgent", "navigator.userAgent", "browser.userAgent"),
        "Accept-Language": payload.text("language", "navigator.language", "locale", "browser.language"),
        "Referer": payload.text("referrer", "document.referrer"),
    }
    if headers is None or isinstance(headers, dict):
        request["headers"] = {**without_empty(sent), **(headers or {})}
    return without_empty(request) or None


def _response(error: Object, mending: Mending) -> Object | None:
    """What a server answered, where that is the error: Angular's HttpErrorResponse, axios."""
    answer = error.get("response")
    answer = answer if isinstance(answer, dict) else error if "statusText" in error else {}
    body = answer.get("data") if "data" in answer else answer.get("error")
    status = answer.get("status")
    if status == 0:
        mending.note("response: none came")
    return without_empty({"statusCode": status or None, "body": body}) or None


def _looks(payload: Payload) -> Object:
    return {
        "browser": payload.text("browser.name", "browser"),
        "os": payload.text("os.name", "os", "operatingSystem"),
        "framework": payload.text("framework.name", "framework"),
        "screen": _size(payload, "screen", "screenResolution", "resolution"),
        "viewport": _size(payload, "viewport", "viewportSize", "windowSize"),
        "source": payload.text("info", "lifecycleHook"),  # where Vue's errorHandler says it happened
    }


def _size(payload: Payload, *paths: str) -> str | None:
    """`1920x1080`, or width and height apart."""
    size = payload.inner(*paths)
    width, height = as_text(size.get("width")), as_text(size.get("height"))
    return f"{width}x{height}" if width and height else payload.text(*paths)
