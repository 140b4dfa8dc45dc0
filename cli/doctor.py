"""`tocsin doctor`: is everything there that Tocsin needs, and if not, what to do?"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import typer

from cli.checks import Finding
from cli.checks.archive import check_archive
from cli.checks.database import check_database
from cli.checks.machine import check_machine
from cli.checks.mail import check_mail
from cli.checks.timetable import check_timetable
from cli.checks.valkey import check_valkey
from cli.configuration import read_settings
from cli.installation import Running, find_running
from cli.problem import Problem
from core.clock import SystemClock
from core.settings import Settings


def main() -> None:
    """Check everything that Tocsin needs."""
    if asyncio.run(_print_findings(read_settings())):
        raise typer.Exit(1)


async def _print_findings(settings: Settings) -> bool:
    """Print each finding as it comes, and say whether anything failed."""
    failed = False
    async for finding in _check(settings):
        print(f"{finding.level:<5} {finding.subject:<18} {finding.words}", flush=True)
        failed |= finding.level == "FAIL"
    return failed


async def _check(settings: Settings) -> AsyncIterator[Finding]:
    found = _find_running(settings.data_dir)
    for finding in check_machine(settings, found):
        yield finding
    running = None if isinstance(found, Problem) else found
    if database_url := settings.database_url or (running and running.database_url):
        async for finding in check_database(database_url, SystemClock()):
            yield finding
        async for finding in check_timetable(database_url, settings.timetable, SystemClock()):
            yield finding
    if redis_url := settings.redis_url or (running and running.redis_url):
        async for finding in check_valkey(redis_url):
            yield finding
    async for finding in check_mail(settings.smtp_url):
        yield finding
    for finding in check_archive(settings):
        yield finding


def _find_running(data_dir: Path) -> Running | Problem | None:
    """What runs on the data directory, or why that cannot be told: all else is checked then too."""
    try:
        return find_running(data_dir)
    except Problem as problem:
        return problem
