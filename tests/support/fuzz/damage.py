"""A real payload, damaged: values dropped, swapped, retyped and nested; bytes cut out, doubled and flipped.

What is purely made up is seldom like anything, and is turned away at the first question. What was real once goes deep.
"""

import copy
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.support.fuzz.values import ODD_TEXTS

_ODD: tuple[Any, ...] = (
    *ODD_TEXTS, None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 2**70, 10**400, 1e308, 0.1, -0.0, float("nan"), float("inf"), [], {}, [[]],
    [{}], {"": ""}, {"values": None}, {"values": [None]}, [None, None], {"type": 7}, [["a", "b"]], {"value": {"value": {}}},
)  # fmt: skip
_ODD_BYTES = (
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b'"',
    b"\\ud800",
    b"\n",
    b"\r\n",
    b"{",
    b"}",
    b"[" * 2000,
    b"NaN",
    b",",
    b"1e999",
    b"\\",
)
_T = TypeVar("_T")
_HOW_MUCH = (1, 1, 1, 2, 3, 6)
_DEEP = 40

_Place = tuple[Any, Any]  # a container, and the key of one value in it


def damaged(samples: Sequence[Any]) -> st.SearchStrategy[Any]:
    """One of the values, with up to six things wrong in it."""
    return _one_of(samples, _damage)


def damaged_bytes(samples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the bodies, with up to six things wrong in it."""
    return _one_of(samples, _damage_bytes)


def some_damaged(samples: Sequence[bytes], count: int) -> list[bytes]:
    """So many damaged bodies, always the same, for where hypothesis cannot wait for an answer."""
    return [_damage_bytes(samples[number % len(samples)], number) for number in range(count)]


def mostly_damaged(samples: Sequence[Any], made_up: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nine of ten are damaged; those that are made up take most of the time, and seldom go deep."""
    return st.one_of(*(damaged(samples) for _ in range(9)), made_up)


def _one_of(samples: Sequence[_T], damage: Callable[[_T, int], _T]) -> st.SearchStrategy[_T]:
    # By number: hypothesis would print a strategy of the samples themselves, which are long.
    return st.builds(
        lambda number, seed: damage(samples[number], seed), st.integers(0, len(samples) - 1), st.integers(0, 2**32)
    )


def _damage(sample: Any, seed: int) -> Any:
    chance = Random(seed)
    whole = [copy.deepcopy(sample)]  # so that it has a place itself
    for _ in range(chance.choice(_HOW_MUCH)):
        container, key = chance.choice(_places(whole))
        chance.choice(_WAYS)(chance, whole, container, key)
    return whole[0]


def _places(whole: Any) -> list[_Place]:
    """Where values stand, the whole itself among them."""
    found: list[_Place] = []
    waiting = [whole]
    for value in waiting:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        found += [(value, key) for key in keys]
        waiting += [value[key] for key in keys if isinstance(value[key], dict | list)]
    return found


def _drop(_chance: Random, whole: Any, container: Any, key: Any) -> None:
    if container is not whole:
        del container[key]


def _replace(chance: Random, _whole: Any, container: Any, key: Any) -> None:
    container[key] = copy.deepcopy(chance.choice(_ODD))


def _retype(chance: Random, _whole: Any, container: Any, key: Any) -> None:
    value = container[key]
    container[key] = chance.choice(
        [str(value), [value], {"value": value}, {"values": [value]}, [[key, value]], _turned(value)]
    )


def _turned(value: Any) -> Any:
    if isinstance(value, dict):
        return [list(pair) for pair in value.items()]
    if isinstance(value, list):
        return {str(number): item for number, item in enumerate(value)}
    return len(value) if isinstance(value, str) else repr(value)


def _nest(chance: Random, _whole: Any, container: Any, key: Any) -> None:
    for _ in range(chance.randint(1, _DEEP)):
        container[key] = [container[key]] if chance.random() < 0.5 else {str(key): container[key]}


def _move(chance: Random, whole: Any, container: Any, key: Any) -> None:
    """Put what stands elsewhere here as well."""
    other, name = chance.choice(_places(whole))
    container[key] = copy.deepcopy(other[name])


def _swell(chance: Random, _whole: Any, container: Any, key: Any) -> None:
    value, times = container[key], chance.choice([2, 50, 3000])
    if isinstance(value, str):
        container[key] = (value * times)[:300_000]
    elif isinstance(value, list):
        container[key] = (value * times)[:300]
    elif isinstance(value, dict):
        container[key] = value | {
            f"{name}{number}": item for name, item in value.items() for number in range(min(times, 50))
        }


def _spoil(chance: Random, _whole: Any, container: Any, key: Any) -> None:
    """Put something odd into the middle of a text."""
    value = container[key]
    if isinstance(value, str):
        place = chance.randint(0, len(value))
        container[key] = (
            value[:place] + chance.choice(["\0", "\ud800", "\r", "\n", "😀", '"', "\\", ODD_TEXTS[-1]]) + value[place:]
        )


def _rename(chance: Random, _whole: Any, container: Any, key: Any) -> None:
    if isinstance(container, dict):
        container[chance.choice([key.upper(), key + "s", key[:-1], "", "\0", "\ud800", key * 90])] = container.pop(key)


_Way = Callable[[Random, Any, Any, Any], None]
_WAYS: tuple[_Way, ...] = (_drop, _replace, _replace, _retype, _retype, _nest, _move, _swell, _spoil, _rename)


def _damage_bytes(sample: bytes, seed: int) -> bytes:
    chance, body = Random(seed), bytearray(sample)
    for _ in range(chance.choice(_HOW_MUCH)):
        start = chance.randint(0, len(body))
        end = min(start + chance.choice([1, 1, 2, 10, 200]), len(body))
        chance.choice(_BYTE_WAYS)(chance, body, start, end)
    return bytes(body)


def _flip(chance: Random, body: bytearray, start: int, end: int) -> None:
    if start < end:
        body[start] ^= 1 << chance.randint(0, 7)


def _cut_off(_chance: Random, body: bytearray, start: int, _end: int) -> None:
    del body[start:]


def _cut_out(_chance: Random, body: bytearray, start: int, end: int) -> None:
    del body[start:end]


def _double(_chance: Random, body: bytearray, start: int, end: int) -> None:
    body[start:start] = body[start:end]


def _put_in(chance: Random, body: bytearray, start: int, _end: int) -> None:
    body[start:start] = chance.choice(_ODD_BYTES)


def _make_up(chance: Random, body: bytearray, start: int, end: int) -> None:
    body[start:end] = chance.randbytes(end - start)


_ByteWay = Callable[[Random, bytearray, int, int], None]
_BYTE_WAYS: tuple[_ByteWay, ...] = (_flip, _flip, _flip, _cut_off, _cut_out, _double, _put_in, _make_up)
