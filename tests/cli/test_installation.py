import json
import os
import subprocess
import sys
import textwrap

import pytest

from cli.installation import (
    Running,
    credentials_at,
    credentials_path,
    find_credentials,
    find_running,
    hold,
    make_data_dir,
    read_credentials,
    write_credentials,
)
from cli.problem import Problem
from core.settings import ROOT

_RUNNING = Running(pid=7, url="http://127.0.0.1:8470", database_url="postgresql://db", redis_url="redis://store")
_MADE = {"token": "secret", "ingest_key": "key", "project_number": 12}


def test_a_second_holder_is_told_where_the_first_runs(tmp_path):
    with hold(tmp_path) as lock:
        lock.tell(_RUNNING)
        with pytest.raises(Problem, match=r"already runs .* at http://127.0.0.1:8470 \(process 7\)"), hold(tmp_path):
            pass


def test_a_second_holder_is_told_that_the_first_is_still_starting(tmp_path):
    with hold(tmp_path), pytest.raises(Problem, match="still starting"), hold(tmp_path):
        pass


def test_who_runs_can_be_found_while_it_runs_and_not_after(tmp_path):
    assert find_running(tmp_path) is None
    with hold(tmp_path) as lock:
        assert find_running(tmp_path) is None
        lock.tell(_RUNNING)
        assert find_running(tmp_path) == _RUNNING
    assert find_running(tmp_path) is None


def test_what_a_killed_holder_wrote_counts_for_nothing(tmp_path):
    code = f"""
        import os
        from pathlib import Path
        from cli.installation import Running, hold
        with hold(Path({str(tmp_path)!r})) as lock:
            lock.tell(Running(1, "http://gone", "", ""))
            os.kill(os.getpid(), 9)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, check=False)
    assert "gone" in (tmp_path / "tocsin.lock").read_text()
    assert find_running(tmp_path) is None
    with hold(tmp_path):
        pass


def test_the_lock_holds_secrets_and_is_private(tmp_path):
    with hold(tmp_path):
        assert (tmp_path / "tocsin.lock").stat().st_mode & 0o777 == 0o600


def test_a_directory_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match=r"file/data cannot be written \(Not a directory\): set TOCSIN_DATA_DIR"):
        make_data_dir(tmp_path / "file" / "data")


def test_a_directory_that_is_a_file_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match=r"file is a file: set TOCSIN_DATA_DIR to a directory"):
        make_data_dir(tmp_path / "file")
    assert find_running(tmp_path / "file") is None
    assert find_credentials(tmp_path / "file", "http://here") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a directory of another user")
def test_a_directory_of_another_user_is_said(tmp_path):
    tmp_path.chmod(0o755)
    code = f"""
        from pathlib import Path
        from cli.installation import make_data_dir
        from cli.problem import Problem
        import os
        os.setuid(65534)
        try:
            make_data_dir(Path({str(tmp_path / "data")!r}))
        except Problem as problem:
            print(problem)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "cannot be written (Permission denied)" in done.stdout, done.stderr


def test_credentials_are_private_whatever_the_mask(tmp_path):
    before = os.umask(0)
    try:
        write_credentials(tmp_path, credentials_at("http://here", **_MADE))
    finally:
        os.umask(before)
    path = credentials_path(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(path.read_text())) == {"graphql_url", "ws_url", "token", "ingest_key", "dsn"}


def test_credentials_are_read_with_the_address_that_holds_now(tmp_path):
    write_credentials(tmp_path, credentials_at("http://127.0.0.1:1", **_MADE))
    assert read_credentials(tmp_path, "https://tocsin.example") == credentials_at("https://tocsin.example", **_MADE)


def test_credentials_take_the_place_of_older_ones_and_of_what_a_stop_left(tmp_path):
    (tmp_path / "credentials.new").write_text("half of th")
    for token in ("older", "newer"):
        write_credentials(tmp_path, credentials_at("http://here", **{**_MADE, "token": token}))
    assert read_credentials(tmp_path, "http://here").token == "newer"
    assert [path.name for path in tmp_path.iterdir()] == ["credentials.json"]


def test_credentials_that_cannot_be_written_are_said(tmp_path):
    credentials_path(tmp_path).mkdir()
    with pytest.raises(Problem, match=r"cannot be written \(Is a directory\)"):
        write_credentials(tmp_path, credentials_at("http://here", **_MADE))


def test_missing_credentials_are_said(tmp_path):
    with pytest.raises(Problem, match="no credentials"):
        read_credentials(tmp_path, "http://here")


@pytest.mark.parametrize(
    ("base_url", "ws_url", "dsn"),
    [
        ("http://127.0.0.1:8470", "ws://127.0.0.1:8470/graphql", "http://key@127.0.0.1:8470/12"),
        ("https://tocsin.example", "wss://tocsin.example/graphql", "https://key@tocsin.example/12"),
    ],
)
def test_addresses_follow_the_base_address(base_url, ws_url, dsn):
    credentials = credentials_at(base_url, **_MADE)
    assert (credentials.graphql_url, credentials.ws_url, credentials.dsn) == (f"{base_url}/graphql", ws_url, dsn)
