"""Which tests count for the coverage of `domain/` and `resolvers/`: their own, and those of the floors above them.

To watch every line makes a test take twice as long. What a server, a command or a whole Tocsin passes through on its way
is not tested by that, so those run unwatched, and the figure is the lower for it. So do properties: what they happen to
pass through is another thing each time. To collect the tests takes twice as long, too, and tests nothing: all that is
measured is imported before.
"""

import pkgutil
from collections.abc import Generator
from importlib import import_module

import pytest
from coverage import Coverage

import domain
import resolvers

_MEASURED = ("tests/domain/", "tests/resolvers/", "tests/schema/", "tests/tasks/")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    """Leave one that watches: where several processes test, pytest-cov 7.1 starts two, and who stops one wakes the other."""
    watching = Coverage.current()
    if watching is None:
        return
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
