"""Fixtures for all tests; what they do is in `tests/support`."""

pytest_plugins = ["tests.support.db", "tests.support.skips", "tests.support.writing"]
