"""What is in a form that was posted in parts (RFC 7578)?"""

import re
from collections.abc import Callable

_BOUNDARY = re.compile(r"\s*(--[^\s]{1,200})")
_END_OF_HEAD = re.compile(r"\r?\n\r?\n")
_NAME = re.compile(r"""(?<!\w)name="?([^"\r\n;]+)""")


def replace_parts(text: str, is_secret: Callable[[str], bool], replacement: str) -> str:
    """Leave no value in the text that stands in a part whose name holds a secret; where the text ends, so does it."""
    boundary = _BOUNDARY.match(text)
    border = "\n" + (boundary[1] if boundary else "--")
    return border.join([_part(part, is_secret, replacement) for part in text.split(border)])


def _part(part: str, is_secret: Callable[[str], bool], replacement: str) -> str:
    end = _END_OF_HEAD.search(part)
    name = _NAME.search(part, 0, end.start()) if end else None
    if end is None or name is None or not is_secret(name[1].strip()):
        return part
    return part[: end.end()] + replacement + ("\r" if part.endswith("\r") else "")
