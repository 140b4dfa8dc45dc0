import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.__main__ import COMMANDS, Commands
from core.settings import ROOT

LAUNCHER = ROOT / "bin" / "tocsin"


def _call(*arguments, launcher=LAUNCHER, cwd="/", **environment):
    return subprocess.run(
        [str(launcher), *arguments],
        cwd=cwd,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path):
    """A checkout that only tells which `schema` it would take, with an environment that has another one."""
    root = tmp_path / "checkout"
    (root / "bin").mkdir(parents=True)
    shutil.copy(LAUNCHER, root / "bin" / "tocsin")
    for package, text in {"cli": "", "schema": "OURS = True\n"}.items():
        (root / package).mkdir()
        (root / package / "__init__.py").write_text(text)
    (root / "cli" / "__main__.py").write_text("import schema, sys\nprint(schema.__file__, sys.argv[1:])\n")
    decoy = tmp_path / "decoy" / "schema"
    decoy.mkdir(parents=True)
    (decoy / "__init__.py").write_text("")
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return root


def test_our_packages_win_over_others_of_their_names(checkout, tmp_path):
    done = _call(
        "a", "b c", launcher=checkout / "bin" / "tocsin", cwd=tmp_path / "decoy", PYTHONPATH=str(tmp_path / "decoy")
    )
    assert done.stdout == f"{checkout}/schema/__init__.py ['a', 'b c']\n"


@pytest.mark.parametrize("relative", [False, True])
def test_it_finds_its_checkout_through_links(checkout, tmp_path, relative):
    link, second = tmp_path / "tocsin", tmp_path / "second"
    link.symlink_to(Path("checkout/bin/tocsin") if relative else checkout / "bin" / "tocsin")
    second.symlink_to(link)
    assert _call(launcher=second).stdout.startswith(f"{checkout}/schema")


def test_a_missing_environment_is_said_with_what_to_do(checkout):
    shutil.rmtree(checkout / ".venv")
    done = _call(launcher=checkout / "bin" / "tocsin")
    assert done.returncode == 1
    assert f"run 'make run' in {checkout}" in done.stderr


def test_the_commands_are_listed_from_anywhere():
    done = _call("--help")
    assert done.returncode == 0
    assert [name for name in COMMANDS if name not in done.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    done = _call(command, "--help")
    assert done.returncode == 0, done.stderr
    assert f"Usage: tocsin {command}" in done.stdout


@pytest.mark.parametrize("command", ["token", "no-such"])
def test_garbage_is_collected_again_once_a_command_is_imported(command):
    found = Commands().get_command(None, command)
    assert (found is not None, gc.isenabled()) == (command == "token", True)


def test_an_unknown_command_is_refused():
    assert _call("upp").returncode == 2


def test_every_wrong_setting_is_named_at_start():
    done = _call("up", TOCSIN_PORT="99999", TOCSIN_LOG_LEVEL="LOUD", TOCSIN_DATABASE_URL="mysql://u:hidden@h/d")
    assert done.returncode == 2
    assert [
        name for name in ("TOCSIN_PORT", "TOCSIN_LOG_LEVEL", "TOCSIN_DATABASE_URL") if name not in done.stderr
    ] == []
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOCSIN_REDIS_URL", "redis://127.0.0.1:abc/0"),
        ("TOCSIN_DATABASE_URL", "postgresql://127.0.0.1:abc/db"),
        ("TOCSIN_PUBLIC_URL", "http://"),
        ("TOCSIN_SMTP_URL", "smtp://"),
        ("TOCSIN_MAIL_FROM", "garbage"),
        ("TOCSIN_FIRST_PROJECT", "Bad Slug"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_before_anything_is_written(tmp_path, name, value):
    data_dir = tmp_path / "var"
    done = _call("up", TOCSIN_DATA_DIR=str(data_dir), TOCSIN_OWNER_EMAIL="nobody", **{name: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert name in done.stderr
    assert "TOCSIN_OWNER_EMAIL" in done.stderr
    assert "Traceback" not in done.stderr
    assert not data_dir.exists()


def test_a_command_that_needs_the_stores_says_how_to_get_them(tmp_path):
    done = _call("migrate", TOCSIN_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Tocsin does not run here: start it (make run)")


def test_a_wrong_name_of_the_first_project_is_refused_by_its_variable(database_url, redis_url, tmp_path):
    done = _call(
        "migrate",
        TOCSIN_DATA_DIR=str(tmp_path),
        TOCSIN_DATABASE_URL=database_url,
        TOCSIN_REDIS_URL=redis_url,
        TOCSIN_FIRST_PROJECT="Not a slug!",
    )
    assert done.returncode == 2, done.stderr
    assert "TOCSIN_FIRST_PROJECT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_out_of_reach_is_said_with_what_to_do(tmp_path):
    done = _call(
        "migrate",
        TOCSIN_DATA_DIR=str(tmp_path),
        TOCSIN_DATABASE_URL="postgresql://a@127.0.0.1:1/b",
        TOCSIN_REDIS_URL="redis://127.0.0.1:1",
    )
    assert done.returncode == 1
    assert "check TOCSIN_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
