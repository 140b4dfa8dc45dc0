"""What is uploaded: one map, or a bundle of them as `sentry-cli` makes it; and by what will each be found?"""

import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from domain.bounds import DIST, PATH, RELEASE
from domain.errors import InvalidInput
from domain.sourcemap.places import beside, debug_id_of, place_of

MOST_FILES = 10_000
# Maps are text, which deflate makes ten times smaller, or twenty; a bomb is a thousand times larger than it came.
MOST_TIMES_LARGER = 100
MOST_UNPACKED = 2**30
_MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 8 * 2**20
_FALLBACK_SUFFIX = ".map"
# What the decompressors that a zip may name say of damage; that of bzip2 is an OSError.
_BROKEN = (struct.error, zlib.error, LZMAError, OSError)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class FoundBy:
    """By what a map is found: a release, a dist of it and the place of the file that it is of, a debug id, or both."""

    name: str
    release: str | None
    place: str | None
    debug_id: str | None
    dist: str | None = None

    @property
    def keys(self) -> set[tuple[str | None, ...]]:
        """What no other map of a project may be found by."""
        by_place = {(self.release, self.dist, self.place)} if self.release and self.place else set()
        return by_place | ({(self.debug_id,)} if self.debug_id else set())


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The text of one map, and by what it is to be found."""

    found_by: FoundBy
    raw: bytes


def found_by(*, release: str | None, url: str | None, debug_id: str | None, dist: str | None = None) -> FoundBy:
    """What was said of a single map.

    Raises: InvalidInput where that does not suffice to find it, or is out of bounds.
    """
    bounds = ((release, "release", RELEASE.limit), (dist, "dist", DIST.limit), (url, "url", PATH.limit))
    for value, path, most in bounds:
        if value is not None and (not value.strip() or len(value) > most or _CONTROLS.search(value)):
            raise InvalidInput(f"`{path}` must be one line of 1 to {most} characters.", (path,))
    id = debug_id_of(debug_id) if debug_id is not None else None
    if debug_id is not None and id is None:
        raise InvalidInput("`debugId` must be a UUID.", ("debugId",))
    if id is None and release is None:
        raise InvalidInput("Name the `release` and the `url` of the file, or its `debugId`.", ("release",))
    if release is not None and url is None:
        raise InvalidInput("`release` needs the `url` of the file that the map is of.", ("url",))
    if dist is not None and release is None:
        raise InvalidInput("`dist` needs the `release` that it is a build of.", ("dist",))
    release, dist = (text.strip() if text else None for text in (release, dist))
    return FoundBy(url or id or "", release, place_of(url) if release and url else None, id, dist)


def maps_of_bundle(
    content: bytes, *, release: str | None, dist: str | None = None, most_bytes: int
) -> Iterator[Uploaded]:
    """Each map of at most `most_bytes` in a bundle: a zip whose `manifest.json` says of each file what it is.

    Raises: InvalidInput where it is none, or unpacks to more than it may.
    """
    try:
        with ZipFile(BytesIO(content)) as bundle:
            infos = {info.filename: info for info in bundle.infolist()[: MOST_FILES + 1]}
            if len(bundle.infolist()) > MOST_FILES:
                raise InvalidInput(f"The bundle has more than {MOST_FILES:,} files.", ("bundle",))
            _check_size(sum(info.file_size for info in infos.values()), len(content))
            manifest = _manifest(bundle, infos)
            for name, by in _maps(manifest, release, dist):
                if name not in infos:
                    raise InvalidInput(f"The bundle has no file {name[:100]!r}.", ("bundle",))
                yield Uploaded(by, _unpacked(bundle, infos[name], most_bytes))
    except (BadZipFile, LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, *_BROKEN) as error:
        raise InvalidInput(f"The bundle cannot be unpacked: {error}.", ("bundle",)) from error


def _check_size(unpacked: int, packed: int) -> None:
    if unpacked > MOST_TIMES_LARGER * packed:
        raise InvalidInput(f"The bundle unpacks to more than {MOST_TIMES_LARGER} times its size.", ("bundle",))
    if unpacked > MOST_UNPACKED:
        raise InvalidInput(f"The bundle unpacks to more than {MOST_UNPACKED:,} bytes.", ("bundle",))


def _unpacked(bundle: ZipFile, info: ZipInfo, most_bytes: int) -> bytes:
    """The bytes of a file; what it says of its size is not believed."""
    with bundle.open(info) as file:
        content = file.read(min(info.file_size, most_bytes) + 1)
    if len(content) > most_bytes or len(content) > info.file_size:
        raise InvalidInput(
            f"{info.filename[:100]!r} is larger than {most_bytes:,} bytes, or than it says.", ("bundle",)
        )
    return content


def _manifest(bundle: ZipFile, infos: Mapping[str, ZipInfo]) -> Mapping[str, Any]:
    if _MANIFEST not in infos:
        raise InvalidInput(f"The bundle has no {_MANIFEST}.", ("bundle",))
    try:
        manifest = json.loads(_unpacked(bundle, infos[_MANIFEST], _LARGEST_MANIFEST))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{_MANIFEST} is no JSON: {error}.", ("bundle",)) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise InvalidInput(f"{_MANIFEST} has no object `files`.", ("bundle",))
    return manifest


def _maps(manifest: Mapping[str, Any], release: str | None, dist: str | None) -> Iterator[tuple[str, FoundBy]]:
    """The files that are maps, and the minified file that each is of, which says by what it is found."""
    files = {name: entry for name, entry in manifest["files"].items() if isinstance(entry, dict)}
    release = release or _text(manifest.get("release"))
    dist = (dist or _text(manifest.get("dist"))) if release else None
    minified = {place: by for entry in files.values() for place, by in _minified(entry, release)}
    for name, entry in files.items():
        url = _text(entry.get("url")) or name
        if entry.get("type") != "source_map":
            continue
        by = minified.get(place_of(url)) or _by_itself(url, release)
        id = _debug_id(entry) or by.debug_id
        if id or (by.release and by.place):
            yield name, found_by(release=by.release, url=by.name, debug_id=id, dist=dist)


def _minified(entry: Mapping[str, Any], release: str | None) -> Iterator[tuple[str, FoundBy]]:
    url = _text(entry.get("url"))
    if entry.get("type") == "minified_source" and url:
        headers = _headers(entry)
        reference = headers.get("sourcemap") or headers.get("x-sourcemap") or url.rpartition("/")[2] + _FALLBACK_SUFFIX
        yield beside(url, reference), FoundBy(url, release, place_of(url), _debug_id(entry))


def _by_itself(url: str, release: str | None) -> FoundBy:
    """A map that no minified file of the bundle names is of the file that is called so."""
    name = url.removesuffix(_FALLBACK_SUFFIX)
    return FoundBy(name, release, place_of(name) if release else None, None)


def _headers(entry: Mapping[str, Any]) -> dict[str, str]:
    headers = entry.get("headers")
    pairs = headers.items() if isinstance(headers, dict) else ()
    return {str(name).lower(): value for name, value in pairs if isinstance(value, str)}


def _debug_id(entry: Mapping[str, Any]) -> str | None:
    return debug_id_of(_headers(entry).get("debug-id", ""))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
