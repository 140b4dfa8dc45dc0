import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import asyncpg
import psutil
import pytest

from core.embedded import cluster
from core.embedded import postgres as module
from core.embedded.lock import take_lock
from core.embedded.postgres import Postgres
from core.embedded.process import ServerFailed
from core.embedded.quarters import find_quarters
from core.settings import ROOT
from tests.support.places import open_directory

SYSTEM_PYTHON = Path("/usr/bin/python3")
NOBODY = 65534


def _is_ours(python):
    code = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return python.exists() and subprocess.run([python, "-c", code], check=False).returncode == 0


@pytest.fixture
def directory():
    with open_directory() as directory:
        yield directory


@pytest.fixture
def postgres(directory):
    postgres = Postgres(find_quarters(directory), durable=False)
    yield postgres
    postgres.stop()


async def _run(url, *statements):
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            rows = await connection.fetch(statement)
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


async def test_the_product_has_a_role_that_owns_its_database_and_is_no_superuser(postgres):
    postgres.start()
    rows = await _run(
        postgres.url,
        "SELECT current_user, current_database(), rolsuper, pg_get_userbyid(datdba), rolname "
        "FROM pg_roles JOIN pg_database ON datname = current_database() WHERE rolname = current_user",
    )
    assert rows == [("tocsin", "tocsin", False, "tocsin", "tocsin")]


async def test_it_is_durable_and_private(directory):
    postgres = Postgres(find_quarters(directory))
    postgres.start()
    try:
        names = ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "server_encoding", "jit")
        rows = [(await _run(postgres.url, f"SHOW {name}"))[0][0] for name in names]
        assert rows == ["on", "on", "on", "", "UTF8", "off"]
        sockets = next(path for path in directory.rglob("run") if path.is_dir())
        assert sockets.stat().st_mode & 0o777 == 0o700
    finally:
        postgres.stop()


async def test_a_wrong_password_is_refused(postgres):
    postgres.start()
    wrong = postgres.url.replace("tocsin:", "tocsin:x")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def test_data_outlives_a_stop(postgres):
    postgres.start()
    await _run(postgres.url, "CREATE TABLE kept (number int)", "INSERT INTO kept VALUES (7)")
    postgres.stop()
    postgres.start()
    assert await _run(postgres.url, "SELECT number FROM kept") == [(7,)]


async def test_data_outlives_a_kill_at_the_same_address(postgres):
    postgres.start()
    url = postgres.url
    await _run(url, "CREATE TABLE kept (number int)", "INSERT INTO kept VALUES (7)")
    postgres.kill()
    assert postgres.returncode is not None
    postgres.start()
    assert postgres.url == url
    assert await _run(url, "SELECT number FROM kept") == [(7,)]


async def test_what_an_interrupted_set_up_left_is_made_anew(directory, postgres):
    (directory / "postgres.new" / "data").mkdir(parents=True)
    postgres.start()
    assert await _run(postgres.url, "SELECT 1") == [(1,)]
    assert not (directory / "postgres.new").exists()


async def test_a_path_may_have_odd_characters(directory):
    postgres = Postgres(find_quarters(directory / "a b%20'&ü"), durable=False)
    postgres.start()
    try:
        assert await _run(postgres.url, "SELECT 1") == [(1,)]
    finally:
        postgres.stop()


def test_data_that_another_server_holds_is_left_alone(directory, postgres, monkeypatch):
    monkeypatch.setattr(module, "_FORMER_S", 0.0)
    postgres.start()
    second = Postgres(find_quarters(directory), durable=False)
    with pytest.raises(ServerFailed, match=f"process {postgres.pid}"):
        second.start()
    assert postgres.returncode is None


def test_data_of_another_major_version_is_refused_and_both_are_named(directory, postgres):
    postgres.start()
    postgres.stop()
    version = directory / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(ServerFailed, match=r"made by PostgreSQL 17, and PostgreSQL 18"):
        postgres.start()


def test_a_server_that_cannot_start_shows_its_log(directory, postgres, monkeypatch):
    monkeypatch.setattr(module, "_RETRY_S", 0.0)
    postgres.start()
    postgres.stop()
    with (directory / "postgres" / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = lots\n")
    with pytest.raises(ServerFailed, match="shared_buffers"):
        postgres.start()


@pytest.mark.parametrize("name", [f"{'d' * 60}/{'e' * 60}", "one, two"])
async def test_a_path_unfit_for_a_socket_gets_a_short_one(directory, name):
    deep = directory / name
    deep.parent.mkdir(exist_ok=True)
    postgres = Postgres(find_quarters(deep), durable=False)
    postgres.start()
    try:
        assert await _run(postgres.url, "SELECT 1") == [(1,)]
        sockets = Path(postgres.url.rsplit("=", 1)[1])
        assert str(sockets).startswith("/tmp/tocsin-")
    finally:
        postgres.stop()
    assert not sockets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands servers to another account")
async def test_root_does_not_run_it_as_root(postgres):
    postgres.start()
    assert psutil.Process(postgres.pid).uids().real != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs all the other tests so")
@pytest.mark.skipif(not _is_ours(SYSTEM_PYTHON), reason="there is no Python of our version that another user can run")
def test_an_ordinary_user_runs_it_from_the_installed_package(directory):
    home = directory / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    packages = str(Path(psutil.__file__).parent.parent)
    code = f"""
        import os, asyncio, asyncpg, psutil
        from pathlib import Path
        from core.embedded.postgres import Postgres
        from core.embedded.quarters import find_quarters
        from core.embedded.valkey import Valkey
        quarters = find_quarters(Path({str(home / "data")!r}))
        postgres, valkey = Postgres(quarters, durable=False), Valkey(quarters)
        postgres.start()
        valkey.start()
        async def ask():
            connection = await asyncpg.connect(postgres.url)
            print(await connection.fetchval("SELECT current_user"), {packages!r} in str(quarters.postgres_programs))
            await connection.close()
        asyncio.run(ask())
        print(psutil.Process(postgres.pid).uids().real, psutil.Process(valkey.pid).uids().real)
        valkey.stop()
        postgres.stop()
    """
    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", textwrap.dedent(code)],
        env={"PYTHONPATH": f"{ROOT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["tocsin True", f"{NOBODY} {NOBODY}"], done.stderr


async def test_it_ends_with_a_process_that_is_killed_and_starts_again_over_its_data(directory):
    code = f"""
        import time
        from pathlib import Path
        from core.embedded.postgres import Postgres
        from core.embedded.quarters import find_quarters
        postgres = Postgres(find_quarters(Path({str(directory)!r})), durable=False)
        postgres.start()
        print(postgres.pid, postgres.url, flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    with parent:
        pid, url = parent.stdout.readline().split()
        await _run(url, "CREATE TABLE kept (number int)", "INSERT INTO kept VALUES (7)")
        parent.kill()
    postgres = Postgres(find_quarters(directory), durable=False)
    postgres.start()
    try:
        assert not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE
        assert await _run(postgres.url, "SELECT number FROM kept") == [(7,)]
    finally:
        postgres.stop()
    shutil.rmtree(directory / "postgres")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_a_first_start_that_is_cut_short_is_begun_anew_at_once(directory, number):
    code = f"""
        from pathlib import Path
        from core.embedded.postgres import Postgres
        from core.embedded.quarters import find_quarters
        Postgres(find_quarters(Path({str(directory)!r})), durable=False).start()
    """
    first = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stderr=subprocess.DEVNULL)
    with first:
        while not (directory / "postgres.new" / "data" / "PG_VERSION").exists():
            assert first.poll() is None
        first.send_signal(number)
    postgres = Postgres(find_quarters(directory), durable=False)
    postgres.start()
    try:
        assert await _run(postgres.url, "SELECT 1") == [(1,)]
        assert {path.name for path in directory.iterdir()} == {"log", "postgres"}
        assert {path.name for path in (directory / "postgres").iterdir()} == {"data", "passwords.json", "run"}
    finally:
        postgres.stop()


def test_data_that_another_start_still_makes_is_left_alone(directory, postgres, monkeypatch):
    monkeypatch.setattr(cluster, "_FORMER_S", 0.0)
    half_made = directory / "postgres.new"
    half_made.mkdir()
    lock = take_lock(half_made / "lock", 0)
    try:
        with pytest.raises(ServerFailed, match=r"Another start still makes .*postgres\.new"):
            postgres.start()
    finally:
        os.close(lock)
    assert half_made.exists()


def test_half_made_data_that_cannot_be_removed_is_said(directory, postgres):
    (directory / "postgres.new").touch()
    with pytest.raises(ServerFailed, match=r"cannot be removed \(Not a directory\)"):
        postgres.start()
