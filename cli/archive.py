"""`tocsin archive`: events in files, which the database keeps no longer."""

import os
import sys
from contextlib import suppress
from datetime import datetime
from typing import Annotated

import typer

from cli.administration import administer, the_project
from domain.access import Actor
from resolvers.archive.erase import erase_archived
from resolvers.archive.read import ArchivedFile, Wanted, list_archived, read_archived
from resolvers.archive.run import archive_expired
from resolvers.resources import Resources

group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)
_DAY = ["%Y-%m-%d"]


@group.callback()
def main() -> None:
    """List and read archived events, archive what is due, and take people out of archived files."""


@group.command("list")
def list_() -> None:
    """Print the files, one a line: project number, day, events, bytes and name."""

    async def show(resources: Resources, actor: Actor) -> None:
        for file in list_archived(resources, actor):
            print(_line(file))

    administer(show)


@group.command()
def read(
    project: Annotated[str, typer.Option(help="The slug of the project.")],
    first: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="The first day, in UTC.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="The last day, in UTC.")] = None,
    issue: Annotated[str | None, typer.Option(help="Only events of this issue, by its short id.")] = None,
    event_id: Annotated[str | None, typer.Option(help="Only this event, by its reporter's id or ours.")] = None,
) -> None:
    """Print archived events as JSON, one a line, oldest first."""
    wanted = Wanted(first and first.date(), last and last.date(), issue, event_id)

    async def show(resources: Resources, actor: Actor) -> None:
        found = await the_project(resources, actor, project)
        with suppress(BrokenPipeError):
            for line in await read_archived(resources, actor, found, wanted):
                sys.stdout.buffer.write(line + b"\n")
            sys.stdout.flush()
            return
        # Whoever reads has enough; so that nothing is said of it at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    administer(show)


@group.command()
def run(
    before: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="The first day that is not archived. Default: what its project still keeps."),
    ] = None,
    on: Annotated[datetime | None, typer.Option(formats=_DAY, help="What is due on this day. Default: today.")] = None,
) -> None:
    """Archive events that are past keeping, by age or count; the worker does so before it drops them."""

    async def do(resources: Resources, actor: Actor) -> None:
        days = {"before": before and before.date(), "today": on and on.date()}
        for number, day, count in await archive_expired(resources, actor, **days):
            print(f"{number:>6}  {day}  {count:>9}")

    administer(do)


@group.command()
def erase() -> None:
    """Take those out of archived files whose erasure waits for that; the worker does so by itself."""

    async def do(resources: Resources, actor: Actor) -> int:
        return await erase_archived(resources, actor)

    print(f"{administer(do)} finished")


def _line(file: ArchivedFile) -> str:
    name = file.name
    return f"{name.project_number:>6}  {name.day}  {file.event_count:>9}  {file.bytes:>12}  {name}"
