"""The documents tell what is there, and all of it."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from prometheus_client import REGISTRY

from api import health, socket
from cli.__main__ import COMMANDS
from cli.reference import commands_help, documents, renewed, settings_table
from core.settings import ROOT, Settings
from domain.timetable import DEFAULTS
from schema.errors import CODES, HANDLERS
from schema.export import sdl
from schema.failure import FailureCode
from tests.support.source import modules

DOCUMENTS = documents()
MINE = [path for path in DOCUMENTS if "adr" not in path.parts]
SCHEMA = build_schema(sdl())
MADE_ELSEWHERE = {"1001", "1009", "1011", "4406"}  # by the server or the library


def text(name: str) -> str:
    return (ROOT / name).read_text()


def table(name: str, heading: str) -> set[str]:
    """The first column of the tables whose first heading begins so."""
    cells: set[str] = set()
    inside = False
    for line in text(name).splitlines():
        first = line.split("|")[1].strip().strip("`") if line.startswith("|") else ""
        inside = bool(first) and (inside or first == heading)
        cells |= {first} if inside and first not in (heading, "---") else set()
    return cells


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_written_from_the_code_is_up_to_date(path: Path):
    assert path.read_text() == renewed(path.read_text()), "Run `make docs`."


def test_every_setting_is_shown_with_its_default_and_its_purpose():
    shown = text("docs/settings.md")
    assert settings_table() in shown
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"`TOCSIN_{name.upper()}`" in shown


def test_every_setting_that_a_document_names_is_there():
    known = {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}
    named = {(path.name, name) for path in MINE for name in re.findall(r"TOCSIN_[A-Z_]+[A-Z]", path.read_text())}
    assert {(path, name) for path, name in named if name not in known} == set()


def test_every_command_is_shown_with_its_help():
    assert commands_help() in text("docs/commands.md")
    assert {
        heading.split()[0] for heading in re.findall(r"^## tocsin (.+)$", text("docs/commands.md"), re.MULTILINE)
    } == set(COMMANDS)


def test_every_command_that_a_document_names_is_there():
    called = re.compile(r"(?:bin/|`)tocsin ([a-z][a-z-]*)")
    named = {(path.name, name) for path in MINE for name in called.findall(path.read_text())}
    assert {(path, name) for path, name in named if name not in COMMANDS} == set()


def test_every_make_target_that_a_document_names_is_there():
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    paths = [*MINE, ROOT / "CONTRIBUTING.md"]
    named = {
        (path.name, name)
        for path in paths
        for name in re.findall(r"(?:`|^)make ([a-z]+)", path.read_text(), re.MULTILINE)
    }
    assert {(path, name) for path, name in named if name not in targets} == set()


def test_every_code_of_an_error_is_explained():
    of_the_door = {
        code
        for module in modules("api")
        for code in re.findall(r'problem\(\s*[\w.]+, "([A-Z_]+)"', module.path.read_text())
    }
    assert table("docs/errors.md", "extensions.code") == CODES | of_the_door


def test_every_code_of_a_failure_is_explained():
    assert table("docs/errors.md", "code") == {code.value for code in FailureCode}
    assert len(HANDLERS) == len(set(FailureCode) - {FailureCode.RATE_LIMITED})  # that one only of one of several


def test_every_code_that_closes_a_socket_is_explained():
    ours = {str(value) for name, value in vars(socket).items() if isinstance(value, int) and value > 1000}
    shown = {code for cell in table("docs/errors.md", "close code") for code in cell.split(", ")}
    assert shown == ours | MADE_ELSEWHERE


def test_every_health_path_is_shown():
    assert table("docs/operations.md", "path") == {route.path for route in health.ROUTES}


def test_every_metric_is_shown():
    shown = {cell.split("{")[0] for cell in table("docs/operations.md", "metric")}
    ours = [metric for metric in REGISTRY.collect() if metric.name.startswith("tocsin_")]
    assert shown == {metric.name + "_total" * (metric.type == "counter") for metric in ours}


def test_everything_that_is_done_by_the_timetable_is_shown_with_its_times():
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text("docs/scheduled-work.md"), re.MULTILINE)
    assert dict(rows) == DEFAULTS


def test_every_outcome_that_is_promised_is_there():
    assert table("docs/logging-errors.md", "outcome") < set(SCHEMA.get_type("IngestOutcome").values)


def test_every_field_of_a_report_is_shown():
    shown = {name for cell in table("docs/logging-errors.md", "field") for name in re.findall(r"\w+", cell)}
    assert shown == set(SCHEMA.get_type("LogErrorInput").fields)


def test_every_status_of_a_notification_is_shown():
    assert table("docs/people.md", "status") == set(SCHEMA.get_type("NotificationStatus").values)


def test_every_reason_of_a_reset_is_shown():
    assert table("docs/watching.md", "reason") == set(SCHEMA.get_type("StreamResetReason").values)


def test_every_scope_is_shown():
    assert table("docs/access.md", "scope") == set(SCHEMA.get_type("Scope").values)


@pytest.mark.parametrize("path", MINE, ids=lambda path: path.name)
def test_graphql_in_a_document_fits_the_contract(path: Path):
    for document in re.findall(r"```graphql\n(.*?)```", path.read_text(), re.DOTALL):
        assert validate(SCHEMA, parse(document)) == [], document


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path):
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_every_example_is_shown_in_a_document():
    shown = {name for path in MINE for name in re.findall(r"<!-- (examples/\S+) -->", path.read_text())}
    assert shown == {str(path.relative_to(ROOT)) for path in (ROOT / "examples").iterdir() if path.is_file()}
