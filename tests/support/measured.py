"""Which tests count for the coverage of `domain/` and `resolvers/`: their own, and those of the contract.

To watch every line makes a test take half as long again, and of the lines that it goes through one in seventy is
measured. What a server, a command or a whole Tocsin passes through on its way is not tested by that, so those run
unwatched, and the figure is the lower for it. So do properties: what they happen to pass through is another thing each
time. So do fixtures, and the further cases of a test, and tests of a file, of which some in a row passed nothing that was
not known. What is measured is imported under watch by the first process, and nothing else is.

Nor is watched what runs in a greenlet: there SQLAlchemy works, and nothing that is measured. That was two thirds of what
it costs to watch, as the coverage that knows of greenlets asks at each call in which one it is. One that does not know of
them would take their calls for those of whoever waits for them, so it has to see none.
"""

import os
import pkgutil
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import greenlet
import pytest
from coverage import Coverage

_MEASURED = ("tests/domain/", "tests/resolvers/", "tests/schema/")
# So many in a row that pass nothing new, and it is expected of none of the others of the same test, or file.
_CASES, _TESTS = 3, 10


def _import_measured() -> Coverage | None:
    """What watches this process, at rest, and all that is measured imported under its watch."""
    watching = Coverage.current()
    if watching is None:
        return None
    # Another one will watch there, and what is imported is told by the process that started it.
    if "PYTEST_XDIST_WORKER" not in os.environ:  # noqa: TID251 - so says pytest-xdist
        _import_all("domain")
        watching.stop()
        import_module("models")
        _import_all("core")
        watching.start()
        _import_all("resolvers")
    watching.stop()
    return watching


def _import_all(package: str) -> None:
    for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not found.name.endswith("_child"):
            import_module(found.name)


_first = _import_measured()


class Unwatched:
    """While a thread is in a greenlet other than its first, it is not watched."""

    def __init__(self) -> None:
        self._watcher: Any = None

    def begin(self) -> None:
        """Hold for this thread from now on."""
        greenlet.settrace(self._switched)

    def _switched(self, _: str, way: tuple[greenlet.greenlet, greenlet.greenlet]) -> None:
        if way[1].parent is None:
            self._watch()
        elif watcher := sys.gettrace():
            self._watcher = watcher
            sys.settrace(None)

    def _watch(self) -> None:
        if self._watcher is not None:
            sys.settrace(self._watcher)
            self._watcher = None


class Watch:
    """What measures, at rest but for the tests that count."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        coverage._warn_no_data = False  # where no test counts
        self._in_vain: Counter[str] = Counter()

    @contextmanager
    def over(self, item: pytest.Item) -> Iterator[None]:
        """Watch the block, if one of the last tests beside this one has told anything new."""
        file, test, known = item.nodeid.partition("::")[0], item.nodeid.partition("[")[0], self._known()
        if self._in_vain[test] >= _CASES or self._in_vain[file] >= _TESTS:
            yield
            return
        self._coverage.start()
        try:
            yield
        finally:
            self.rest()
            for name in (test, file):
                self._in_vain[name] = 0 if self._known() > known else self._in_vain[name] + 1

    def rest(self) -> None:
        """Watch nothing."""
        self._coverage.stop()

    def _known(self) -> int:
        collector = self._coverage._collector
        return sum(map(len, collector.data.values())) if collector else 0


_watch = pytest.StashKey[Watch]()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Leave what watches at rest: where several processes test, pytest-cov 7.1 has just started a second one."""
    watching = Coverage.current() or _first
    if watching is None:
        return
    Unwatched().begin()
    session.config.stash[_watch] = Watch(watching)
    while (beneath := Coverage.current()) is not None:
        beneath.stop()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    watch = item.config.stash.get(_watch, None)
    if watch is None:
        return (yield)
    if item.get_closest_marker("no_cover") is not None:  # pytest-cov begins to watch after those
        try:
            return (yield)
        finally:
            watch.rest()
    if item.get_closest_marker("hypothesis") is not None or not item.nodeid.startswith(_MEASURED):
        return (yield)
    with watch.over(item):
        return (yield)
