"""What do the frames of a report say by their original positions?

Of the function a map knows the name only where it is called, so a frame's is read off the place of its caller. Where
that says nothing, the name stays if the original source has it too: one that a bundler made up would be another with
each build, and is left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.bounds import CONTEXT_LINE, NAME, PATH, STACK_TRACE
from domain.dialects.mending import Mending
from domain.dialects.whole import fit
from domain.report import ExceptionInfo, Frame, Report
from domain.sourcemap.original import Original, SourceMap
from domain.sourcemap.places import debug_id_of, original_path, place_of
from domain.stacktrace.in_app import innermost_in_app, is_in_app

# By what a map is looked for: a debug id, or the place of a file in a release, and in which dist of it.
MapKey = tuple[str, str | None, str | None]
_CONTEXT = 5
_SHORTEST_TELLING = 3
_NEW = "new "
_UNNAMED = re.compile(r"[<?]|\Z")
_BUNDLERS_OWN = re.compile(r"\A(?:webpack|turbopack)/|\A\(?(?:webpack|disabled)\)?/")


@dataclass(frozen=True, slots=True)
class _Found:
    """A frame as it came, and what its map says of it."""

    frame: Frame
    map: SourceMap | None = None
    original: Original | None = None


def map_keys(report: Report) -> set[MapKey]:
    """By what the maps of a report may be found; frames without a column cannot be mapped."""
    return {key for frame in _frames(report) for key in _keys(report, frame)}


def apply_maps(report: Report, maps: Mapping[MapKey, SourceMap], redact_keys: frozenset[str]) -> int:
    """Leave the frames that the maps know at their original positions, and return how many.

    The text of the stack trace tells all of them as they came; where there was none it is written.
    """
    chain = [[_find(report, frame, maps) for frame in exception.frames] for exception in report.exceptions]
    mapped = sum(found.original is not None for frames in chain for found in frames)
    if not mapped:
        return 0
    if not report.raw_stack_trace:
        report.raw_stack_trace = as_text(report.exceptions)
    was = innermost_in_app(report.exceptions)
    of_frame = (was.module, was.function, was.line) if was else None
    mending = Mending(redact_keys, cuts_names=True)
    mending.notes = report.notes
    for exception, frames in zip(report.exceptions, chain, strict=True):
        callers = [None, *frames[:-1]]
        exception.frames = [_mapped(mending, *pair) for pair in zip(frames, callers, strict=True)]
    if of_frame == (report.module, report.function, report.line) and (now := innermost_in_app(report.exceptions)):
        report.module, report.function, report.line = now.module, now.function, now.line
    total = sum(map(len, chain))
    mending.note(
        f"source maps: {mapped} of {total} frames shown by their original positions; rawStackTrace has them all"
    )
    fit(report)
    return mapped


def as_text(exceptions: Sequence[ExceptionInfo]) -> str:
    """The exceptions as V8 prints them: the one thrown first, newest call first, causes below."""
    parts: list[str] = []
    for exception in reversed(exceptions):
        said = f": {exception.message}" if exception.message else ""
        parts.append(f"{'Caused by: ' if parts else ''}{exception.type}{said}")
        parts += [f"    at {_as_text(frame)}" for frame in reversed(exception.frames)]
    return "\n".join(parts)[: STACK_TRACE.limit]


def _as_text(frame: Frame) -> str:
    numbers = [str(number) for number in (frame.line, frame.column) if number is not None]
    place = ":".join([frame.absolute_path or frame.filename or "<anonymous>", *numbers])
    return f"{frame.function} ({place})" if frame.function else place


def _frames(report: Report) -> Iterator[Frame]:
    return (frame for exception in report.exceptions for frame in exception.frames)


def _keys(report: Report, frame: Frame) -> list[MapKey]:
    """The keys of a frame, the surest first."""
    names = [name for name in (frame.absolute_path, frame.filename) if name]
    if not names or not frame.line or frame.column is None:
        return []
    by_id: list[MapKey] = [(id, None, None) for name in names if (id := debug_id_of(report.debug_ids.get(name, "")))]
    if not report.release:
        return by_id
    places, dists = [place_of(name) for name in names], dict.fromkeys((report.dist, None))
    return [*by_id, *((place, report.release, dist) for dist in dists for place in places)]


def _find(report: Report, frame: Frame, maps: Mapping[MapKey, SourceMap]) -> _Found:
    for key in _keys(report, frame):
        if (source_map := maps.get(key)) is not None:
            return _Found(frame, source_map, source_map.find(*_place(frame)))
    return _Found(frame)


def _place(frame: Frame) -> tuple[int, int]:
    """Line and column counted from 0, as maps count them."""
    return (frame.line or 1) - 1, max((frame.column or 1) - 1, 0)


def _mapped(mending: Mending, found: _Found, caller: _Found | None) -> Frame:
    if found.map is None or found.original is None:
        return found.frame
    source_map, original = found.map, found.original
    source = source_map.sources[original.source]
    path = original_path(source)
    return Frame(
        function=mending.text(_function(found, caller, source_map, original), NAME),
        filename=mending.text(path, PATH),
        absolute_path=mending.text(source, PATH) if source != path else None,
        line=original.line + 1,
        column=original.column + 1,
        context_line=mending.source(source_map.line_of(original.source, original.line), CONTEXT_LINE),
        pre_context=_around(mending, source_map, original, range(original.line - _CONTEXT, original.line)),
        post_context=_around(mending, source_map, original, range(original.line + 1, original.line + 1 + _CONTEXT)),
        in_app=original.source not in source_map.ignored and _is_in_app(path),
        variables=found.frame.variables,
    )


def _is_in_app(path: str) -> bool:
    return is_in_app(path) and _BUNDLERS_OWN.match(path) is None


def _around(mending: Mending, source_map: SourceMap, original: Original, lines: range) -> list[str]:
    texts = [source_map.line_of(original.source, line) for line in lines]
    return [mending.source(text, CONTEXT_LINE) or "" for text in texts if text is not None]


def _function(found: _Found, caller: _Found | None, source_map: SourceMap, original: Original) -> str | None:
    given = (found.frame.function or "").removeprefix("async ")
    prefix = _NEW if given.startswith(_NEW) else ""
    name = given.removeprefix(_NEW)
    if _UNNAMED.match(name):
        return found.frame.function
    name = name.rpartition(".")[2]  # the receiver before a method is shortened, and engines do not agree on it
    if _UNNAMED.match(name):
        return name
    if (called := _name_at_call(caller, is_new=bool(prefix))) is not None:
        return prefix + called
    return prefix + name if _tells(name, source_map, original) else None


def _name_at_call(caller: _Found | None, *, is_new: bool) -> str | None:
    if caller is None or caller.map is None or caller.original is None:
        return None
    if not is_new or caller.original.name is not None:
        return caller.original.name
    behind = caller.map.find_after(*_place(caller.frame))
    return behind.name if behind else None


def _tells(name: str, source_map: SourceMap, original: Original) -> bool:
    """Whether a name is one that somebody wrote, as far as can be told."""
    if len(name) < _SHORTEST_TELLING:
        return False
    text = source_map.contents[original.source]
    return text is None or re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text) is not None
