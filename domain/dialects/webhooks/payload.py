"""What stands where in a payload that nobody has agreed on? Asked by paths, answered whatever the spelling."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from domain.dialects.texts import first_text

_MOST_NAMES = 5000
_EMPTY: tuple[Any, ...] = (None, "", {}, [])

Object = dict[str, Any]
_Place = tuple[str, ...]


class Payload:
    """An object, and what of it was taken. A path is names joined by dots: `error.stack_trace`.

    Capitals, `_` and `-` do not count in names, and a name may hold the dots itself: `{"error.stackTrace": "…"}`.
    """

    def __init__(self, given: Object) -> None:
        self._given = given
        self._names: dict[int, dict[str, str]] = {}
        self._taken: set[_Place] = set()

    def take(self, *paths: str) -> Any:
        """Hand back what stands first at one of the paths; none where nothing does."""
        for place, value in self._places(paths):
            self._taken.add(place)
            return value
        return None

    def text(self, *paths: str) -> str | None:
        """Hand back the first text that says something, a number as text; what else is there stays."""
        for place, value in self._places(paths):
            if text := as_text(value):
                self._taken.add(place)
                return text
        return None

    def inner(self, *paths: str) -> Object:
        """Hand back the first object, or an empty one; what else is there stays."""
        for place, value in self._places(paths):
            if isinstance(value, dict):
                self._taken.add(place)
                return value
        return {}

    def rest(self) -> Object | None:
        """Hand back what was not taken, as it stood."""
        return _without(self._given, self._taken) or None

    def _places(self, paths: Iterable[str]) -> Iterator[tuple[_Place, Any]]:
        for path in paths:
            found = self._find(self._given, path)
            if found is not None and found[1] not in _EMPTY:
                yield found

    def _find(self, value: Any, path: str) -> tuple[_Place, Any] | None:
        if not isinstance(value, dict):
            return None
        names = self._names_of(value)
        if (key := names.get(_plain(path))) is not None:
            return (key,), value[key]
        head, dot, tail = path.partition(".")
        key = names.get(_plain(head)) if dot else None
        found = None if key is None else self._find(value[key], tail)
        return None if key is None or found is None else ((key, *found[0]), found[1])

    def _names_of(self, value: Object) -> dict[str, str]:
        """Its keys by how paths spell them; of two that are spelled alike the first."""
        if id(value) not in self._names:
            names: dict[str, str] = {}
            for key in islice(value, _MOST_NAMES):
                names.setdefault(_plain(key), key)
            self._names[id(value)] = names
        return self._names[id(value)]


def as_text(value: Any) -> str | None:
    """Hand back a text that says something, without blanks around it, or a number as text."""
    if type(value) in (int, float):
        return str(value) if abs(value) < 2**63 else None
    text = first_text([value])
    return text.strip() if text else None


def objects_in(value: Any) -> list[Object]:
    """Hand back those items of a list that are objects."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def without_empty(values: Object) -> Object:
    """Hand back what says something."""
    return {name: value for name, value in values.items() if value not in _EMPTY}


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _without(value: Object, taken: set[_Place]) -> Object:
    deeper: defaultdict[str, set[_Place]] = defaultdict(set)
    for place in taken:
        deeper[place[0]].add(place[1:])
    left: Object = {}
    for key, item in value.items():
        inner = deeper.get(key)
        if not inner:
            left[key] = item
        elif () not in inner and (kept := _without(item, inner)):
            left[key] = kept
    return left
