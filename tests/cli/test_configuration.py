import pytest

from cli.configuration import read_settings, read_settings_with_stores
from cli.installation import Running, hold
from cli.problem import Problem
from core.settings import Settings


@pytest.fixture(autouse=True)
def _own_data(monkeypatch, tmp_path):
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(tmp_path))


def test_every_wrong_variable_is_named_with_what_is_wrong(monkeypatch):
    monkeypatch.setenv("TOCSIN_PORT", "many")
    monkeypatch.setenv("TOCSIN_DRAIN_S", "-1")
    with pytest.raises(Problem) as caught:
        read_settings()
    assert caught.value.exit_code == 2
    lines = str(caught.value).splitlines()
    assert lines[0] == "Wrong settings:"
    assert {line.split(":")[0].strip() for line in lines[1:]} == {"TOCSIN_PORT", "TOCSIN_DRAIN_S"}
    assert "(it is 'many')" in lines[1]


def test_the_password_in_a_wrong_url_is_not_shown(monkeypatch):
    monkeypatch.setenv("TOCSIN_REDIS_URL", "http://:hidden@here")
    with pytest.raises(Problem) as caught:
        read_settings()
    assert "TOCSIN_REDIS_URL: must start with redis://" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_the_stores_of_a_tocsin_that_runs_here_are_taken(tmp_path):
    with hold(tmp_path) as lock:
        lock.tell(Running(1, "http://here:1", "postgresql://theirs", "redis://theirs"))
        settings = read_settings_with_stores()
    assert (settings.database_url, settings.redis_url) == ("postgresql://theirs", "redis://theirs")
    assert settings.base_url == "http://here:1"


def test_a_store_that_is_set_is_taken_before_that_of_a_tocsin_that_runs_here(tmp_path, monkeypatch):
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "postgresql://mine")
    with hold(tmp_path) as lock:
        lock.tell(Running(1, "http://here:1", "postgresql://theirs", "redis://theirs"))
        assert read_settings_with_stores().database_url == "postgresql://mine"


def test_without_stores_it_is_said_how_to_get_some():
    with pytest.raises(Problem, match=r"start it \(make run\), or set TOCSIN_DATABASE_URL"):
        read_settings_with_stores()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8470"),
        ("0.0.0.0", "http://127.0.0.1:8470"),
        ("::", "http://[::1]:8470"),
        ("example.org", "http://example.org:8470"),
    ],
)
def test_the_address_given_out_can_be_reached_from_here(host, address):
    assert Settings(host=host).base_url == address
