import shlex

import pytest

from cli.banner import banner, curl
from cli.installation import credentials_at
from core.settings import Settings

_CREDENTIALS = credentials_at("http://127.0.0.1:8470", token="the-token", ingest_key="the-key", project_number=3)


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


def test_everything_needed_is_said(settings, tmp_path):
    text = banner(settings, _CREDENTIALS)
    for part in (*vars(_CREDENTIALS).values(), curl(_CREDENTIALS), str(tmp_path), "Ctrl-C", "off: set TOCSIN_SMTP_URL"):
        assert part in text


def test_mail_that_is_on_is_said(tmp_path):
    text = banner(Settings(data_dir=tmp_path, smtp_url="smtp://localhost"), _CREDENTIALS)
    assert "TOCSIN_SMTP_URL" not in text


def test_a_valkey_that_is_away_is_said(settings):
    assert "TOCSIN_REDIS_URL" not in banner(settings, _CREDENTIALS)
    assert "Valkey      away: check TOCSIN_REDIS_URL" in banner(settings, _CREDENTIALS, has_valkey=False)


def test_without_credentials_the_reason_is_said(settings):
    assert "set up before, elsewhere" in banner(settings, None)


def test_the_curl_line_is_one_that_a_shell_takes_apart_rightly():
    words = shlex.split(curl(_CREDENTIALS))
    assert words[0] == "curl"
    assert "http://127.0.0.1:8470/graphql" in words
    assert "Authorization: Bearer the-key" in words
    assert words[-1].startswith('{"query": "mutation { logError(')
