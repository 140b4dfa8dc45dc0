"""`tocsin credentials`: how to reach this installation."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from cli.banner import curl
from cli.configuration import read_settings
from cli.installation import find_running, read_credentials


def main(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Show how to reach this installation."""
    settings = read_settings()
    running = find_running(settings.data_dir)
    credentials = read_credentials(settings.data_dir, running.url if running else settings.base_url)
    if as_json:
        print(json.dumps(asdict(credentials)))
        return
    for name, value in asdict(credentials).items():
        print(f"{name.replace('_', ' '):<12} {value}")
    print(f"\n{curl(credentials)}")
    if running is None:
        print("\nTocsin does not run now: start it with make run.")
