"""JSON as callers send it: fast where it is sound, patient where it is nearly, clear where it is not."""

import json
from json import JSONDecodeError
from typing import Any

import orjson

_TOO_DEEP = "it is nested too deeply: 900 levels can be read"


def read_json(body: str | bytes) -> Any:
    """The value of a JSON text.

    A lone surrogate, which JavaScript writes when it cuts a string in two, and `NaN` and `Infinity`, which Python
    writes, are let through and mended later: an error report is worth more than its last character.

    Raises: JSONDecodeError, also for a text nested too deeply or a number too long.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _patiently(body, strict=True)


def salvage_json(body: bytes) -> Any:
    """As `read_json`, for reporters that cannot be asked to write it better.

    Raw control characters in texts and bytes that are no UTF-8 are let through too.

    Raises: JSONDecodeError.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _patiently(body.decode("utf-8", "replace"), strict=False)


def _patiently(body: str | bytes, *, strict: bool) -> Any:
    try:
        return json.loads(body, strict=strict)
    except JSONDecodeError:
        raise
    except RecursionError as error:
        raise JSONDecodeError(_TOO_DEEP, "", 0) from error
    except ValueError as error:  # digits without end, or bytes that are no UTF-8
        raise JSONDecodeError(str(error), "", 0) from error
