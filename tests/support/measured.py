"""Which tests count for the coverage of `domain/` and `resolvers/`: their own, and those of the floors above them.

To watch every line makes a test take twice as long. What a server, a command or a whole Tocsin passes through on its way
is not tested by that, so those run unwatched, and the figure is the lower for it.
"""

from collections.abc import Generator

import pytest
from coverage import Coverage

_MEASURED = ("tests/domain/", "tests/resolvers/", "tests/schema/", "tests/tasks/")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    watching = Coverage.current()
    if watching is None or item.nodeid.startswith(_MEASURED):
        return (yield)
    watching.stop()
    try:
        return (yield)
    finally:
        watching.start()
