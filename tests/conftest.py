"""Fixtures for all tests; what they do is in `tests/support`."""

pytest_plugins = [
    "tests.support.frozen",  # first, as it is about all that is imported
    "tests.support.measured",  # it imports what is measured
    "tests.support.compiled",
    "tests.support.introspected",
    "tests.support.db",
    "tests.support.log_lines",
    "tests.support.mailbox",
    "tests.support.npm",
    "tests.support.browser",
    "tests.support.client",
    "tests.support.properties",
    "tests.support.receivers",
    "tests.support.skips",
    "tests.support.valkey",
    "tests.support.writing",
    "tests.support.serving",
    "tests.support.archives",
    "tests.support.desk",  # it uses some of those above
]
