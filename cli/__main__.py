"""Which commands there are, and how one is found: each in its own module, imported when it is called."""

import gc
import importlib
import sys
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cli.problem import Problem
from core.embedded.process import ServerFailed

COMMANDS = {
    "up": "Run Tocsin with all its parts, until Ctrl-C.",
    "api": "Run the API alone.",
    "worker": "Run the worker alone.",
    "migrate": "Bring the database up to date; on an empty one make the first project and credentials.",
    "project": "Make projects.",
    "key": "Make ingest keys.",
    "token": "Make API tokens.",
    "apply": "Make teams, people, schedules, policies and alert rules as a file says.",
    "erase": "Take one person out of a project.",
    "credentials": "Show how to reach this installation.",
    "dead-letters": "List, retry or drop events that waited in the spool and could not be stored.",
    "archive": "List and read events in files, which the database keeps no longer.",
    "run": "Do a scheduled job now; without a name, list them.",
    "doctor": "Check everything that Tocsin needs.",
    "tail": "Watch errors as they come in, until Ctrl-C.",
    "demo": "Run a small shop that really breaks, and report what broke.",
}


class Commands(TyperGroup):
    """The commands by name, each from the module of that name."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer asks so
        """Name every command."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:  # noqa: ARG002 - typer asks so
        """Import the command, or the `group` of commands that its module holds; none when there is no such."""
        if cmd_name not in COMMANDS:
            return None
        module = _imported(f"cli.{cmd_name.replace('-', '_')}")
        app: typer.Typer | None = getattr(module, "group", None)
        if app is None:
            app = typer.Typer(add_completion=False, rich_markup_mode=None)
            app.command(cmd_name)(module.main)
        command = get_command(app)
        assert isinstance(command, TyperCommand | TyperGroup)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - typer asks so
        """Write the list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _imported(name: str) -> ModuleType:
    """The module, imported without the garbage collector, which walks over all that is there again and again meanwhile.

    What came of it lives as long as the process, so the collector leaves it alone afterwards, too.
    """
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()


app = typer.Typer(
    cls=Commands, add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
)


@app.callback()
def tocsin() -> None:
    """Tocsin takes the errors of every application, finds who should know, and rings until they answer."""


def main() -> None:
    """Run the command that was asked for; what a person can mend is said in plain words, without a traceback."""
    try:
        app(prog_name="tocsin")
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(problem.exit_code)
    except ServerFailed as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
