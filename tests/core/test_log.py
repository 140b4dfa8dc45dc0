import io
import json
import logging

import pytest
import structlog

from core import log


@pytest.fixture(autouse=True)
def _restored():
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()
    structlog.configure(**ours)


def _lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_both_kinds_of_loggers_write_the_same_kind_of_line_with_what_is_bound():
    stream = io.StringIO()
    log.configure("INFO", "json", stream)
    structlog.contextvars.bind_contextvars(request_id="r1")
    structlog.get_logger("ours").info("stored", events=3)
    logging.getLogger("theirs").warning("slow by %d ms", 7)
    ours, theirs = _lines(stream)
    assert (ours["event"], ours["events"], ours["level"], ours["logger"]) == ("stored", 3, "info", "ours")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("slow by 7 ms", "warning", "theirs")
    assert ours["request_id"] == theirs["request_id"] == "r1"
    assert ours["timestamp"].endswith("Z")


def test_lines_below_the_level_are_left_out_and_chatty_libraries_are_quiet():
    stream = io.StringIO()
    log.configure("INFO", "json", stream)
    structlog.get_logger("ours").debug("detail")
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    assert _lines(stream) == []


def test_an_exception_is_told_whole():
    stream = io.StringIO()
    log.configure("INFO", "json", stream)
    try:
        int("broken")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
    (line,) = _lines(stream)
    assert line["exception"][0]["exc_type"] == "ValueError"


def test_lines_for_people_are_plain_where_nobody_sees_colours():
    stream = io.StringIO()
    log.configure("INFO", "console", stream)
    structlog.get_logger("ours").info("stored", events=3)
    assert "stored" in stream.getvalue()
    assert "events=3" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
