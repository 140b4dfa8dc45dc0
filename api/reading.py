"""JSON as callers send it: fast where it is sound, patient where it is nearly, clear where it is not."""

import json
from json import JSONDecodeError

import orjson

_SURROGATE = b"\\ud"


def read_json(body: str | bytes) -> object:
    """The value of a JSON text.

    A lone surrogate, which JavaScript writes when it cuts a string in two, is let through and mended later: an error
    report is worth more than its last character.

    Raises: JSONDecodeError, also for a text nested too deeply or a number too long.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        if _SURROGATE not in data.lower():
            raise
    try:
        return json.loads(data)
    except (RecursionError, ValueError) as error:
        raise JSONDecodeError(str(error), "", 0) from error


def salvage_json(body: bytes) -> object:
    """As `read_json`, for reporters that cannot be asked to write it better.

    `NaN` and `Infinity` (Python and JavaScript write them), raw control characters in texts and bytes that are no UTF-8
    are let through, and mended later.

    Raises: JSONDecodeError.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        text = body.decode("utf-8", "replace")
    try:
        return json.loads(text, strict=False)
    except (RecursionError, ValueError) as error:
        raise JSONDecodeError(str(error), "", 0) from error
