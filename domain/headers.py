"""In which shapes do people hand over the headers of a request, and which of them hold secrets?"""

import re
from collections.abc import Callable
from typing import Any

# A line that begins with a blank goes on with the one before (RFC 9112, 5.2).
_LINE = re.compile(r"^([^\s:]++)([ \t]*:[ \t]*)[^\r\n]++((?:\r?\n[ \t]+[^\r\n]*+)*+)", re.MULTILINE)
_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)


def replace_headers(headers: Any, is_secret: Callable[[str], bool], replacement: str) -> Any:
    """Hand back headers without the secrets that their shape hides from one who looks for keys.

    They may be lines of text, one text or a list of them; names and values in turn, as Node's `rawHeaders`; or lists
    that begin with a name. Objects come back as they are: their keys say what they hold.
    """
    if type(headers) is str:
        return _without_values(headers, is_secret, replacement)
    if not isinstance(headers, list | tuple):
        return headers
    if _are_in_turn(headers):
        return [
            replacement if place % 2 and is_secret(headers[place - 1]) else item for place, item in enumerate(headers)
        ]
    return [_entry(item, is_secret, replacement) for item in headers]


def _without_values(text: str, is_secret: Callable[[str], bool], replacement: str) -> str:
    return _LINE.sub(lambda line: line[1] + line[2] + replacement if is_secret(line[1]) else line[0], text)


def _are_in_turn(headers: list[Any] | tuple[Any, ...]) -> bool:
    return len(headers) % 2 == 0 and all(type(name) is str and _NAME.fullmatch(name) for name in headers[::2])


def _entry(item: Any, is_secret: Callable[[str], bool], replacement: str) -> Any:
    if type(item) is str:
        return _without_values(item, is_secret, replacement)
    if isinstance(item, list | tuple) and len(item) > 1 and type(item[0]) is str and is_secret(item[0]):
        return [item[0], replacement]
    return item
