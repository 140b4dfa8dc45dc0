"""`tocsin dead-letters`: events that waited in the spool and could not be stored."""

from typing import Annotated
from uuid import UUID

import typer

from cli.administration import administer
from cli.problem import Problem
from domain.access import Actor
from models import DeadLetter
from resolvers.dead_letter import drop_dead_letters, list_dead_letters, retry_dead_letter
from resolvers.resources import Resources

group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)
Letters = Annotated[list[UUID] | None, typer.Argument(help="The ids that the list shows; none for all, with --all.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]


@group.callback()
def main() -> None:
    """List, retry or drop events that waited in the spool and could not be stored."""


@group.command("list")
def list_() -> None:
    """Print the oldest thousand, one a line: id, time, project, bytes, event id and reason."""

    async def show(resources: Resources, actor: Actor) -> list[str]:
        return [_line(letter) for letter in await list_dead_letters(resources, actor)]

    for line in administer(show):
        print(line)


@group.command()
def retry(letters: Letters = None, everything: All = False) -> None:
    """Store them now, and say why where that cannot be done."""

    async def do(resources: Resources, actor: Actor) -> list[str]:
        lines = []
        for letter_id in await _chosen(resources, actor, letters, everything=everything):
            why = await retry_dead_letter(resources, actor, letter_id=letter_id)
            lines.append(f"{letter_id}  {why or 'stored'}")
        return lines

    for line in administer(do):
        print(line)


@group.command()
def drop(letters: Letters = None, everything: All = False) -> None:
    """Forget them for good."""

    async def do(resources: Resources, actor: Actor) -> int:
        chosen = await _chosen(resources, actor, letters, everything=everything)
        return await drop_dead_letters(resources, actor, letter_ids=chosen)

    print(f"{administer(do)} dropped")


async def _chosen(resources: Resources, actor: Actor, letters: list[UUID] | None, *, everything: bool) -> list[UUID]:
    if everything == bool(letters):
        raise Problem("Name dead letters by their ids, or say --all.")
    return letters or [letter.id for letter in await list_dead_letters(resources, actor)]


def _line(letter: DeadLetter) -> str:
    project, event = letter.project_id or "-", letter.event_id or "-"
    return f"{letter.id}  {letter.at:%Y-%m-%d %H:%M:%S}  {project}  {len(letter.body):>7}  {event}  {letter.reason}"
