import json
import re
import shutil
import signal
import socket
import subprocess
import time

import httpx
import psutil
import pytest

from tests.support.places import open_directory
from tests.support.running import Up, again, tocsin

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def directory():
    with open_directory() as directory:
        yield directory


@pytest.fixture(scope="module")
def up(directory):
    up = Up(directory / "var")
    up.wait_started()
    yield up
    up.end(signal.SIGTERM)


@pytest.fixture
def ready(up):
    """The running one, ready again after what the test before did to it."""
    _wait_ready(up)
    return up


def _wait_ready(up):
    url = up.credentials()["graphql_url"].removesuffix("/graphql")
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(transport=transport, timeout=30) as client:
        until = time.monotonic() + 40
        while client.get(f"{url}/health/readiness").status_code != 200:
            assert time.monotonic() < until, "never ready again"


def _printed_curl(up):
    return next(line.strip() for line in up.lines if line.strip().startswith("curl "))


def test_it_prints_what_there_is_to_know(up):
    text = "".join(up.lines)
    for value in (*up.credentials().values(), str(up.data_dir), str(up.data_dir / "log")):
        assert value in text


def test_the_credentials_are_for_our_user_only(up):
    assert (up.data_dir / "credentials.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_curl_line_logs_an_error_as_printed(ready):
    done = subprocess.run(["/bin/sh", "-c", _printed_curl(ready)], capture_output=True, text=True, check=True)
    logged = json.loads(done.stdout)["data"]["logError"]
    assert logged["outcome"] == "STORED"
    assert re.fullmatch(r"[A-Z]+-\w+", logged["issueShortId"])


def test_the_token_reads_and_the_ingest_key_does_not(ready):
    credentials = ready.credentials()
    answers = [
        httpx.post(
            credentials["graphql_url"],
            headers={"Authorization": f"Bearer {credentials[name]}"},
            json={"query": "{ viewer { __typename } }"},
        ).json()
        for name in ("token", "ingest_key")
    ]
    assert answers[0]["data"]["viewer"] is not None
    assert answers[1]["errors"][0]["extensions"]["code"] in {"FORBIDDEN", "UNAUTHENTICATED"}


def test_a_second_start_is_told_where_the_first_runs(ready):
    done = tocsin("up", **ready.settings)
    assert done.returncode == 1
    assert ready.credentials()["graphql_url"].removesuffix("/graphql") in done.stderr
    assert f"process {ready.process.pid}" in done.stderr


def test_the_doctor_finds_nothing_wrong(ready):
    done = tocsin("doctor", **ready.settings)
    assert done.returncode == 0, done.stdout
    assert "FAIL" not in done.stdout
    for subject in ("Database", "Migrations", "Valkey", "Persistence", "Clock"):
        assert f"ok    {subject}" in done.stdout


@pytest.mark.parametrize(
    ("part", "name"), [("api", "api"), ("worker", "worker"), ("valkey-server", "valkey"), ("postgres", "postgresql")]
)
def test_a_part_that_is_killed_is_started_again_and_that_is_said(ready, part, name):
    before = ready.parts()[part]
    before.kill()
    ready.wait_for(f"{name} was ended by SIGKILL")
    ready.wait_for(f"{name} runs again")
    _wait_ready(ready)
    assert ready.parts()[part].pid != before.pid


def test_however_it_ends_nothing_runs_on_and_the_next_start_has_the_data():
    with open_directory() as directory:
        first = Up(directory / "var")
        first.wait_started()
        credentials = first.credentials()
        port = httpx.URL(credentials["graphql_url"]).port
        parts = first.parts()
        assert set(parts) == {"api", "worker", "valkey-server", "postgres"}
        assert first.end(signal.SIGKILL) == -signal.SIGKILL
        _, alive = psutil.wait_procs(parts.values(), timeout=40)
        assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
        for number in (signal.SIGINT, signal.SIGTERM):
            again = Up(directory / "var", port=port)
            again.wait_started()
            assert again.credentials() == credentials
            parts = again.parts()
            assert again.end(number) == 0
            assert [name for name, process in parts.items() if process.is_running()] == []
            assert "The data is kept" in again.lines[-1]


def test_with_both_stores_given_nothing_embedded_starts(servers, database_url, redis_url, tmp_path):
    up = Up(tmp_path / "var", database_url=database_url, redis_url=redis_url)
    try:
        up.wait_started()
        assert set(up.parts()) == {"api", "worker"}
        assert not (tmp_path / "var" / "postgres").exists()
    finally:
        up.end(signal.SIGTERM)


def test_a_valkey_that_is_away_is_said_and_waited_for_by_nobody(database_url, tmp_path):
    up = Up(tmp_path / "var", database_url=database_url, redis_url="redis://127.0.0.1:1")
    try:
        up.wait_started()
        assert "check TOCSIN_REDIS_URL" in "".join(up.lines)
    finally:
        up.end(signal.SIGTERM)


def test_a_host_that_there_is_not_is_named(tmp_path):
    for host, reason in (("a..b", "no host has such a name"), ("no-such-host.invalid", "not known|resolution")):
        done = tocsin("up", data_dir=tmp_path, host=host)
        assert done.returncode == 1
        assert re.search(rf"Cannot listen on {host} port 8470 \(.*({reason}).*\): set TOCSIN_PORT", done.stderr), (
            done.stderr
        )


def test_a_port_in_use_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = tocsin("up", data_dir=tmp_path, port=port)
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "TOCSIN_PORT" in done.stderr
    assert "(Address already in use): set" in done.stderr


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    done = tocsin("up", data_dir=tmp_path / "file" / "var")
    assert done.returncode == 1
    assert "TOCSIN_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_directory_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").touch()
    for command, code in (("up", 1), ("doctor", 1), ("credentials", 1), ("migrate", 1)):
        done = again(command, data_dir=tmp_path / "file")
        assert done.returncode == code
        assert "Traceback" not in done.stderr
        if command in {"up", "doctor"}:
            assert f"{tmp_path / 'file'} is a file: set TOCSIN_DATA_DIR to a directory." in done.stderr + done.stdout


def test_data_of_another_major_version_is_named():
    with open_directory() as directory:
        (directory / "postgres" / "data").mkdir(parents=True)
        (directory / "postgres" / "data" / "PG_VERSION").write_text("17\n")
        done = tocsin("up", data_dir=directory, port=0)
    assert done.returncode == 1
    assert "PostgreSQL 17" in done.stderr
    assert "PostgreSQL 18" in done.stderr


def test_a_first_start_that_is_stopped_can_be_repeated_at_once():
    with open_directory() as directory:
        data_dir = directory / "var"
        for pause_s in (0.1, 0.4):
            up = Up(data_dir)
            up.wait_for("Starting PostgreSQL")
            time.sleep(pause_s)
            up.process.send_signal(signal.SIGINT)
            assert up.end(signal.SIGINT) == 0, up.lines  # who presses twice
            assert up.lines[-1] == "Stopped. The data is kept.\n"
        again = Up(data_dir)
        again.wait_started()
        assert again.end(signal.SIGTERM) == 0
