"""How right are the templates that are mined from messages, and what does it cost? It needs no servers.

A message is right where those that were grouped with it are exactly those of its template: grouping accuracy, as in
J. Zhu, S. He, J. Liu, P. He, Q. Xie, Z. Zheng, M. R. Lyu: Tools and Benchmarks for Automated Log Parsing, ICSE-SEIP
2019.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from random import Random
from statistics import median
from typing import TypeAlias
from uuid import UUID

from bench.pattern_sample import UNSEEN, Said, sample
from domain.message import parameterise
from domain.mining import Group, Miner
from domain.template import join, words_of

_ROUNDS, _ORDERS, _WORST = 3, 5, 12
_SMALL, _UNSEEN_SIZE = 2_000, 5_000


_Way: TypeAlias = Callable[[Sequence[Said]], list[Hashable]]


def measure() -> str:
    """A table of both ways to find templates, accuracy by family, and what was grouped wrongly most often."""
    said = sample()
    lines = [f"{len(said):,} messages of {len({one.label for one in said})} templates.", ""]
    lines += ["| | grouping accuracy | least of 5 orders | first 2,000 | unseen templates | groups | messages/s |"]
    lines += ["|---|--:|--:|--:|--:|--:|--:|", _row("mined", mined, said), _row("equal templates", equal, said)]
    found = mined(said)
    return "\n".join([*lines, "", *_by_family(said, found), "", *_wrong(said, found), ""])


def _row(name: str, way: _Way, said: Sequence[Said]) -> str:
    orders = [Random(seed).sample(said, len(said)) for seed in range(_ORDERS)]
    tries = ([said], orders, [said[:_SMALL]], [sample(_UNSEEN_SIZE, UNSEEN)])
    least = [min(accuracy(one, way(one)) for one in each) for each in tries]
    figures = " | ".join(f"{figure:.3f}" for figure in least)
    speed = median(_messages_per_second(way, said) for _ in range(_ROUNDS))
    return f"| {name} | {figures} | {len(set(way(said))):,} | {speed:,.0f} |"


def mined(said: Sequence[Said]) -> list[Hashable]:
    """The group of each, as the miner has them at the end."""
    miner = Miner()
    groups = [miner.add(words_of(one.text), UUID(int=number)) for number, one in enumerate(said)]
    return [group.standing for group in groups]


def equal(said: Sequence[Said]) -> list[Hashable]:
    """The group of each, if those are one whose templates are equal after numbers and such were taken out."""
    return [parameterise(one.text) for one in said]


def accuracy(said: Sequence[Said], found: Sequence[Hashable]) -> float:
    """The part of the messages that were grouped with all of their template, and with no other."""
    return sum(right(said, found)) / len(said)


def right(said: Sequence[Said], found: Sequence[Hashable]) -> list[bool]:
    """Of each message, whether it is right."""
    labels, groups = Counter(one.label for one in said), Counter(found)
    both = Counter(zip((one.label for one in said), found, strict=True))
    return [
        both[one.label, group] == labels[one.label] == groups[group] for one, group in zip(said, found, strict=True)
    ]


def _messages_per_second(way: _Way, said: Sequence[Said]) -> float:
    began = time.process_time()
    way(said)
    return len(said) / (time.process_time() - began)


def _by_family(said: Sequence[Said], found: Sequence[Hashable]) -> list[str]:
    of_family: defaultdict[str, list[bool]] = defaultdict(list)
    for one, is_right in zip(said, right(said, found), strict=True):
        of_family[one.family].append(is_right)
    return ["By family: " + ", ".join(f"{name} {sum(all) / len(all):.2f}" for name, all in sorted(of_family.items()))]


def _wrong(said: Sequence[Said], found: Sequence[Hashable]) -> list[str]:
    """The groups that are not as they should be, the largest first."""
    wrong: Counter[str] = Counter()
    for group, is_right in zip(found, right(said, found), strict=True):
        if not is_right:
            assert isinstance(group, Group)
            wrong[join(group.words)] += 1
    return [f"- {count} messages in: {template}" for template, count in wrong.most_common(_WORST)]
