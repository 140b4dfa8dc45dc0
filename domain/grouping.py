"""Which events are the same? Version 1 of the grouping keys.

What it gives is stored for good: a change that moves a digest is a new version, beside this one (`domain/versions.py`).

An event has up to two keys. The first is made of the types of all exceptions and the frames of the application, the
second of all frames. So a change in what counts as the application's own, or in a library, moves one key and not the
other, and the event still finds its issue. Where none of the functions has a name, two in one file look the same, and
the template of the message counts as well. Without a usable frame there is one key, of the error type and the template
of the message. A fingerprint replaces all that, or, with `{{ default }}`, is added to it.

Line numbers, columns, code, environment and release do not count. The service always does.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from operator import attrgetter

from domain.calls import INLINED, Call, call_of, folder_of
from domain.message import parameterise
from domain.report import ExceptionInfo, Frame, Report

VERSION = 1

_DIGEST_BYTES = 16
_MOST_STACKS, _MOST_FRAMES = 512, 100  # remembered, some megabytes in all
_LONGEST_CYCLE = 4
_FUNCTIONS = slice(4, None, 3)  # among the parts that an exception makes
_NAMELESS = re.compile(
    r"|(?:.*[. ])?<anonymous>|Timeout\._onTimeout"  # JavaScript; so Node calls what setTimeout was given
    r"|<lambda>|<module>|<main>|<top \(required\)>|\{main\}|\{closure\}"
)
_DEFAULT = re.compile(r"\{\{\s*default\s*\}\}")


class GroupingKind(StrEnum):
    """What a key was made of."""

    IN_APP = "IN_APP"
    FULL = "FULL"
    MESSAGE = "MESSAGE"
    CUSTOM = "CUSTOM"


@dataclass(frozen=True, slots=True)
class GroupingKey:
    """What says that two events are the same: `hash` has 16 bytes, and includes the service and the version."""

    kind: GroupingKind
    hash: bytes


@dataclass(frozen=True, slots=True)
class GroupingComponent:
    """One part of an event that might count for its keys, whether it does, and why."""

    name: str
    value: str
    counted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """The keys of an event, in the order in which an owner is looked for."""

    version: int
    keys: tuple[GroupingKey, ...]
    _report: Report = field(repr=False, compare=False)

    @property
    def components(self) -> tuple[GroupingComponent, ...]:
        """Why the keys are what they are; worked out when asked, since few ask."""
        return explain(self._report)


class _Message:
    """The message of a report, and whether it has counted."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.counted = False

    def template(self) -> str:
        """What counts of it."""
        self.counted = True
        return parameterise(self._text)


# What the keys of a stack depend on, besides service and types, and keys that were made of it.
_SEEN_OF_A_FRAME = attrgetter("module", "filename", "absolute_path", "function", "in_app")
_known: dict[tuple[object, ...], tuple[GroupingKey, ...]] = {}


def grouping_keys(report: Report) -> Grouping:
    """Hand back the grouping keys of a report: one or two, in-app before full."""
    keys = _default_keys(report)
    if report.fingerprint:
        keys = _with_fingerprint(report, keys)
    return Grouping(VERSION, keys, report)


def explain(report: Report) -> tuple[GroupingComponent, ...]:
    """Hand back each part of a report that might count for its keys, and why it does or not."""
    default_counts = not report.fingerprint or any(map(_DEFAULT.fullmatch, report.fingerprint))
    parts = [GroupingComponent("service", report.service, counted=True, reason="always counts")]
    parts += _explain_fingerprint(report)
    has_stack = _has_stack(report)
    root, why_stack = _root(report), "" if default_counts and has_stack else "the stack trace does not count here"
    ruled, last = _ruled(report), None
    for number, exception in enumerate(report.exceptions):
        one = _link(exception, _is_any)
        why_link = why_stack or ("it is like the one before, which counts once" if one == last else "")
        by_rule = ruled.get(number, {})
        parts += _explain_exception(f"exceptions[{number}]", exception, by_rule, root, why_link)
        last = one
    by_message = default_counts and not has_stack
    why = "there is no usable stack trace" if by_message else _why_not(default_counts)
    is_nameless = default_counts and _has_nameless_stack(report)
    why_message = "no function on the stack has a name" if is_nameless else why
    parts += [
        GroupingComponent("errorType", report.error_type, by_message, why),
        GroupingComponent("message", parameterise(report.message), by_message or is_nameless, why_message),
        GroupingComponent("environment", report.environment, counted=False, reason="never counts"),
        GroupingComponent("release", report.release or "", counted=False, reason="never counts"),
    ]
    return tuple(parts)


def calls_of(report: Report) -> frozenset[tuple[str, str]]:
    """The places and functions of the application's own frames, cleaned as for keys; of all where it has none."""
    frames = [frame for exception in report.exceptions for frame in exception.frames]
    own = {call for frame in frames if frame.in_app and (call := call_of(frame))}
    return frozenset(own or {call for frame in frames if (call := call_of(frame))})


def _default_keys(report: Report) -> tuple[GroupingKey, ...]:
    """The keys without a fingerprint; those of a stack are remembered, since programs break in few places."""
    seen = report.service, tuple([(link.type, tuple(map(_SEEN_OF_A_FRAME, link.frames))) for link in report.exceptions])
    if known := _known.get(seen):
        return known
    message = _Message(report.message)
    keys = _stack_keys(report, message) or (_message_key(report, message),)
    if not message.counted and sum(len(link.frames) for link in report.exceptions) <= _MOST_FRAMES:
        if len(_known) >= _MOST_STACKS:
            _known.clear()
        _known[seen] = keys
    return keys


def _message_key(report: Report, message: "_Message") -> GroupingKey:
    return GroupingKey(GroupingKind.MESSAGE, _digest(report, ["message", report.error_type, message.template()]))


def _stack_keys(report: Report, message: "_Message") -> tuple[GroupingKey, ...]:
    """The keys made of the stack; none where no frame is usable."""
    full = _stack(report, message, _is_any)
    if full is None:
        return ()
    root = _root(report)
    in_app = _stack(report, message, lambda frame: frame.in_app, root) if root or _has_foreign(report) else full
    if in_app is None:
        return (GroupingKey(GroupingKind.FULL, _digest(report, full)),)
    in_app_key = GroupingKey(GroupingKind.IN_APP, _digest(report, in_app))
    return (in_app_key,) if in_app == full else (in_app_key, GroupingKey(GroupingKind.FULL, _digest(report, full)))


def _with_fingerprint(report: Report, defaults: tuple[GroupingKey, ...]) -> tuple[GroupingKey, ...]:
    marked = ["\x01default" if _DEFAULT.fullmatch(part) else part for part in report.fingerprint]
    if marked == ["\x01default"]:
        return defaults
    if "\x01default" not in marked:
        return (GroupingKey(GroupingKind.CUSTOM, _digest(report, ["custom", *marked])),)
    return tuple(GroupingKey(key.kind, _digest(report, ["salted", key.hash.hex(), *marked])) for key in defaults)


def _stack(report: Report, message: "_Message", wanted: Callable[[Frame], bool], root: str = "") -> list[str] | None:
    """The parts of a key made of a stack; none where no frame of those wanted is usable."""
    parts, last, has_frame, has_name = ["stack"], [""], False, False
    for exception in report.exceptions:
        one = _link(exception, wanted, root)
        if one != last:  # a group has any number of parts that are alike
            parts += one
            functions = one[_FUNCTIONS]
            has_frame = has_frame or bool(functions)
            has_name = has_name or not all(map(_NAMELESS.fullmatch, functions))
        last = one
    if has_frame and not has_name:
        parts += ("message", message.template())
    return parts if has_frame else None


def _is_any(_frame: Frame) -> bool:
    return True


def _link(exception: ExceptionInfo, wanted: Callable[[Frame], bool], root: str = "") -> list[str]:
    """What of a key one exception of the chain makes."""
    parts = ["exception", exception.type]
    calls = [call for frame in exception.frames if wanted(frame) and (call := call_of(frame, root))]
    for where, function in _without_recursion(calls):
        parts += ("frame", where, function)
    return parts


def _has_foreign(report: Report) -> bool:
    return not all(frame.in_app for exception in report.exceptions for frame in exception.frames)


def _root(report: Report) -> str:
    """The folder where the application was put, if one of its files lies directly there and other code further down.

    Its name differs from one machine to the next.
    """
    frames = [frame for exception in report.exceptions for frame in exception.frames]
    if all(frame.module or not frame.in_app for frame in frames):
        return ""  # no name of a folder counts
    ours = {folder_of(frame.filename or frame.absolute_path) for frame in frames if frame.in_app}
    ours.discard("")
    root = min(ours, key=len, default="")
    if len(ours) == 1:
        has_below = any(folder_of(frame.filename).startswith(root) for frame in frames if not frame.in_app)
    else:
        has_below = all(folder.startswith(root) for folder in ours)
    return root if has_below else ""


def _without_recursion(calls: list[Call]) -> list[Call]:
    """The calls, with a row of up to four that repeats at once kept only once: how deep it went says nothing.

    Nor does where in the row it ended, or what a bound cut from its middle: calls of the row that follow belong to it.
    """
    if len(set(calls)) == len(calls):
        return calls
    kept: list[Call] = []
    cycle: list[Call] = []
    outermost = 0
    for call in calls:
        if call in cycle:
            continue
        kept.append(call)
        if cycle := _repeated(kept):
            del kept[-len(cycle) :]
            outermost = len(cycle) if len(kept) == len(cycle) else outermost
    # Nobody called it that is known, as where an engine prints only the newest ten: then it has no beginning either.
    return _turned(kept[:outermost]) + kept[outermost:]


def _repeated(kept: list[Call]) -> list[Call]:
    """The shortest row at the end of the calls that stands there twice; empty where none does."""
    for length in range(1, _LONGEST_CYCLE + 1):
        if kept[-length:] == kept[-2 * length : -length]:
            return kept[-length:]
    return []


def _turned(cycle: list[Call]) -> list[Call]:
    """The cycle, begun at the same call whichever it was begun at."""
    return min((cycle[start:] + cycle[:start] for start in range(len(cycle))), default=[])


def _has_stack(report: Report) -> bool:
    return any(call_of(frame) for exception in report.exceptions for frame in exception.frames)


def _has_nameless_stack(report: Report) -> bool:
    """Whether the message counts for the first key, beside the stack."""
    frames = [frame for exception in report.exceptions for frame in exception.frames]
    calls = [(frame.in_app, call) for frame in frames if (call := call_of(frame))]
    functions = {function for is_ours, (_, function) in calls if is_ours} or {function for _, (_, function) in calls}
    return bool(functions) and all(map(_NAMELESS.fullmatch, functions))


def _digest(report: Report, parts: list[str]) -> bytes:
    # NUL cannot stand in a report, so no two lists of parts run together into one text.
    text = "\0".join([str(VERSION), report.service, *parts])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def _explain_fingerprint(report: Report) -> list[GroupingComponent]:
    rule = report.rules.fingerprint if report.rules else None
    by = f"set by the project's rule {rule}" if rule is not None else "set by the reporter"
    parts = [
        GroupingComponent("fingerprint", part, counted=True, reason=_why_fingerprint(part, by))
        for part in report.fingerprint
    ]
    if report.rules and rule is not None:
        why = f"the project's rule {rule} wins over the reporter"
        parts += [GroupingComponent("reportedFingerprint", part, False, why) for part in report.rules.reported]
    return parts


def _ruled(report: Report) -> dict[int, dict[int, str]]:
    """Which rule decided whether frames are the application's own, by the numbers of exception and frame."""
    ruled: dict[int, dict[int, str]] = {}
    for rule, places in report.rules.in_app.items() if report.rules else ():
        for exception, frame in places:
            ruled.setdefault(exception, {})[frame] = rule
    return ruled


def _explain_exception(
    name: str, exception: ExceptionInfo, ruled: Mapping[int, str], root: str, why_not: str
) -> list[GroupingComponent]:
    why = why_not or "the types of the whole chain count"
    parts = [GroupingComponent(f"{name}.type", exception.type, not why_not, why)]
    seen: set[Call] = set()
    for number, frame in enumerate(exception.frames):
        call = call_of(frame, root)
        counted, reason = (False, why_not) if why_not else _why_frame(frame, call, seen)
        if number in ruled:
            reason += f"; {'own' if frame.in_app else 'foreign'} code by the project's rule {ruled[number]}"
        parts.append(GroupingComponent(f"{name}.frames[{number}]", " ".join(filter(None, call or ())), counted, reason))
        if call:
            seen.add(call)
    return parts


def _why_frame(frame: Frame, call: Call | None, seen: set[Call]) -> tuple[bool, str]:
    if call is None and frame.function in INLINED:
        return False, "a comprehension, which is a call in old versions of Python only"
    if call is None:
        return False, "names neither a file nor a function"
    again = "; called before, and rows that repeat at once count once" if call in seen else ""
    return True, ("counts for all keys" if frame.in_app else "foreign code: counts for the full key only") + again


def _why_fingerprint(part: str, by: str) -> str:
    return f"stands for the computed key; {by}" if _DEFAULT.fullmatch(part) else by


def _why_not(default_counts: bool) -> str:
    return "there is a stack trace, which says more" if default_counts else "the fingerprint replaces it"
