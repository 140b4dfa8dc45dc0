"""Which tests count for the coverage of `domain/` and `resolvers/`: their own, and those of the floors above them.

To watch every line makes a test take twice as long. What a server, a command or a whole Tocsin passes through on its way
is not tested by that, so those run unwatched, and the figure is the lower for it. So do properties: what they happen to
pass through is another thing each time. To collect the tests takes twice as long, too, and tests nothing: all that is
measured is imported before.

Nor is watched what runs in a greenlet: there SQLAlchemy works, and nothing that is measured. That was two thirds of what
it costs to watch, as the coverage that knows of greenlets asks at each call in which one it is. One that does not know of
them would take their calls for those of whoever waits for them, so it has to see none.
"""

import pkgutil
import sys
from collections.abc import Generator
from importlib import import_module
from typing import Any

import greenlet
import pytest
from coverage import Coverage

import domain
import resolvers

_MEASURED = ("tests/domain/", "tests/resolvers/", "tests/schema/", "tests/tasks/")


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


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    """Leave one that watches: where several processes test, pytest-cov 7.1 starts two, and who stops one wakes the other."""
    watching = Coverage.current()
    if watching is None:
        return
    Unwatched().begin()
    watching.stop()
    while (beneath := Coverage.current()) is not None:
        beneath.stop()
    watching.start()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    watching = Coverage.current()
    if watching is None:
        return (yield)
    for package in (domain, resolvers):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(found.name)
    watching.stop()
    try:
        return (yield)
    finally:
        watching.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    watching = Coverage.current()
    is_left_to_pytest_cov = item.get_closest_marker("no_cover") is not None
    is_measured = item.nodeid.startswith(_MEASURED) and item.get_closest_marker("hypothesis") is None
    if watching is None or is_left_to_pytest_cov or is_measured:
        return (yield)
    watching.stop()
    try:
        return (yield)
    finally:
        watching.start()
