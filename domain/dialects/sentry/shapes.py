"""What did an SDK mean that wrote a field in one of the forms that have been seen?"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_UUID = re.compile(r"[0-9a-f]{32}")


def objects_in(value: Any) -> list[dict[str, Any]]:
    """Hand back the objects of a list, of `{"values": […]}`, or of one that stands alone."""
    if isinstance(value, dict):
        value = value.get("values", [value])
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def pairs_in(value: Any) -> list[tuple[Any, Any]]:
    """Hand back the keys and values of an object, of a list of pairs, or of a list of `{"key", "value"}`."""
    if isinstance(value, dict):
        return list(value.items())
    return [pair for item in value if (pair := _pair(item))] if isinstance(value, list) else []


def headers_in(value: Any) -> dict[str, Any] | None:
    """Hand back headers as an object of texts: those of PHP are lists, those that came twice stand together."""
    headers: dict[str, Any] = {}
    for key, item in pairs_in(value):
        text = ", ".join(map(str, item)) if isinstance(item, list) else item
        name = str(key)
        headers[name] = f"{headers[name]}, {text}" if name in headers else text
    return headers or None


def object_in(value: Any) -> dict[str, Any]:
    """Hand back an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """Hand back what was given."""
    return {name: value for name, value in values.items() if value is not None}


def instant_in(value: Any) -> Any:
    """Hand back the time of seconds since 1970, as a number or a text; anything else as it is."""
    if type(value) is str and "T" in value:  # as most are: no number
        return value
    try:
        seconds = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
        return value if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return value


def uuid_in(value: Any) -> str | None:
    """Hand back the 32 hexadecimal digits of a UUID, which may be written with dashes; none where it is none."""
    text = value.strip().replace("-", "").lower() if isinstance(value, str) else ""
    return text if _UUID.fullmatch(text) else None


def _pair(item: Any) -> tuple[Any, Any] | None:
    if isinstance(item, dict) and "key" in item:
        return item["key"], item.get("value")
    if isinstance(item, list) and len(item) == 2:  # noqa: PLR2004 - a pair
        return item[0], item[1]
    return None
