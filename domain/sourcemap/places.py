"""Which file is meant, and by what is a map found: the path of a file in a release, or a debug id."""

import re
from posixpath import dirname, join, normpath

_ORIGIN = re.compile(r"[A-Za-z][\w+.-]+:(?://[^/?#]*|(?=/))")
_BUNDLER = re.compile(r"(?:webpack(?:-internal)?|turbopack|vite|ng|parcel|rollup|rspack):(?:///|//[^/]*/|/?)")
_UP = re.compile(r"(?:\.{1,2}/)+")
_DEBUG_ID = re.compile(r"[0-9a-f]{32}")


def place_of(address: str) -> str:
    """The path that a file has wherever it is served: hosts, queries and `~` do not count."""
    path = address.replace("\\", "/").partition("?")[0].partition("#")[0]
    path = _ORIGIN.sub("", path, count=1).removeprefix("~")
    while path.startswith("./"):
        path = path[2:]
    return path if path.startswith("/") else f"/{path}"


def beside(address: str, reference: str) -> str:
    """The place that a reference in the file of that address leads to: `sourcemap: app.js.map`."""
    if reference.startswith(("/", "~")) or _ORIGIN.match(reference):
        return place_of(reference)
    return normpath(join(dirname(place_of(address)), reference))


def debug_id_of(text: str) -> str | None:
    """A debug id as it is compared: 32 lower hex digits; none where it is no UUID."""
    digits = text.strip().replace("-", "").lower()[:33]
    return digits if _DEBUG_ID.fullmatch(digits) else None


def original_path(source: str) -> str:
    """The path of an original source, without what bundlers and the way up from their output put before it."""
    path = source.partition("?")[0]
    prefix = _BUNDLER.match(path) or _ORIGIN.match(path)
    path = path[prefix.end() :] if prefix else path
    return path[up.end() :] if (up := _UP.match(path)) else path
