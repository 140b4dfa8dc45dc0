"""How log lines look: structlog's and the standard library's alike, for people or as JSON, on standard error.

What is bound with `structlog.contextvars.bind_contextvars` (the id of a request, say) goes into every line of its task.
"""

import logging
import sys
from typing import Literal, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

# They tell of every connection and every statement, which is what DEBUG is for, not INFO.
_QUIET = ("asyncio", "alembic", "arq", "sqlalchemy", "uvicorn.access", "httpx", "httpcore")


def configure(level: str, format: Literal["console", "json"], stream: TextIO | None = None) -> None:
    """Leave every logger of this process writing such lines, from that level on."""
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _without_second_message,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(format, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _without_second_message(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Drop the copy of the message with colours in it that uvicorn adds."""
    line.pop("color_message", None)
    return line


def _rendering(format: Literal["console", "json"], stream: TextIO) -> list[Processor]:
    if format == "json":
        # Without the values of variables: there may be tokens among them.
        tracebacks = ExceptionDictTransformer(show_locals=False)
        return [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
