"""The containers run the commands and settings that there are; no engine is needed to see that."""

import re

import pytest
import yaml

from cli.__main__ import COMMANDS
from core.settings import ROOT, Settings

_VARIABLES = {f"TOCSIN_{name}".upper() for name in Settings.model_fields}


@pytest.fixture
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture
def dockerfile():
    return (ROOT / "Dockerfile").read_text()


def _ours(compose):
    return {name: service for name, service in compose["services"].items() if service.get("image") == "tocsin"}


def test_there_is_a_service_for_every_part(compose):
    assert set(compose["services"]) == {"postgres", "valkey", "mail", "migrate", "api", "worker"}
    assert compose["services"]["postgres"]["image"] == "postgres:18"
    assert compose["services"]["valkey"]["image"] == "valkey/valkey:9"


def test_our_services_run_commands_that_there_are(compose):
    for name, service in _ours(compose).items():
        assert service["command"] == [name]
        assert name in COMMANDS


def test_our_services_are_given_settings_that_there_are_and_that_are_valid(compose):
    for service in _ours(compose).values():
        values = {name: _with_defaults(value) for name, value in service["environment"].items() if value is not None}
        assert set(values) <= _VARIABLES
        Settings(**{name.removeprefix("TOCSIN_").lower(): value for name, value in values.items()})


def test_our_services_are_told_where_the_archive_is_and_who_knows_them_there(compose):
    for service in _ours(compose).values():
        handed_on = {name for name, value in service["environment"].items() if value is None}
        assert handed_on == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"}
        for name in ("TOCSIN_ARCHIVE", "TOCSIN_ARCHIVE_ACCESS_KEY", "TOCSIN_ARCHIVE_SECRET_KEY"):
            assert service["environment"][name] == f"${{{name}:-}}"
        assert any(mount.endswith(":/data") for mount in service["volumes"])


def test_our_services_wait_for_what_they_need(compose):
    services = compose["services"]
    assert {services[name]["depends_on"]["migrate"]["condition"] for name in ("api", "worker")} == {
        "service_completed_successfully"
    }
    for name in services["migrate"]["depends_on"]:
        assert "healthcheck" in services[name]


def test_what_is_kept_is_in_volumes_that_are_declared(compose):
    mounted = {mount.split(":")[0] for service in compose["services"].values() for mount in service.get("volumes", ())}
    assert mounted == set(compose["volumes"])


def test_the_drain_fits_into_the_time_that_a_container_is_given(compose):
    for name in ("api", "worker"):
        assert int(compose["services"][name]["stop_grace_period"].removesuffix("s")) > Settings().drain_s


def test_the_image_sets_settings_that_there_are(dockerfile):
    assert set(re.findall(r"\b(TOCSIN_[A-Z_]+)=", dockerfile)) <= _VARIABLES


def test_the_image_runs_the_launcher_as_an_ordinary_user(dockerfile):
    assert 'ENTRYPOINT ["tocsin"]' in dockerfile
    assert "ln -s /tocsin/bin/tocsin" in dockerfile
    assert re.search(r"^USER [1-9]", dockerfile, re.MULTILINE)


def test_the_image_takes_every_package_that_runs():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages <= allowed


def _with_defaults(value):
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
