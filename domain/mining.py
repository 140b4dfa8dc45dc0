"""Which messages are of one template? Found as they come, with what was found before.

After Drain (P. He, J. Zhu, Z. Zheng, M. R. Lyu: Drain: An Online Log Parsing Approach with Fixed Depth Tree, ICWS
2017): a tree of fixed depth leads to few templates, to which a message is compared. Ours differs in three ways, where
Drain is known to be weak. A template is found by its first word or by its last, so that either may vary. Two templates
become one not because they are alike enough, but where what they differ in varies: it looks like a value, or several
others are there in its place. So `opened` and `closed` stay apart, and the order in which messages come matters little.
And they may differ in one run of words, so that lists may be of any length.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice
from typing import TypeAlias
from uuid import UUID

from domain.template import ANY_WORDS, Words, any_for, is_any, is_plain, looks_like_a_value

# So many different words in one place make it one that varies, where they do not look like values.
ENOUGH_TO_VARY = 4
_ENOUGH_VALUES = 2
# So many templates of one branch are looked at, the latest of them; and so many ways to make one of two.
MOST_IN_BRANCH = 50
_MOST_SHAPES = 20
_FEWEST_WORDS_AROUND = 2
# A text in a place where there are lists of other lengths, or none, is told by more of them.
_MOST_IN_GAP, _ENOUGH_TEXTS = 5, 6
_Key: TypeAlias = tuple[object, ...]


@dataclass(eq=False, slots=True)
class Group:
    """A template, and the group into which this one went, if it did. `is_told`: people know it by its id."""

    id: UUID
    words: Words
    is_told: bool = False
    into: "Group | None" = field(default=None, repr=False)

    @property
    def standing(self) -> "Group":
        """The group that has what is of this one."""
        group = self
        while group.into is not None:
            group = group.into
        return group

    @property
    def age(self) -> tuple[bool, UUID]:
        """What stands when several become one: the oldest of those that people know, else the oldest."""
        return not self.is_told, self.id


class Miner:
    """The templates of one kind of error, as they are known so far."""

    def __init__(self, known: Iterable[Group] = ()) -> None:
        self._branches: defaultdict[_Key, dict[UUID, Group]] = defaultdict(dict)
        self._exact: dict[Words, Group] = {}
        for group in known:
            self._enter(group)

    def add(self, words: Words, id: UUID) -> Group:
        """The group of a message with these words: one that is there, or a new one of that id.

        Groups that are one from now on are led to the one that stands.
        """
        if (known := self._exact.get(words)) is not None:
            return known.standing
        near = self._near(words)
        covering = [group for group in near if covers(group.words, words)]
        if covering:
            found = min(covering, key=lambda group: (_vague(group.words), group.age))
            self._exact[words] = found
            return found
        group = Group(id, words)
        self._enter(group)
        while merged := self._merge(group, near):
            group = merged
            near = self._near(group.words)
        return group

    def _merge(self, new: Group, near: Iterable[Group]) -> Group | None:
        """The group that the new one and others became, if they did."""
        others = [group for group in near if group is not new]
        shapes = {shape for group in others if (shape := common(new.words, group.words)) is not None}
        for shape in nsmallest(_MOST_SHAPES, shapes, key=lambda shape: (_vague(shape), shape)):
            inside = [group for group in others if covers(shape, group.words)]
            if varies(shape, [new.words, *(group.words for group in inside)]):
                return self._unite([new, *inside], shape)
        return None

    def _unite(self, groups: list[Group], shape: Words) -> Group:
        for group in groups:
            self._leave(group)
        stands, *rest = sorted(groups, key=lambda group: group.age)
        for group in rest:
            group.into = stands
        stands.words = shape
        self._enter(stands)
        return stands

    def _near(self, words: Words) -> list[Group]:
        """Those that the branches of these words lead to, the oldest first."""
        found: dict[UUID, Group] = {}
        for key in _ways_to(words):
            branch = self._branches.get(key, {})
            found.update(islice(reversed(branch.items()), MOST_IN_BRANCH))
        return sorted(found.values(), key=lambda group: group.age)

    def _enter(self, group: Group) -> None:
        self._exact[group.words] = group
        for key in _branches_of(group.words):
            self._branches[key][group.id] = group

    def _leave(self, group: Group) -> None:
        for key in _branches_of(group.words):
            self._branches[key].pop(group.id, None)


def covers(template: Words, words: Words) -> bool:
    """Whether the words are of the template."""
    gap = _gap(template)
    if gap is None:
        return len(template) == len(words) and all(map(_fits, template, words))
    after = len(template) - gap - 1
    return (
        len(words) >= len(template)
        and all(map(_fits, template[:gap], words))
        and all(map(_fits, template[gap + 1 :], words[len(words) - after :]))
    )


def common(one: Words, other: Words) -> Words | None:
    """The template that covers both, none where they have too little in common for that."""
    if _gap(one) == _gap(other) and len(one) == len(other):
        shape = tuple(a if a == b else any_for(a) for a, b in zip(one, other, strict=True))
    else:
        shape = _around(one, other)
    plain, vague = _plain(shape), _vague(shape)
    return shape if plain and plain >= vague else None


def varies(shape: Words, those: list[Words]) -> bool:
    """Whether all that the shape leaves open has enough different words among those that it covers."""
    gap = _gap(shape)
    if gap is not None:
        if not _gap_varies(shape, gap, those):
            return False
        after = len(shape) - gap - 1
        those = [(*words[:gap], shape[gap], *words[len(words) - after :]) for words in those]
    return all(_place_varies(shape, place, those) for place, word in enumerate(shape) if is_any(word))


def _place_varies(shape: Words, place: int, those: list[Words]) -> bool:
    if any(is_any(words[place]) for words in those):
        return True
    values = {words[place] for words in those}
    if all(looks_like_a_value(words, place) for words in those):
        return len(values) >= _ENOUGH_VALUES
    return len(values) >= ENOUGH_TO_VARY and _plain(shape) >= _FEWEST_WORDS_AROUND


def _gap_varies(shape: Words, gap: int, those: list[Words]) -> bool:
    """Lists vary as soon as there are two; other texts do where enough of them are there, each a few words at most."""
    after = len(shape) - gap - 1
    inside = {words[gap : len(words) - after] for words in those}
    if not any(map(is_plain, shape[:gap])) or _plain(shape) < _FEWEST_WORDS_AROUND:
        return False
    if all(map(_is_list, inside)):
        return len(inside) >= _ENOUGH_VALUES
    texts = {words for words in inside if not is_any(words[0])}
    if any(len(words) > _MOST_IN_GAP or not all(map(_is_said, words)) for words in texts):
        return False
    if (ANY_WORDS,) in {tuple(word.strip() for word in words) for words in inside}:
        return True
    known = ENOUGH_TO_VARY if len(texts) < len(inside) else 0
    return all(known + len({words[end] for words in texts}) >= _ENOUGH_TEXTS for end in (0, -1))


def _is_said(word: str) -> bool:
    """Whether it stands for nothing but itself."""
    return "<" not in word


def _plain(words: Words) -> int:
    """How many words of it say something by themselves."""
    return sum(map(is_plain, filter(_is_fixed, words)))


def _is_list(words: Words) -> bool:
    """Whether words are those of a list: one, or several with a comma between each."""
    return all((word == ",") == bool(place % 2) for place, word in enumerate(words))


def _around(one: Words, other: Words) -> Words:
    """What both begin and end with, and any words between."""
    shorter = min(len(one), len(other)) - 1
    start = 0
    while start < shorter and _alike(one[start], other[start]):
        start += 1
    end = 0
    while end < shorter - start and _alike(one[-1 - end], other[-1 - end]):
        end += 1
    blank = " " if one[start][:1].isspace() else ""
    return (*one[:start], f"{blank}{ANY_WORDS}", *one[len(one) - end :])


def _alike(one: str, other: str) -> bool:
    return one == other and not one.endswith(ANY_WORDS)


def _fits(template: str, word: str) -> bool:
    return template == word or (is_any(template) and not word.endswith(ANY_WORDS))


def _is_fixed(word: str) -> bool:
    return not is_any(word)


def _vague(words: Words) -> int:
    """How many places it leaves open."""
    return sum(map(is_any, words))


def _gap(words: Words) -> int | None:
    """Where it stands for several words, if it does."""
    return next((place for place, word in enumerate(words) if word.endswith(ANY_WORDS)), None)


def _branches_of(words: Words) -> Iterator[_Key]:
    """Where the group with these words is found: by its first word that says something, and by its last such."""
    lengths = (len(words), None) if _gap(words) is None else (None,)
    return ((length, *end) for length in lengths for end in _ends(words))


def _ways_to(words: Words) -> Iterator[_Key]:
    """Where groups that may have something in common with these words are."""
    return ((length, *end) for length in (len(words), None) for end in _ends(words))


def _ends(words: Words) -> list[tuple[str, str]]:
    """What looks like a value is passed over, as what stands for any word is: others may have another there."""
    said = [
        word.strip()
        for place, word in enumerate(words)
        if not is_any(word) and is_plain(word) and not looks_like_a_value(words, place)
    ]
    return [("first", said[0]), ("last", said[-1])] if said else [("neither", "")]
