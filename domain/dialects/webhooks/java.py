"""What does a program of the JVM say of an error: Java, Kotlin, Spring?

A record of a logger as JSON, or what an exception handler tells: Logback's JsonEncoder and logstash's, Log4j's layout,
Spring Boot's structured logging (ECS, GELF) and its `/error` attributes.
"""

from typing import Any

from domain.bounds import EXCEPTIONS
from domain.dialects.mending import Mending
from domain.dialects.webhooks.circumstances import (
    Names,
    breadcrumbs_in,
    instant_in,
    request_in,
    severity_of,
    shared_fields,
    tags_in,
)
from domain.dialects.webhooks.payload import Object, Payload, as_text, objects_in, without_empty

_WHERE: Names = {
    "service": ("service.name", "springApplicationName", "context.properties.application", "service"),
    "environment": ("environment", "service.environment", "profile", "profiles", "activeProfile", "env"),
    "serverName": ("serverName", "HOSTNAME", "host.name", "host", "service.node.name"),
    "endpoint": ("endpoint", "handler", "request.handler"),
}
_THROWN = ("throwable", "thrown", "exception", "error", "cause")
_TYPES = ("class", "className", "type", "name", "exceptionClass")
_FRAMES = ("frames", "stackTrace", "stackTraceElements", "stepArray", "extendedStackTrace")
_TRACE = (
    "stackTrace", "trace", "error.stackTrace", "exception.stackTrace", "throwable.stackTrace",
    "thrown.extendedStackTrace", "thrown.stackTrace", "_error_stack_trace", "fullMessage",
)  # fmt: skip
# By which GELF is known: its levels are those of syslog, its version is its own.
_GELF = "shortMessage"
_SYSLOG = ("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug")
_SYSLOG_LEVELS = tuple("01234567")
_MOST_CALLS = 1000
_LATEST_S, _BILLION = 10**11, 10**9


def read(given: Object, mending: Mending) -> Object:  # noqa: ARG001 - all dialects are asked alike
    """Hand back the fields of `LogErrorInput` that the payload tells of."""
    payload = Payload(given)
    is_gelf = payload.text(_GELF) is not None
    if is_gelf:
        payload = Payload({name: value for name, value in given.items() if name != "version"})
    fields = shared_fields(payload, _WHERE)
    fields.setdefault("occurredAt", _log4j_instant(payload.inner("instant")))
    level = payload.text("severity", "level", "log.level", "levelName")
    logger = payload.text("loggerName", "logger", "log.logger", "_log_logger")
    thread = payload.text("threadName", "thread", "thread.name", "process.thread.name", "_process_thread_name")
    return without_empty({
        **fields,
        **_told(payload),
        "severity": severity_of(_syslog(level) if is_gelf else level),
        "request": request_in(payload, {"statusCode": ("status", "statusCode")}),
        "tags": tags_in(payload, {"logger": logger, "thread": thread}),
        "breadcrumbs": breadcrumbs_in(payload),
        "contexts": payload.rest(),
    })  # fmt: skip


def _told(payload: Payload) -> Object:
    """What is told of the exception."""
    thrown, trace = _thrown(payload), payload.text(*_TRACE)
    kind = _type(thrown) or payload.text("exceptionClass", "exceptionType", "errorType", "_error_type")
    text = payload.text("exception")  # its class, or all of it as it is printed
    trace = trace or (text if text and "\n" in text else None)
    printed = text if text and text != trace and ": " in text else None  # by `Throwable.toString`
    kind = kind or (text if text not in (trace, printed) else None)
    chain = [_exception(each) for each in _chain(thrown)]
    said = payload.text("formattedMessage", "message", _GELF)
    return {
        "errorType": kind and kind.rpartition(".")[2],
        "message": as_text(thrown.get("message"))
        or payload.text("exceptionMessage", "_error_message")
        or printed
        or said,
        "stackTrace": trace,
        "exceptions": chain if chain[-1]["frames"] or (thrown and trace is None) else None,
    }


def _thrown(payload: Payload) -> Object:
    thrown = dict(payload.inner(*_THROWN))
    calls = payload.take("stackTrace", "stackTraceElements")
    if isinstance(calls, list):
        thrown.setdefault("stackTrace", calls)
    return thrown


def _type(thrown: Object) -> str | None:
    return next((text for name in _TYPES if (text := as_text(thrown.get(name)))), None)


def _chain(thrown: Object) -> list[Object]:
    """The exceptions, oldest cause first."""
    chain = [thrown]
    while isinstance(cause := chain[0].get("cause"), dict) and cause and len(chain) < EXCEPTIONS.limit:
        chain.insert(0, cause)
    return chain


def _exception(thrown: Object) -> Object:
    package, _, name = (_type(thrown) or "").rpartition(".")
    message = thrown.get("message") or thrown.get("localizedMessage")
    return {"type": name or None, "module": package or None, "message": message, "frames": _frames(thrown)}


def _frames(thrown: Object) -> list[Object]:
    """Its frames, oldest first, as `StackTraceElement` is written by Jackson, by Logback, and by Log4j."""
    asked = Payload(thrown)
    calls = next((found for name in _FRAMES if (found := objects_in(asked.take(name)))), [])
    return [_frame(Payload(call)) for call in reversed(calls[:_MOST_CALLS])]


def _frame(call: Payload) -> Object:
    line = call.take("lineNumber", "line")
    return without_empty({
        "function": call.text("methodName", "method"),
        "module": call.text("className", "class", "declaringClass"),
        "filename": call.text("fileName", "file"),
        "line": line if not isinstance(line, int) or line > 0 else None,  # -1 and -2: unknown, native
    })  # fmt: skip


def _syslog(level: str | None) -> str | None:
    return _SYSLOG[int(level)] if level and level in _SYSLOG_LEVELS else level


def _log4j_instant(instant: Object) -> Any:
    seconds, rest = instant.get("epochSecond"), instant.get("nanoOfSecond", 0)
    if isinstance(seconds, int) and isinstance(rest, int) and 0 <= seconds < _LATEST_S and 0 <= rest < _BILLION:
        return instant_in(seconds + rest / _BILLION)
    return None
