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


def test_what_the_product_does_not_allow_is_named_beside_what_cannot_be_read(monkeypatch):
    wrong = {
        "TOCSIN_FIRST_PROJECT": "Bad Slug",
        "TOCSIN_OWNER_EMAIL": "nobody",
        "TOCSIN_OWNER_NAME": "\t",
        "TOCSIN_REDIS_URL": "redis://here:port",
        "TOCSIN_PORT": "many",
        "TOCSIN_TIMETABLE": "prune_run=5 *",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Problem) as caught:
        read_settings()
    lines = str(caught.value).splitlines()[1:]
    assert {line.split(":")[0].strip() for line in lines} == set(wrong)
    assert any("names 'prune_run', which is no job: did you mean prune_runs?" in line for line in lines)
    assert "  TOCSIN_OWNER_EMAIL: must look like name@example.com. (it is 'nobody')" in lines


def test_a_variable_that_is_no_setting_is_said_and_not_refused(monkeypatch, capsys):
    monkeypatch.setenv("TOCSIN_DATABSE_URL", "postgresql://:hidden@here")
    monkeypatch.setenv("TOCSIN_ZZZ", "1")
    read_settings()
    said = capsys.readouterr()
    assert said.out == ""
    assert "Note: TOCSIN_DATABSE_URL is no setting, and changes nothing: did you mean TOCSIN_DATABASE_URL?" in said.err
    assert "Note: TOCSIN_ZZZ is no setting" in said.err
    assert "hidden" not in said.err


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
