"""How well does grouping do on the labelled events? As the writer would group them, and what of it is right."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import comb
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from domain.claims import Key, claim_keys
from domain.dialects.graphql import report_from_input
from domain.dialects.sentry.event import report_from_event
from domain.grouping import grouping_keys
from domain.report import Report

EVENTS = Path(__file__).parent / "events"
_AT = datetime(2026, 3, 1, tzinfo=UTC)
_PROJECT = UUID(int=0)


@dataclass(frozen=True)
class Labelled:
    """An event, and which bug it tells of. `language/bug` is the label."""

    language: str
    issue: str
    report: Report


@dataclass(frozen=True)
class Score:
    """Pairs of events: those that are one bug, those that were put into one issue, and those that are both."""

    language: str
    events: int
    issues: int
    alike: int
    joined: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        return self.both / self.alike if self.alike else 1.0


def labelled_events() -> list[Labelled]:
    """All events of the corpus, by the dialect that each came in."""
    paths = sorted(EVENTS.glob("*.jsonl"))
    return [_labelled(path.stem, json.loads(line)) for path in paths for line in path.read_text().splitlines()]


def found_issues(events: Sequence[Labelled], *, seed: int = 0) -> dict[int, UUID]:
    """The issue of each event by its place in the list, when they come in any order, some of them at once."""
    order = list(range(len(events)))
    Random(seed).shuffle(order)
    keys = {place: _keys(events[place].report) for place in order}
    ids = (UUID(int=number) for number in range(1, len(events) + 1))
    owned: dict[Key, UUID] = {}
    found: dict[int, UUID] = {}
    while order:
        batch, order = order[:5], order[5:]
        owned |= claim_keys((keys[place] for place in batch), owned, lambda: next(ids))
        for place in batch:
            found[place] = next(owned[key] for key in keys[place] if key in owned)
    return found


def scores(events: Sequence[Labelled], found: dict[int, UUID]) -> list[Score]:
    """A score for each language, and at last that of all."""
    languages = sorted({event.language for event in events})
    of_each = [
        _score(name, [place for place in found if events[place].language == name], events, found) for name in languages
    ]
    return [*of_each, _score("all", list(found), events, found)]


def wrong(events: Sequence[Labelled], found: dict[int, UUID]) -> Iterator[tuple[int, str]]:
    """What is not as it should be, as pairs of events that it costs and in words, the worst first."""
    joined = Counter((events[place].issue, issue) for place, issue in found.items())
    by_bug: dict[str, list[int]] = {}
    by_issue: dict[UUID, dict[str, int]] = {}
    for (bug, issue), count in joined.items():
        by_bug.setdefault(bug, []).append(count)
        by_issue.setdefault(issue, {})[bug] = count
    costs = [(_between(counts), f"{bug} is split into {sorted(counts)}") for bug, counts in by_bug.items()]
    costs += [
        (
            _between(counts.values()),
            "one issue is made of " + ", ".join(f"{bug} ({n})" for bug, n in sorted(counts.items())),
        )
        for counts in by_issue.values()
    ]
    return iter(sorted(((cost, words) for cost, words in costs if cost), reverse=True))


def table(all_scores: Iterable[Score]) -> str:
    """The scores for people."""
    lines = ["| language | events | bugs | precision | recall |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {score.language} | {score.events} | {score.issues} | {score.precision:.3f} | {score.recall:.3f} |"
        for score in all_scores
    ]
    return "\n".join(lines)


def _labelled(language: str, line: dict[str, Any]) -> Labelled:
    if "sentry" in line:
        report = report_from_event(line["sentry"], service=line["service"], received_at=_AT)
    else:
        report = report_from_input(line["fields"], received_at=_AT)
    return Labelled(language, line["issue"], report)


def _keys(report: Report) -> list[Key]:
    return [(_PROJECT, key.hash) for key in grouping_keys(report).keys]


def _score(language: str, places: list[int], events: Sequence[Labelled], found: dict[int, UUID]) -> Score:
    bugs = Counter(events[place].issue for place in places)
    issues = Counter(found[place] for place in places)
    both = Counter((events[place].issue, found[place]) for place in places)
    return Score(language, len(places), len(bugs), _pairs(bugs), _pairs(issues), _pairs(both))


def _pairs(counts: Counter[Any]) -> int:
    return sum(comb(count, 2) for count in counts.values())


def _between(counts: Iterable[int]) -> int:
    numbers = list(counts)
    return comb(sum(numbers), 2) - sum(comb(number, 2) for number in numbers)
