"""What is not watched for the coverage spoils nothing of what is."""

import asyncio
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import greenlet
import pytest
from coverage import Coverage

from tests.support.measured import Unwatched

_WATCHED = """\
from sqlalchemy.util.concurrency import await_only, greenlet_spawn


async def outer(turn, depth):
    if depth:
        await outer(turn, depth - 1)
    else:
        await greenlet_spawn(inner, turn, 3)
    for _ in range(depth):
        await turn()
    return depth


def inner(turn, depth):
    if depth:
        inner(turn, depth - 1)
    await_only(turn())
"""
_OF_GREENLETS = range(14, 18)  # the lines of `inner`


@pytest.fixture
def watched(tmp_path: Path) -> ModuleType:
    path = tmp_path / "watched.py"
    path.write_text(_WATCHED)
    spec = importlib.util.spec_from_file_location("watched", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _by_nobody_else() -> Iterator[None]:
    before = greenlet.settrace(None)
    yield
    greenlet.settrace(before)


def _arcs(watched: ModuleType, *concurrency: str) -> set[tuple[int, int]]:
    """Where five at once go, that wait for one another's turn in greenlets and outside."""

    async def turn() -> None:
        await asyncio.sleep(0)

    async def together() -> list[int]:
        return await asyncio.gather(*(watched.outer(turn, depth) for depth in range(5)))

    coverage = Coverage(
        data_file=None, config_file=False, branch=True, include=[watched.__file__], concurrency=list(concurrency)
    )
    coverage.start()
    try:
        assert asyncio.run(together()) == [0, 1, 2, 3, 4]
    finally:
        coverage.stop()
    return set(coverage.get_data().arcs(str(watched.__file__)) or ())


def test_what_is_outside_of_greenlets_is_measured_as_by_one_that_knows_of_them(watched: ModuleType):
    known = {arc for arc in _arcs(watched, "thread", "greenlet") if not set(map(abs, arc)) & set(_OF_GREENLETS)}
    assert _arcs(watched, "thread") != known
    Unwatched().begin()
    assert _arcs(watched, "thread") == known
