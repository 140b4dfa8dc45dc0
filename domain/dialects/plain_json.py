"""Is there nothing in a JSON value to mend? To see that is far cheaper than to make another, and most have nothing.

What is remembered are short texts and keys in which nothing was found: programs say the same words again and again.
Where anything is odd, the answer is that there may be something; then the value is gone through with care.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from domain.bounds import JSON_DEPTH, JSON_KEY, JSON_TEXT
from domain.scrub import SecretKeys

MARKS_OF_A_VALUE = 6  # quotes, colon, comma: what JSON adds to a key and its value
NAMES_OF_HEADERS = ("eaders", "EADERS")
NAMES, VALUES = ("name", "key", "Name", "Key"), frozenset({"value", "Value", "values", "Values"})
SHORTEST_CARD = 10**12
# Between two texts: no pattern of a secret reaches across.
_APART = "\n\n\n"
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
_LONGEST_WORD, _MOST_WORDS = 100, 4096
_TEXTS_ONLY, _CONTAINERS_ONLY = {str}, {dict, list}


class PlainJson:
    """What the keys of a project let pass unchanged."""

    def __init__(self, secrets: SecretKeys) -> None:
        self._secrets = secrets
        self._keys: set[str] = set()
        self._texts: set[str] = set()

    def weigh(self, value: dict[str, Any] | list[Any]) -> tuple[int, int] | None:
        """How many bytes and how many values there are inside; none where something may have to be mended."""
        size = count = 0
        unseen: list[str] = []
        level: list[Any] = [value]
        for _ in range(JSON_DEPTH.limit):
            below: list[Any] = []
            for container in level:
                children = self._children(container)
                if children is None:
                    return None
                more = self._weigh_children(children, unseen, below)
                if more is None:
                    return None
                if type(container) is dict:
                    more += sum(map(len, container)) + len(container) * MARKS_OF_A_VALUE
                size, count = size + more, count + len(children)
            if not below:
                beyond_ascii = self._look_at(unseen)
                return None if beyond_ascii is None else (size + beyond_ascii, count)
            level = below
        return None

    def _weigh_children(self, children: Collection[Any], unseen: list[str], below: list[Any]) -> int | None:
        """How many bytes the children have by themselves; texts not seen before and containers are set apart."""
        kinds = set(map(type, children))
        if kinds == _TEXTS_ONLY:
            if not self._texts.issuperset(children):
                unseen += children
            return sum(map(len, children))
        if kinds <= _CONTAINERS_ONLY:
            below += children
            return 0
        size, seen = 0, self._texts
        for child in children:
            kind = type(child)
            if kind is str:
                size += len(child)
                if child not in seen:
                    unseen.append(child)
            elif kind is dict or kind is list:
                below.append(child)
            elif child is None or kind is bool or (kind in (int, float) and abs(child) < SHORTEST_CARD):
                size += MARKS_OF_A_VALUE
            else:
                return None
        return size

    def _children(self, container: dict[str, Any] | list[Any]) -> Collection[Any] | None:
        """What stands in the container; none where a key, or a pair, may hide a secret."""
        if type(container) is list:
            is_pair = len(container) == 2 and type(container[0]) is str  # noqa: PLR2004 - headers as a list of pairs
            return None if is_pair and self._secrets.is_secret(container[0]) else container
        assert type(container) is dict
        if not self._keys.issuperset(container) and not all(map(self._learn_key, container)):
            return None
        return None if not VALUES.isdisjoint(container) and self._names_a_secret(container) else container.values()

    def _learn_key(self, key: Any) -> bool:
        """Whether nothing is to be done about what stands under the key; then it is remembered."""
        if type(key) is not str or len(key) > JSON_KEY.limit or not key.isascii() or "\0" in key:
            return False
        if key.endswith(NAMES_OF_HEADERS) or self._secrets.is_secret(key) or self._secrets.scrub_text(key) is not key:
            return False
        if len(self._keys) >= _MOST_WORDS:
            self._keys.clear()
        self._keys.add(key)
        return True

    def _names_a_secret(self, container: dict[str, Any]) -> bool:
        names = [container[key] for key in NAMES if type(container.get(key)) is str]
        return any(map(self._secrets.is_secret, names))

    def _look_at(self, texts: list[str]) -> int | None:
        """How many bytes more than characters the texts have; none where there may be something to mend in one."""
        if not texts:
            return 0
        whole = _APART.join(texts)
        if len(whole) > JSON_TEXT.limit and len(max(texts, key=len)) > JSON_TEXT.limit:
            return None
        if _UNREADABLE.search(whole) or self._secrets.may_hide(whole):
            return None
        if not whole.isascii():
            return len(whole.encode()) - len(whole)
        if len(self._texts) >= _MOST_WORDS:
            self._texts.clear()
        self._texts.update([text for text in texts if len(text) <= _LONGEST_WORD])
        return 0


@lru_cache(maxsize=64)
def plain_json(secrets: SecretKeys) -> PlainJson:
    """What those keys let pass."""
    return PlainJson(secrets)
