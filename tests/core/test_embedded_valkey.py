import os
import subprocess
import sys
import textwrap

import psutil
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from core.embedded import valkey as module
from core.embedded.process import ServerFailed
from core.embedded.quarters import find_quarters
from core.embedded.valkey import Valkey
from tests.support.places import open_directory


@pytest.fixture
def directory():
    with open_directory() as directory:
        yield directory


@pytest.fixture
def valkey(directory):
    valkey = Valkey(find_quarters(directory))
    valkey.start()
    yield valkey
    valkey.stop()


def _client(url):
    return Redis.from_url(url, decode_responses=True)


def test_it_keeps_every_write_in_a_file_and_drops_nothing(valkey):
    with _client(valkey.url) as client:
        names = ("appendonly", "appendfsync", "save", "maxmemory-policy")
        assert [client.config_get(name)[name] for name in names] == ["yes", "everysec", "", "noeviction"]


def test_it_asks_for_a_password_which_its_command_line_does_not_show(valkey):
    password = valkey.url.split(":")[2].split("@")[0]
    assert password not in " ".join(psutil.Process(valkey.pid).cmdline())
    with pytest.raises(AuthenticationError), _client(valkey.url.replace(password, "wrong")) as client:
        client.ping()


def test_data_outlives_a_stop(valkey):
    with _client(valkey.url) as client:
        client.set("kept", "7")
    valkey.stop()
    valkey.start()
    with _client(valkey.url) as client:
        assert client.get("kept") == "7"


def test_data_outlives_a_kill_at_the_same_address(valkey):
    url = valkey.url
    with _client(url) as client:
        client.set("kept", "7")
    valkey.kill()
    assert valkey.returncode is not None
    valkey.start()
    assert valkey.url == url
    with _client(url) as client:
        assert client.get("kept") == "7"


def test_two_never_write_to_the_same_file(directory, valkey, monkeypatch):
    monkeypatch.setattr(module, "_FORMER_S", 0.0)
    with pytest.raises(ServerFailed, match="Another Valkey"):
        Valkey(find_quarters(directory)).start()
    assert valkey.returncode is None


def test_a_server_that_cannot_start_shows_its_log(directory, valkey):
    valkey.stop()
    manifest = next((directory / "valkey" / "appendonlydir").glob("*.manifest"))
    manifest.write_text("nonsense\n")
    with pytest.raises(ServerFailed, match="manifest"):
        valkey.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands servers to another account")
def test_root_does_not_run_it_as_root(valkey):
    assert psutil.Process(valkey.pid).uids().real != 0


def test_it_ends_with_a_process_that_is_killed_and_starts_again_over_its_data(directory):
    code = f"""
        import time
        from pathlib import Path
        from core.embedded.quarters import find_quarters
        from core.embedded.valkey import Valkey
        valkey = Valkey(find_quarters(Path({str(directory)!r})))
        valkey.start()
        print(valkey.url, flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    with parent:
        with _client(parent.stdout.readline().strip()) as client:
            client.set("kept", "7")
        parent.kill()
    valkey = Valkey(find_quarters(directory))
    valkey.start()
    try:
        with _client(valkey.url) as client:
            assert client.get("kept") == "7"
    finally:
        valkey.stop()
