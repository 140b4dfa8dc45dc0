"""What did a report tell of the request it came from, who made it, and what went before?"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from domain.bounds import (
    BODY,
    BREADCRUMB_DATA,
    BREADCRUMB_MESSAGE,
    BREADCRUMB_NAME,
    BREADCRUMBS,
    ENDPOINT,
    HEADERS,
    METHOD,
    QUERY,
    SDK_FIELD,
    STATUS_CODE,
    URL,
    USER_EXTRAS,
    USER_FIELD,
)
from domain.dialects.mending import Mending
from domain.scrub import REDACTED

_USER_FIELDS = {"id": "id", "email": "email", "username": "username", "ipAddress": "ip_address"}


def read_request(mending: Mending, value: Any) -> dict[str, Any] | None:
    """Hand back the request, mended: what was given of method, url, route, status_code, headers, query and body."""
    given = _object(mending, value, "request")
    if given is None:
        return None
    return _without_none({
        "method": mending.text(given.get("method"), METHOD),
        "url": mending.url(given.get("url"), URL),
        "route": mending.url(given.get("route"), ENDPOINT),
        "status_code": mending.whole(given.get("statusCode"), STATUS_CODE.limit, STATUS_CODE.part),
        "headers": mending.headers(given.get("headers"), HEADERS),
        "query": _query(mending, given.get("query")),
        "body": mending.body(given.get("body"), BODY),
    })  # fmt: skip


def read_response(mending: Mending, value: Any) -> dict[str, Any] | None:
    """Hand back the response, mended: what was given of status_code, headers and body."""
    given = _object(mending, value, "response")
    if given is None:
        return None
    return _without_none({
        "status_code": mending.whole(given.get("statusCode"), STATUS_CODE.limit, STATUS_CODE.part),
        "headers": mending.headers(given.get("headers"), HEADERS),
        "body": mending.body(given.get("body"), BODY),
    })  # fmt: skip


def read_user(mending: Mending, value: Any) -> dict[str, str] | None:
    """Hand back the user, mended: id, email, username, ip_address, and what else was given as plain values."""
    given = _object(mending, value, "user")
    if given is None:
        return None
    user: dict[str, str] = {}
    for key, name in _USER_FIELDS.items():
        if text := mending.text(given.get(key), USER_FIELD):
            user[name] = text
    for key in [key for key in given if key not in _USER_FIELDS][: USER_EXTRAS.limit]:
        name = mending.text(key, SDK_FIELD) or ""
        text = REDACTED if mending.secrets.is_secret(name) else mending.text(given[key], USER_FIELD)
        if name and text:
            user.setdefault(name, text)
    return user or None


def read_sdk(mending: Mending, value: Any) -> dict[str, str] | None:
    """Hand back name and version of the program that reported."""
    given = _object(mending, value, "sdk")
    if given is None:
        return None
    return _without_none({name: mending.text(given.get(name), SDK_FIELD) for name in ("name", "version")})


def read_breadcrumbs(mending: Mending, value: Any) -> list[dict[str, Any]]:
    """Hand back what went before, oldest first, the last hundred: at, category, level, message, data."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        mending.note(f"{BREADCRUMBS.part}: not a list, dropped")
        return []
    if len(value) > BREADCRUMBS.limit:
        mending.note(f"{BREADCRUMBS.part}: {len(value)}, the last {BREADCRUMBS.limit} kept")
    crumbs = (_breadcrumb(mending, item) for item in value[-BREADCRUMBS.limit :])
    return [crumb for crumb in crumbs if crumb]


def _breadcrumb(mending: Mending, value: Any) -> dict[str, Any] | None:
    given = _object(mending, value, "breadcrumb")
    if given is None:
        return None
    crumb = {}
    for name, read in _OF_A_BREADCRUMB.items():
        part = given.get(name)
        if part is not None and (part := read(mending, part)) is not None:
            crumb[name] = part
    return crumb or None


def _at(mending: Mending, value: Any) -> str | None:
    return mending.text(value.isoformat() if isinstance(value, datetime) else value, BREADCRUMB_NAME)


def _name(mending: Mending, value: Any) -> str | None:
    return mending.text(value, BREADCRUMB_NAME)


_OF_A_BREADCRUMB: dict[str, Callable[[Mending, Any], Any]] = {
    "at": _at,
    "category": _name,
    "level": _name,
    "message": lambda mending, value: mending.url(value, BREADCRUMB_MESSAGE),
    "data": lambda mending, value: mending.json(value, BREADCRUMB_DATA),
}


def _query(mending: Mending, value: Any) -> Any:
    query = mending.json(value, QUERY)
    return mending.secrets.scrub_form(query.removeprefix("?")) if type(query) is str else query


def _object(mending: Mending, value: Any, part: str) -> Mapping[str, Any] | None:
    if value is None or isinstance(value, dict):
        return value
    mending.note(f"{part}: not an object, dropped")
    return None


def _without_none(values: dict[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in values.items() if value is not None} or None
