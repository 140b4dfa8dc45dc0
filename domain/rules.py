"""A project's own rules of grouping: which code is its own, and which events are one issue whatever their stack says.

A pattern is a glob for the whole of a text: `*` stands for any characters, `?` for one. There is nothing else to it,
so that matching takes a time linear in the text, whatever the pattern. Of several rules the first that matches decides.
A rule for the fingerprint wins over the reporter's own: who runs the project sees what no reporter does.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias, TypeVar

from domain.bounds import FINGERPRINT, FINGERPRINT_PART
from domain.errors import InvalidInput
from domain.report import AppliedRules, Frame, Report
from domain.text import one_line

MOST_RULES = 50
LONGEST_PATTERN = 300
MOST_STARS = 10
_FIELD = "groupingRules"
_MOST_KNOWN = 4096
_Place: TypeAlias = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class FingerprintRule:
    """Events that pass every pattern that is given have this fingerprint.

    `error_type` and `message` are those of the event or of any exception in it, `path` the file of any frame.
    """

    fingerprint: tuple[str, ...]
    error_type: str | None = None
    path: str | None = None
    message: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class InAppRule:
    """Frames that pass every pattern that is given are the application's own code, or are not."""

    in_app: bool
    path: str | None = None
    module: str | None = None


_Rule = TypeVar("_Rule", FingerprintRule, InAppRule)


@dataclass(frozen=True, slots=True)
class GroupingRules:
    """All rules of a project, in the order in which they are tried."""

    fingerprint: tuple[FingerprintRule, ...] = ()
    in_app: tuple[InAppRule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fingerprint or self.in_app)


class Rulebook:
    """Rules ready to be applied; it remembers what it decided of frames it has seen."""

    def __init__(self, rules: GroupingRules) -> None:
        self._fingerprints = [(rule, _compiled(rule)) for rule in rules.fingerprint]
        self._in_app = [(rule, _compiled(rule)) for rule in rules.in_app]
        self._known: dict[_Place, InAppRule | None] = {}

    def apply(self, report: Report) -> None:
        """Leave the report as the rules say, with a word of what they changed; before its keys are made."""
        applied = AppliedRules()
        if self._in_app:
            self._sort_frames(report, applied)
        texts = _Texts(report)
        rule = next((rule for rule, patterns in self._fingerprints if texts.fit(patterns)), None)
        if rule is not None:
            applied.fingerprint, applied.reported = words(rule), report.fingerprint
            report.fingerprint = list(rule.fingerprint)
        report.rules = applied if rule or applied.in_app else None

    def _sort_frames(self, report: Report, applied: AppliedRules) -> None:
        for number, exception in enumerate(report.exceptions):
            for place, frame in enumerate(exception.frames):
                rule = self._rule_for(frame)
                if rule is not None and rule.in_app is not frame.in_app:
                    exception.frames[place] = replace(frame, in_app=rule.in_app)  # others may have it, too
                    applied.in_app.setdefault(words(rule), []).append((number, place))

    def _rule_for(self, frame: Frame) -> InAppRule | None:
        place = (frame.module, frame.filename, frame.absolute_path)
        if place not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[place] = next((rule for rule, patterns in self._in_app if _holds(frame, patterns)), None)
        return self._known[place]


def without_rules(report: Report) -> None:
    """Leave the report as it was before rules were applied to it."""
    applied, report.rules = report.rules, None
    if applied is None:
        return
    if applied.fingerprint is not None:
        report.fingerprint = applied.reported
    for number, place in (where for places in applied.in_app.values() for where in places):
        frames = report.exceptions[number].frames
        frames[place] = replace(frames[place], in_app=not frames[place].in_app)


def words(rule: FingerprintRule | InAppRule) -> str:
    """The conditions of a rule in one line, for people: `errorType:Stripe* path:*/billing/*`."""
    return " ".join(f"{_NAMES[name]}:{pattern}" for name, pattern in _patterns(rule))


def check_rules(rules: GroupingRules) -> GroupingRules:
    """The rules as they are stored, texts trimmed.

    Raises: InvalidInput that says which rule is wrong, and how.
    """
    return GroupingRules(
        fingerprint=tuple(_checked(rules.fingerprint, "fingerprint")),
        in_app=tuple(_checked(rules.in_app, "inApp")),
    )


def stored_rules(rules: GroupingRules) -> dict[str, Any] | None:
    """The rules as JSON, under the contract's names; none where there are none."""
    if not rules:
        return None
    return {
        "fingerprint": [{**_json(rule), "fingerprint": list(rule.fingerprint)} for rule in rules.fingerprint],
        "inApp": [{**_json(rule), "inApp": rule.in_app} for rule in rules.in_app],
    }


def read_rules(stored: Mapping[str, Any] | None) -> GroupingRules:
    """The rules that were stored so."""
    stored = stored or {}
    return GroupingRules(
        fingerprint=tuple(
            FingerprintRule(tuple(rule["fingerprint"]), **_given(rule, FingerprintRule))
            for rule in stored.get("fingerprint", ())
        ),
        in_app=tuple(InAppRule(rule["inApp"], **_given(rule, InAppRule)) for rule in stored.get("inApp", ())),
    )


_NAMES = {"error_type": "errorType", "path": "path", "message": "message", "service": "service", "module": "module"}


def _patterns(rule: FingerprintRule | InAppRule) -> list[tuple[str, str]]:
    return [(name, pattern) for name in _names(type(rule)) if (pattern := getattr(rule, name)) is not None]


def _names(kind: type[FingerprintRule] | type[InAppRule]) -> list[str]:
    return [field.name for field in fields(kind) if field.name in _NAMES]


def _json(rule: FingerprintRule | InAppRule) -> dict[str, str]:
    return {_NAMES[name]: pattern for name, pattern in _patterns(rule)}


def _given(stored: Mapping[str, Any], kind: type[FingerprintRule] | type[InAppRule]) -> dict[str, Any]:
    return {name: stored.get(_NAMES[name]) for name in _names(kind)}


def _compiled(rule: FingerprintRule | InAppRule) -> dict[str, re.Pattern[str]]:
    return {name: glob(pattern) for name, pattern in _patterns(rule)}


def glob(pattern: str) -> re.Pattern[str]:
    """The pattern as an expression for `fullmatch`, whose time is linear: what lies before a star is found for good."""
    first, *rest = [re.escape(part).replace(r"\?", ".") for part in pattern.split("*")]
    if not rest:
        return re.compile(first, re.DOTALL)
    found = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    return re.compile(f"{first}{found}.*{rest[-1]}", re.DOTALL)


class _Texts:
    """What fingerprint rules look at, brought together once for all rules, and only what one of them asks for."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._known: dict[str, list[str]] = {}

    def fit(self, patterns: Mapping[str, re.Pattern[str]]) -> bool:
        """Whether each pattern fits one of its texts."""
        return all(any(map(pattern.fullmatch, self._of(name))) for name, pattern in patterns.items())

    def _of(self, name: str) -> list[str]:
        if name not in self._known:
            texts = dict.fromkeys(text for text in _texts(self._report, name) if text is not None)
            self._known[name] = [text.replace("\\", "/") for text in texts]
        return self._known[name]


def _texts(report: Report, name: str) -> Iterable[str | None]:
    """The texts of a report of which one must match."""
    if name == "service":
        return (report.service,)
    if name == "error_type":
        return (report.error_type, *(exception.type for exception in report.exceptions))
    if name == "message":
        return (report.message, *(exception.message for exception in report.exceptions))
    return (path for exception in report.exceptions for frame in exception.frames for path in _paths(frame))


def _holds(frame: Frame, patterns: Mapping[str, re.Pattern[str]]) -> bool:
    return all(
        _any(pattern, (frame.module,) if name == "module" else _paths(frame)) for name, pattern in patterns.items()
    )


def _paths(frame: Frame) -> tuple[str | None, str | None]:
    return (frame.filename, frame.absolute_path)


def _any(pattern: re.Pattern[str], texts: Iterable[str | None]) -> bool:
    return any(text is not None and pattern.fullmatch(text.replace("\\", "/")) for text in texts)


def _checked(rules: Sequence[_Rule], kind: str) -> Iterable[_Rule]:
    if len(rules) > MOST_RULES:
        raise InvalidInput(f"`{kind}` takes at most {MOST_RULES} rules, these are {len(rules)}.", (_FIELD, kind))
    for number, rule in enumerate(rules):
        yield _checked_rule(rule, (_FIELD, kind, str(number)))


def _checked_rule(rule: _Rule, path: tuple[str, ...]) -> _Rule:
    given = {name: checked_pattern(pattern, *path, _NAMES[name]) for name, pattern in _patterns(rule)}
    if not given:
        names = ", ".join(f"`{_NAMES[name]}`" for name in _names(type(rule)))
        raise InvalidInput(f"A rule needs one of {names}.", path)
    if isinstance(rule, FingerprintRule):
        return FingerprintRule(_checked_fingerprint(rule.fingerprint, path), **given)
    return InAppRule(rule.in_app, **given)


def checked_pattern(pattern: str, *path: str) -> str:
    """The pattern as it is stored, folders parted by `/`.

    Raises: InvalidInput at `path`: it is too long, or has too many stars.
    """
    pattern = one_line(pattern, *path, most=LONGEST_PATTERN)
    if pattern.count("*") > MOST_STARS:
        raise InvalidInput(f"`{path[-1]}` takes at most {MOST_STARS} stars.", path)
    return pattern.replace("\\", "/")


def _checked_fingerprint(parts: Sequence[str], path: tuple[str, ...]) -> tuple[str, ...]:
    where = (*path, "fingerprint")
    if not 1 <= len(parts) <= FINGERPRINT.limit:
        raise InvalidInput(f"`fingerprint` takes 1 to {FINGERPRINT.limit} parts, these are {len(parts)}.", where)
    return tuple(one_line(part, *where, most=FINGERPRINT_PART.limit) for part in parts)
