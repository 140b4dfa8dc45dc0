"""The command by which a person archives, looks into the archive, and erases people from it."""

import asyncio
import json
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli.part import environment_with
from core.clock import ManualClock
from core.settings import ROOT
from domain.access import system
from resolvers.archive.run import archive_expired
from resolvers.partitions import drop_partitions
from resolvers.resources import Resources
from tests.cli.test_administration import tocsin  # noqa: F401 - a fixture
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project

ADMIN = system("test")


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands see the archive of the resources `in_directory`."""
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "archive"))


async def test_what_is_archived_is_listed_and_read_back(in_directory: Resources, tocsin, shown):  # noqa: F811
    project = await make_project(in_directory, slug="shop")
    issue = await make_issue(in_directory, project, events=0)
    await make_event(in_directory, issue, payload={"tags": [["country", "ÖÄ"]]})
    await make_issue(in_directory, project, events=1)
    done = await tocsin("archive", "run", "--before", "2026-03-03", as_a_person=True)
    assert (done.code, done.out.split(), done.err) == (0, [str(project.number), "2026-03-02", "2"], "")
    listed = await tocsin("archive", "list")
    number, day, events, size, name = listed.out.split()
    assert (number, day, events) == (str(project.number), "2026-03-02", "2")
    assert (int(size) > 0, name) == (True, f"{project.number}/2026-03/event_20260302-0001.parquet")
    read = await tocsin("archive", "read", "--project", "shop", "--from", "2026-03-02", "--issue", issue.short_id)
    (event,) = [json.loads(line) for line in read.out.splitlines()]
    assert (event["issue"], event["payload"]) == (issue.short_id, {"tags": [["country", "ÖÄ"]]})


async def test_a_person_is_erased_from_files_as_well(
    in_directory: Resources,
    clock: ManualClock,
    tocsin,  # noqa: F811
    shown,
    monkeypatch: pytest.MonkeyPatch,
):
    res = in_directory
    issue = await make_issue(res, await make_project(res, slug="shop"), events=0)
    await make_event(res, issue, payload={"user": {"id": "u-7"}})
    await clock.advance(timedelta(days=92))
    await archive_expired(res, ADMIN)
    await drop_partitions(res)
    await res.db.raw.execute("DELETE FROM kept_event")
    done = await tocsin("erase", "--project", "shop", "--user", "id=u-7")
    assert (done.code, done.out, done.err) == (0, "1 of 1 events changed", "")
    monkeypatch.delenv("TOCSIN_ARCHIVE")
    left = await tocsin("erase", "--project", "shop", "--user", "id=u-7")
    assert (left.code, left.out) == (
        0,
        "0 of 0 events changed; archived files are left to the worker, for TOCSIN_ARCHIVE is not set here",
    )


async def test_who_has_read_enough_may_go(in_directory: Resources, shown):
    await make_issue(in_directory, await make_project(in_directory, slug="shop"), events=1_500)
    await archive_expired(in_directory, ADMIN, before=date(2026, 3, 3))
    settings = in_directory.settings
    stores = {"TOCSIN_DATABASE_URL": settings.database_url, "TOCSIN_REDIS_URL": settings.redis_url}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "archive", "read", "--project", "shop"),
        cwd=ROOT,
        env=environment_with(stores),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert json.loads(await process.stdout.readline())["service"] == "checkout"
    process._transport.get_pipe_transport(1).close()
    assert (await process.stderr.read(), await process.wait()) == (b"", 0)


async def test_what_keeps_it_from_its_work_is_said_in_a_line(
    res: Resources,
    tocsin,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    none = await tocsin("archive", "list")
    assert (none.code, none.out, none.err) == (1, "", "There is no archive: TOCSIN_ARCHIVE is not set.")
    (tmp_path / "archive").write_text("no directory")
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "archive"))
    bad = await tocsin("archive", "run")
    assert (bad.code, bad.out, len(bad.err.splitlines())) == (1, "", 1)
    assert bad.err.startswith(f"The archive {tmp_path / 'archive'} does not work: ")
