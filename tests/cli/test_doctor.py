import asyncio
import os
import subprocess
import sys
import textwrap
from datetime import timedelta

import asyncpg
import pytest
from redis.asyncio import Redis

from cli.checks.database import check_database
from cli.checks.machine import check_machine
from cli.checks.mail import check_mail
from cli.checks.timetable import check_timetable
from cli.checks.valkey import check_valkey
from cli.installation import Running, hold
from cli.problem import Problem
from core.clock import ManualClock, SystemClock
from core.settings import ROOT, Settings
from domain.timetable import ScheduledJob
from resolvers.resources import Resources
from resolvers.timetable.run import run_job
from tests.support.db import on_database
from tests.support.jobs import Chore
from tests.support.places import open_directory

NOBODY_LISTENS = "127.0.0.1:1"

_PARTS = ("Database", "Encoding", "Migrations", "Writing", "Dead letters", "Time limits", "Open transactions", "Clock")


async def _levels(findings):
    return {finding.subject: finding.level async for finding in findings}


async def test_a_good_database_is_found_good(database_url):
    levels = await _levels(check_database(database_url, SystemClock()))
    assert levels == dict.fromkeys(_PARTS, "ok")


async def test_a_database_out_of_reach_fails(database_url):
    for url in (f"postgresql://a@{NOBODY_LISTENS}/b", on_database(database_url, "nowhere"), "postgresql://a@/b?port=x"):
        assert await _levels(check_database(url, SystemClock())) == {"Database": "FAIL"}


async def test_a_database_that_was_never_migrated_fails(servers):
    findings = [finding async for finding in check_database(on_database(servers.database_url, "tocsin"), SystemClock())]
    assert [(finding.subject, finding.level) for finding in findings if finding.level == "FAIL"] == [
        ("Migrations", "FAIL")
    ]
    assert "tocsin migrate" in next(finding.words for finding in findings if finding.level == "FAIL")


async def test_a_database_of_another_encoding_fails(servers):
    connection = await asyncpg.connect(on_database(servers.database_url, "tocsin"))
    await connection.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    try:
        url = on_database(servers.database_url, "ascii")
        findings = [finding async for finding in check_database(url, SystemClock())]
    finally:
        await connection.execute("DROP DATABASE ascii")
        await connection.close()
    (words,) = [finding.words for finding in findings if finding.subject == "Encoding"]
    assert "ENCODING 'UTF8'" in words


async def test_scheduled_work_that_failed_is_warned_of(res: Resources, database_url):
    assert await _levels(check_timetable(database_url, None, SystemClock())) == {"Scheduled work": "ok"}
    await run_job(res, ScheduledJob.PRUNE_RUNS, Chore(ValueError("no")))
    (finding,) = [finding async for finding in check_timetable(database_url, None, ManualClock(res.clock.now()))]
    assert finding.level == "warn"
    assert "prune_runs failed at 2026-03-02 03:00 UTC: ValueError: no" in finding.words


async def test_scheduled_work_of_no_database_is_not_looked_at(servers):
    for url in (f"postgresql://a@{NOBODY_LISTENS}/b", on_database(servers.database_url, "tocsin")):
        assert await _levels(check_timetable(url, None, SystemClock())) == {}


async def test_a_transaction_left_open_is_warned_of(database_url):
    holder = await asyncpg.connect(database_url)
    await holder.execute("BEGIN; CREATE TABLE held (number int)")
    later = ManualClock(SystemClock().now() + timedelta(minutes=2))
    findings = [finding async for finding in check_database(database_url, later)]
    await holder.close()
    warned = {finding.subject: finding.words for finding in findings if finding.level == "warn"}
    assert "of tocsin since" in warned["Open transactions"]
    assert "apart" in warned["Clock"]


async def test_a_good_valkey_is_found_good(redis_url):
    assert await _levels(check_valkey(redis_url)) == {
        "Valkey": "ok",
        "Persistence": "ok",
        "Eviction": "ok",
        "Spool": "ok",
    }


async def test_a_valkey_out_of_reach_fails():
    assert await _levels(check_valkey(f"redis://{NOBODY_LISTENS}")) == {"Valkey": "FAIL"}


async def test_a_valkey_that_forgets_is_warned_of(redis_url):
    async with Redis.from_url(redis_url) as client:
        await client.config_set("appendonly", "no")
        await client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            levels = await _levels(check_valkey(redis_url))
        finally:
            await client.config_set("appendonly", "yes")
            await client.config_set("maxmemory-policy", "noeviction")
    assert levels == {"Valkey": "ok", "Persistence": "warn", "Eviction": "warn", "Spool": "ok"}


async def test_no_mail_server_is_warned_of_and_one_out_of_reach_fails():
    assert await _levels(check_mail(None)) == {"Mail": "warn"}
    assert await _levels(check_mail(f"smtp://{NOBODY_LISTENS}")) == {"Mail": "FAIL"}


async def test_a_mail_server_that_answers_is_found_good():
    async def greet(reader, writer):
        writer.write(b"220 here\r\n")
        while (line := await reader.readline()) and not line.startswith(b"QUIT"):
            writer.write(b"250 yes\r\n")
        writer.write(b"221 bye\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await _levels(check_mail(f"smtp://127.0.0.1:{port}")) == {"Mail": "ok"}


@pytest.mark.parametrize(
    ("running", "level"), [(None, "warn"), (Running(1, "http://here", "postgresql://", "redis://"), "ok")]
)
def test_the_machine_and_whether_we_run_are_looked_at(tmp_path, running, level):
    levels = {finding.subject: finding.level for finding in check_machine(Settings(data_dir=tmp_path), running)}
    assert levels["Tocsin"] == level
    assert {levels[subject] for subject in ("Python", "Data directory", "Embedded servers")} == {"ok"}


def test_who_may_not_see_what_runs_is_told_so_and_all_else_is_checked(tmp_path):
    hidden = Problem("It belongs to another user.")
    findings = {finding.subject: finding for finding in check_machine(Settings(data_dir=tmp_path), hidden)}
    assert findings["Tocsin"].level == "warn"
    assert findings["Tocsin"].words.startswith("It belongs to another user. Call this as that user")
    assert {"Python", "Data directory", "Disk", "Embedded servers"} < set(findings)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a directory of another user")
def test_another_user_is_told_what_can_be_checked(tmp_path):
    with open_directory() as directory, hold(directory / "var"):
        code = f"""
            import asyncio, os
            from core.settings import Settings
            from cli.doctor import _print_findings
            os.setuid(65534)
            assert asyncio.run(_print_findings(Settings(data_dir={str(directory / "var")!r})))
        """
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    subjects = [line[6:].split("  ")[0] for line in done.stdout.splitlines()]
    assert subjects == ["Python", "Data directory", "Disk", "Embedded servers", "Tocsin", "Mail"]
    assert "belongs to another user" in done.stdout


def test_a_data_directory_that_cannot_be_written_fails(tmp_path):
    (tmp_path / "file").touch()
    settings = Settings(data_dir=tmp_path / "file" / "data", database_url="postgresql://a", redis_url="redis://b")
    levels = {finding.subject: finding.level for finding in check_machine(settings, None)}
    assert levels["Data directory"] == "FAIL"
    assert "Embedded servers" not in levels
