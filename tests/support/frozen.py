"""What lives as long as the tests do is left alone by the garbage collector.

That is a million objects: modules, the schema, the tests themselves. To walk over them took a fifth of all the time,
and a fifth of the time that it takes to import and collect them.
"""

import gc
from collections.abc import Generator

import pytest

gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect the tests, and garbage only from then on."""
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
