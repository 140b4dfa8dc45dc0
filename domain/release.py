"""Which of two releases of a project is the newer?

By version where both are versions: semantic (semver.org, 2.0.0), with or without a name (`shop@1.2.3+45`) or a `v`, of
one to six numbers, so calendar versions too (`2026.1`, `2026-01-31`); with the pre- and post-releases of PEP 440 and
the `1.2.3-4-gabc123` of `git describe`. Letters and digits within a pre-release are told apart: rc10 is after rc9.
Builds that are numbers count, as they do in app stores.

Else by when the project saw them first; one not seen yet is newer than all that were.

Among versions, and among those that are none, this is an order. A mixture has none: 2.0 seen before `abc` seen before
1.0 goes round in a circle. So pairs are compared, and lists are not sorted by it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

_Part = tuple[int, int, str]
_Version = tuple[tuple[int, ...], int, tuple[_Part, ...], int]

_NUMBERS = 6
_PRE, _FINAL, _POST = -1, 0, 1
_VERSION = re.compile(
    r"(?:\S*@)?(?P<v>v)?(?P<numbers>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|[0-9]{1,18}(?:\.[0-9]{1,18}){0,5})"
    r"(?P<rest>[-._]?[A-Za-z0-9][\w.-]*|)(?:\+(?P<build>[\w.-]+))?",
    re.IGNORECASE | re.ASCII,
)
_PRE_WORD = re.compile(
    r"[-._]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|snapshot|canary|nightly|next)(?![a-z])", re.IGNORECASE
)
_POST_WORD = re.compile(
    r"(?:[-._]?(?:post|rev|r|patch|p|sp)[-._]?|-(?=[0-9]+-g))(?P<number>[0-9]{1,9})(?:-g[0-9a-f]+)?", re.IGNORECASE
)
_FINAL_WORD = re.compile(r"[-.](?:final|ga|release)", re.IGNORECASE)
_RUN = re.compile(r"[0-9]{1,18}|[A-Za-z]+")
_UNSEEN = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReleaseSeen:
    """A release, and when the project saw it first; none where it has not."""

    version: str
    first_seen_at: datetime | None = None


def compare_releases(a: ReleaseSeen, b: ReleaseSeen) -> int:
    """Hand back -1 where `a` is the older, 1 where it is the newer, 0 where they are one or nobody can tell."""
    if a.version == b.version:
        return 0
    version_a, version_b = _parse(a.version), _parse(b.version)
    if version_a and version_b and version_a != version_b:
        return -1 if version_a < version_b else 1
    seen_a, seen_b = a.first_seen_at or _UNSEEN, b.first_seen_at or _UNSEEN
    return (seen_a > seen_b) - (seen_a < seen_b)


@lru_cache(maxsize=1024)
def _parse(text: str) -> _Version | None:
    """Numbers, the stage, the parts of a pre-release, the build; none where it is no version."""
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        return None
    written, rest = match["numbers"], match["rest"]
    stage = _stage(rest)
    # 1e5f3a2 is a hash, and so is 1234567-a or 12ab: one number takes a sign that it is a version.
    if stage is None or (rest and not match["v"] and "." not in written and "-" not in written):
        return None
    numbers = [int(number) for number in re.split(r"[.-]", written)]
    build = match["build"] or ""
    return (
        tuple(numbers + [0] * (_NUMBERS - len(numbers))),
        *stage,
        int(build) if build.isdecimal() and len(build) <= 18 else -1,  # noqa: PLR2004 - as many digits as a number above
    )


def _stage(rest: str) -> tuple[int, tuple[_Part, ...]] | None:
    """What stands behind the numbers: nothing, a later step, or (in semver's words) a pre-release."""
    if not rest or _FINAL_WORD.fullmatch(rest):
        return _FINAL, ()
    if later := _POST_WORD.fullmatch(rest):
        return _POST, ((0, int(later["number"]), ""),)
    if rest.startswith("-") or _PRE_WORD.match(rest):
        return _PRE, tuple(_part(run) for run in _RUN.findall(rest))
    return None


def _part(run: str) -> _Part:
    return (0, int(run), "") if run.isdecimal() else (1, 0, run.lower())
