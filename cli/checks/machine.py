"""Is this machine fit to run Tocsin?"""

import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cli.checks import Finding
from cli.installation import Running, make_data_dir
from cli.problem import Problem
from core.embedded.process import ServerFailed
from core.embedded.quarters import check_programs
from core.settings import Settings

_LEAST_PYTHON = (3, 11)
_ENOUGH_BYTES, _LEAST_BYTES = 2 * 2**30, 256 * 2**20


def check_machine(settings: Settings, running: Running | Problem | None) -> Iterator[Finding]:
    """Look at Python, the data directory, the disk, and the programs that come along."""
    yield _python()
    yield _data_dir(settings.data_dir)
    yield _disk(settings.data_dir)
    if not (settings.database_url and settings.redis_url):
        yield _programs()
    if running or not (settings.database_url and settings.redis_url):
        yield _whether_running(running)


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info[:2] < _LEAST_PYTHON:
        return Finding("FAIL", "Python", f"{version}: Tocsin needs 3.11 or newer.")
    return Finding("ok", "Python", version)


def _data_dir(data_dir: Path) -> Finding:
    try:
        make_data_dir(data_dir)
    except Problem as problem:
        return Finding("FAIL", "Data directory", str(problem))
    return Finding("ok", "Data directory", str(data_dir))


def _disk(data_dir: Path) -> Finding:
    free = _free_bytes(data_dir)
    words = f"{free / 2**30:.1f} GiB free"
    if free >= _ENOUGH_BYTES:
        return Finding("ok", "Disk", words)
    return Finding("warn" if free >= _LEAST_BYTES else "FAIL", "Disk", f"{words} at {data_dir}: make room.")


def _free_bytes(data_dir: Path) -> int:
    """Room on the disk of the data directory, or of where it is to be, as far as we may look."""
    for path in (data_dir, *data_dir.parents):
        with suppress(OSError):
            return shutil.disk_usage(path).free
    return 0


def _programs() -> Finding:
    try:
        check_programs()
    except ServerFailed as failure:
        return Finding("FAIL", "Embedded servers", str(failure))
    return Finding("ok", "Embedded servers", "PostgreSQL and Valkey are installed")


def _whether_running(running: Running | Problem | None) -> Finding:
    if isinstance(running, Problem):
        return Finding("warn", "Tocsin", f"{running} Call this as that user, and what it runs on is checked too.")
    if running is None:
        return Finding("warn", "Tocsin", "does not run on this data directory: start it with make run.")
    return Finding("ok", "Tocsin", f"runs at {running.url} (process {running.pid})")
