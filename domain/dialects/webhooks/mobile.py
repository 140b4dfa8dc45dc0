"""What does an app on a phone say of an error: Flutter and Dart, or Java and Kotlin beneath them?"""

import re

from domain.dialects.mending import Mending
from domain.dialects.webhooks.circumstances import (
    Names,
    breadcrumbs_in,
    request_in,
    severity_of,
    shared_fields,
    tags_in,
)
from domain.dialects.webhooks.payload import Object, Payload, without_empty
from domain.event import Severity

_WHERE: Names = {
    "service": (
        "service", "app.name", "appName", "app.id", "packageName", "package", "bundleId", "app.packageName",
        "app.bundleId", "app",
    ),
    "environment": ("environment", "env", "flavor", "app.flavor", "buildMode"),
    "endpoint": ("endpoint", "screen.name", "screenName", "screen", "route.name", "route", "currentRoute"),
    "serverName": (),
}  # fmt: skip
_VERSION = ("app.version", "appVersion", "version", "app.versionName", "versionName")
_BUILD = ("app.build", "app.buildNumber", "buildNumber", "app.versionCode", "versionCode", "build")
_EXCEPTION = ("exception", "error", "exceptionMessage", "exceptionAsString")
_TYPED = re.compile(
    r"(?P<type>(?:[A-Za-z_$][\w$]*\.)*(?![0-9])[\w$]*?(?:Error|Exception|Failure))(?: ?\([^()\n]{0,200}\))?"
    r"(?:: ?(?P<message>.*)|\Z|\()",
    re.DOTALL,
)
_LONGEST_PRINTED = 10_000
# How the errors of Dart itself begin that do not print their names (dart:core, errors.dart).
_UNNAMED = {
    "Bad state: ": "StateError",
    "Invalid argument": "ArgumentError",
    "Unsupported operation": "UnsupportedError",
    "Concurrent modification": "ConcurrentModificationError",
    "Null check operator used on a null value": "TypeError",
    "type '": "TypeError",
    "Assertion failed": "AssertionError",
    "'package:": "AssertionError",
    "Stack Overflow": "StackOverflowError",
    "Out of Memory": "OutOfMemoryError",
}


def read(given: Object, mending: Mending) -> Object:  # noqa: ARG001 - all dialects are asked alike
    """Hand back the fields of `LogErrorInput` that the payload tells of."""
    payload = Payload(given)
    fields = shared_fields(payload, _WHERE)
    return without_empty({
        **fields,
        **_told(payload),
        "release": _release(payload, fields.get("release")),
        "stackTrace": payload.text("stackTrace", "stack", "trace", "exception.stackTrace", "error.stackTrace"),
        "severity": _severity(payload),
        "request": request_in(payload),
        "tags": tags_in(payload, _device(payload)),
        "breadcrumbs": breadcrumbs_in(payload),
        "contexts": payload.rest(),
    })  # fmt: skip


def _told(payload: Payload) -> Object:
    kind = payload.text("exceptionType", "errorType", "exception.type", "error.type", "exception.class", "runtimeType")
    message = payload.text("exception.message", "error.message", "message")
    printed = payload.text(*_EXCEPTION) or (None if kind else message)
    said_kind, said = _from_printed(printed) if printed else (None, None)
    return {"errorType": (kind or said_kind or "").rpartition(".")[2], "message": said or message or printed}


def _from_printed(text: str) -> tuple[str | None, str | None]:
    """Type and message of an exception as Dart or Java prints it."""
    for beginning, kind in _UNNAMED.items():
        if text.startswith(beginning):
            return kind, text
    match = _TYPED.match(text[:_LONGEST_PRINTED])
    return (match["type"], match["message"]) if match else (None, text)


def _release(payload: Payload, said: str | None) -> str | None:
    """Version and build as pubspec.yaml has them: `2.4.1+87`."""
    version = payload.text("release") or payload.text(*_VERSION)
    build = payload.text(*_BUILD)
    if version and build and build != version and "+" not in version:
        return f"{version}+{build}"
    return version or said


def _severity(payload: Payload) -> Severity | None:
    """By what it says; a crash takes the whole app away from somebody."""
    severity = severity_of(payload.text("severity", "level"))
    if severity is None and True in (payload.take("fatal", "isFatal"), payload.take("crashed", "isCrash")):
        return Severity.CRITICAL
    return severity


def _device(payload: Payload) -> Object:
    return {
        "platform": payload.text("platform", "device.platform", "os.name", "operatingSystem"),
        "os": _os(payload),
        "device": payload.text("device.model", "deviceModel", "model", "device.name", "device"),
        "manufacturer": payload.text("device.manufacturer", "manufacturer", "device.brand", "brand"),
        "locale": payload.text("locale", "device.locale", "language"),
        "library": payload.text("library"),  # of FlutterErrorDetails
    }


def _os(payload: Payload) -> str | None:
    name = payload.text("os.name", "osName", "device.os", "os")
    version = payload.text("os.version", "osVersion", "device.osVersion", "systemVersion")
    return " ".join(filter(None, (name, version))) or None
