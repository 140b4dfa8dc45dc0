"""What an SDK does: makes an exception, and what is known around it, into the input of `logError`."""

import linecache
import traceback
from types import FrameType
from typing import Any

from cli.demo.traffic import Accident

_CONTEXT_LINES = 3
_LONGEST_VALUE = 200


def as_input(accident: Accident, **more: Any) -> dict[str, Any]:
    """Hand back a `LogErrorInput` for the accident; `more` are further fields, or others in place of these."""
    visit, error = accident.visit, accident.error
    method, _, path = accident.journey.endpoint.partition(" ")
    request = {
        "method": method,
        "url": f"https://shop.example.org{path}",
        "route": path,
        "headers": {"User-Agent": "demo", "Cookie": f"session={visit.session}"},
    }
    return {
        "service": accident.journey.service,
        "errorType": type(error).__name__,
        "message": str(error),
        "severity": accident.journey.severity,
        "environment": visit.deployment.environment,
        "release": visit.deployment.release,
        "exceptions": [_exception(one) for one in _chain(error)],
        "endpoint": accident.journey.endpoint,
        "request": request if path.startswith("/") else None,
        "user": {"id": visit.customer.id, "email": visit.customer.email},
        "sessionId": visit.session,
        "serverName": visit.deployment.server,
        "tags": [{"key": "country", "value": visit.customer.country}, {"key": "plan", "value": visit.customer.plan}],
        "breadcrumbs": [{"category": category, "message": message} for category, message in visit.trail],
        **more,
    }


def _chain(error: BaseException) -> list[BaseException]:
    """The exception and its causes, oldest first, as Python prints them."""
    chain = [error]
    while (before := _before(chain[0])) is not None and before not in chain:
        chain.insert(0, before)
    return chain


def _before(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _exception(error: BaseException) -> dict[str, Any]:
    return {
        "type": type(error).__name__,
        "message": str(error),
        "module": type(error).__module__,
        "handled": False,
        "frames": [_frame(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)],
    }


def _frame(frame: FrameType, line: int) -> dict[str, Any]:
    code = frame.f_code
    lines = linecache.getlines(code.co_filename, frame.f_globals)
    return {
        "function": code.co_qualname,
        "module": frame.f_globals.get("__name__"),
        "absolutePath": code.co_filename,
        "filename": code.co_filename.rsplit("/", 1)[-1],
        "line": line,
        "contextLine": "".join(lines[line - 1 : line]).rstrip("\n"),
        "preContext": [text.rstrip("\n") for text in lines[max(0, line - 1 - _CONTEXT_LINES) : line - 1]],
        "postContext": [text.rstrip("\n") for text in lines[line : line + _CONTEXT_LINES]],
        "variables": {name: repr(value)[:_LONGEST_VALUE] for name, value in frame.f_locals.items()},
    }
