"""How log lines look in tests: as they are by default, but tracebacks without the values of variables.

Rich prints those if it is installed, which takes seconds where they are large, of which nobody reads any.
"""

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback

_before = structlog.get_config()["processors"][:-1]
structlog.configure(processors=[*_before, ConsoleRenderer(colors=False, exception_formatter=plain_traceback)])
