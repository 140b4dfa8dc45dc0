from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import ROOT, Settings, unknown_variables


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("database_url", "postgresql://here:port/db", "must have a number from 1 to 65535 as its port"),
        ("database_url", "postgresql://user@/db?host=/run&port=x", "must have a number from 1 to 65535 as its port"),
        ("database_url", "postgresql://[::1/db", "must be a URL"),
        ("database_url", "here/db", "must start with postgresql:// or postgres://"),
        ("redis_url", "redis://here:port/0", "must have a number from 1 to 65535 as its port"),
        ("redis_url", "redis://here:65536/0", "must have a number from 1 to 65535 as its port"),
        ("redis_url", "redis://:password@/0", "must name a host, as in redis://127.0.0.1"),
        ("redis_url", "redis://", "must name a host, as in redis://127.0.0.1"),
        ("redis_url", "redis://here/first", "must name its database by a number"),
        ("redis_url", "redis://here?db=first", "must name its database by a number"),
        ("smtp_url", "smtp://", "must name a host, as in smtp://127.0.0.1"),
        ("public_url", "http://", "must name a host, as in http://127.0.0.1"),
        ("public_url", "https://here:port", "must have a number from 1 to 65535 as its port"),
        ("cost_per_minute", "19999", "must be 0 or at least 20000, which one operation may cost"),
        ("documents_from", "/nowhere/at/all", "must be a folder or a file that is there"),
        ("mail_from", "garbage", "must be a mail address, such as Tocsin <tocsin@example.com>"),
        ("mail_from", "Tocsin <here@>", "must be a mail address, such as Tocsin <tocsin@example.com>"),
        ("archive", "s3://", "must name a host, as in s3://127.0.0.1"),
        ("archive", "gs://bucket/events", "must start with s3://"),
        ("archive", "s3://key:secret@bucket", "must not hold a key"),
        ("archive", "s3://bucket?endpoint=here", "must start with http:// or https://"),
        ("archive", "s3://bucket?zone=1", "knows only `endpoint` and `region`"),
        ("archive", "~nobody-of-that-name/archive", "must not begin with the home directory of somebody who has none"),
        ("data_dir", "~nobody-of-that-name/var", "must not begin with the home directory of somebody who has none"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(name, value, reason):
    with pytest.raises(ValidationError) as caught:
        Settings(**{name: value})
    (wrong,) = caught.value.errors()
    assert wrong["loc"] == (name,)
    assert reason in wrong["msg"]


def test_a_reason_never_shows_what_may_be_part_of_a_password():
    for name, value in (("redis_url", "redis://:hid#den@here"), ("database_url", "postgresql://user:hid/den@here/db")):
        with pytest.raises(ValidationError) as caught:
            Settings(**{name: value})
        assert "hid" not in caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://user:password@/db?host=/run/postgresql"),
        ("database_url", "postgresql:///db?host=one,other&port=5432,5433"),
        ("redis_url", "rediss://user:p%40ss@here:6380/3"),
        ("redis_url", "redis://here?db=3"),
        ("smtp_url", "smtps://user:p%40ss@here"),
        ("public_url", "https://[::1]:8470/below"),
        ("archive", "s3://bucket/of/events?region=eu-central-1&endpoint=http://127.0.0.1:9000"),
        ("archive", "/srv/archive"),
        ("mail_from", "Glöckner <tocsin@bücher.example>"),
    ],
)
def test_what_can_be_used_is_kept_as_it_is(name, value):
    assert getattr(Settings(**{name: value}), name) == value


def test_a_slash_at_the_end_of_an_address_counts_for_nothing():
    settings = Settings(public_url="https://here/", redis_url="redis://here/")
    assert (settings.public_url, settings.redis_url) == ("https://here", "redis://here")


def test_an_empty_variable_is_unset(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.setenv(f"TOCSIN_{name.upper()}", "")
    assert Settings().model_dump() == {name: field.default for name, field in Settings.model_fields.items()}
    assert Settings().data_dir == ROOT / "var"


def test_a_data_directory_is_meant_from_where_the_process_started(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Settings(data_dir=Path("below")).data_dir == tmp_path / "below"


def test_variables_that_are_no_settings_are_found_with_the_nearest_that_is(monkeypatch):
    monkeypatch.setenv("TOCSIN_DATABSE_URL", "postgresql://here")
    monkeypatch.setenv("TOCSIN_ZZZ", "1")
    monkeypatch.setenv("tocsin_port", "1")
    monkeypatch.setenv("OTHER_PORTS", "1")
    assert unknown_variables() == {"TOCSIN_DATABSE_URL": "TOCSIN_DATABASE_URL", "TOCSIN_ZZZ": None}
