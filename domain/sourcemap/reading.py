"""What does the text of a source map say? Revision 3 of the format, as ECMA-426 has it, index maps included.

The text may be hostile: it is counted before it is read, and what is wrong is named.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from domain.errors import InvalidInput
from domain.sourcemap.mappings import MappingReader, check_size
from domain.sourcemap.original import SourceMap
from domain.sourcemap.places import debug_id_of

MOST_SOURCES = 20_000
MOST_NAMES = 500_000
MOST_SECTIONS = 1_000
LONGEST_SOURCE_NAME = 2_000
_MOST_VALUES = 1_000_000
_GUARD = b")]}'"  # a line that keeps a JSON answer from being run as a script
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_VERSION = 3
_Start = tuple[int, int]


def read_source_map(raw: bytes, *, most_bytes: int) -> SourceMap:
    """The map that the text tells of.

    Raises: InvalidInput, whose path names the part that is wrong.
    """
    if len(raw) > most_bytes:
        raise InvalidInput(f"The source map is larger than {most_bytes:,} bytes.")
    content = _object(_parsed(raw), ())
    if content.get("version") != _VERSION:
        raise InvalidInput("A source map must say `version` 3.", ("version",))
    reader = MappingReader()
    parts = _Parts()
    for number, (start, section) in enumerate(_sections(content)):
        _read_section(reader, parts, section, start, _path(content, number))
    return SourceMap(
        parts.sources, parts.names, parts.contents, frozenset(parts.ignored), reader.segments, _debug_id(content)
    )


class _Parts:
    """The lists of all sections, one behind the other."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.names: list[str] = []
        self.contents: list[str | None] = []
        self.ignored: set[int] = set()


def _parsed(raw: bytes) -> Any:
    if raw.startswith(_GUARD):
        raw = raw.partition(b"\n")[2]
    # What a value costs in memory is many times its byte or two, so values are counted first.
    bare = _STRING.sub(b"", raw)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > _MOST_VALUES:
        raise InvalidInput(f"The source map has more than {_MOST_VALUES:,} values.")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The source map is no JSON: {error}.") from error


def _sections(content: Mapping[str, Any]) -> list[tuple[_Start, Mapping[str, Any]]]:
    """Where each section begins, and its map; a map without sections is the only one."""
    if "sections" not in content:
        return [((0, 0), content)]
    sections = content["sections"]
    if not isinstance(sections, list) or len(sections) > MOST_SECTIONS:
        raise InvalidInput(f"`sections` must be a list of at most {MOST_SECTIONS:,}.", ("sections",))
    return [_section(value, ("sections", str(number))) for number, value in enumerate(sections)]


def _section(value: Any, path: tuple[str, ...]) -> tuple[_Start, Mapping[str, Any]]:
    section = _object(value, path)
    offset = _object(section.get("offset"), (*path, "offset"))
    line, column = offset.get("line"), offset.get("column")
    if type(line) is not int or type(column) is not int or line < 0 or column < 0:
        raise InvalidInput("A section must say `line` and `column` of its offset.", (*path, "offset"))
    inner = _object(section.get("map"), (*path, "map"))
    if "sections" in inner:
        raise InvalidInput("A section must not have sections of its own.", (*path, "map"))
    return (line, column), inner


def _read_section(
    reader: MappingReader, parts: _Parts, content: Mapping[str, Any], start: _Start, path: tuple[str, ...]
) -> None:
    sources = _texts(content, "sources", MOST_SOURCES - len(parts.sources), path)
    names = _texts(content, "names", MOST_NAMES - len(parts.names), path)
    mappings = content.get("mappings")
    if not isinstance(mappings, str):
        raise InvalidInput("`mappings` must be text.", (*path, "mappings"))
    check_size(mappings)
    reader.read(mappings, sources=len(sources), names=len(names), line=start[0], column=start[1])
    parts.ignored |= {len(parts.sources) + number for number in _ignored(content, len(sources))}
    root = content.get("sourceRoot")
    parts.sources += [_rooted(root, source) for source in sources]
    parts.names += names
    parts.contents += _contents(content, len(sources))


def _texts(content: Mapping[str, Any], name: str, most: int, path: tuple[str, ...]) -> list[str]:
    values = content.get(name, [])
    if not isinstance(values, list) or len(values) > most:
        raise InvalidInput(f"`{name}` must be a list of at most {most:,}.", (*path, name))
    return [value[:LONGEST_SOURCE_NAME] if isinstance(value, str) else "" for value in values]


def _contents(content: Mapping[str, Any], sources: int) -> list[str | None]:
    values = content.get("sourcesContent")
    given = values[:sources] if isinstance(values, list) else []
    return [value if isinstance(value, str) else None for value in given] + [None] * (sources - len(given))


def _ignored(content: Mapping[str, Any], sources: int) -> list[int]:
    values = content.get("ignoreList", content.get("x_google_ignoreList"))
    return (
        [value for value in values if type(value) is int and 0 <= value < sources] if isinstance(values, list) else []
    )


def _rooted(root: Any, source: str) -> str:
    if not isinstance(root, str) or not root or "://" in source or source.startswith("/"):
        return source
    return (root.rstrip("/") + "/" + source)[:LONGEST_SOURCE_NAME]


def _debug_id(content: Mapping[str, Any]) -> str | None:
    value = content.get("debugId", content.get("debug_id"))
    return debug_id_of(value) if isinstance(value, str) else None


def _path(content: Mapping[str, Any], number: int) -> tuple[str, ...]:
    return ("sections", str(number), "map") if "sections" in content else ()


def _object(value: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        name = f"`{'.'.join(path)}`" if path else "A source map"
        raise InvalidInput(f"{name} must be a JSON object.", path)
    return value
