"""`tocsin key`: ingest keys, with which programs log to a project."""

from typing import Annotated

import typer

from cli.administration import administer, the_project
from domain.access import Actor
from resolvers.access_key import create_ingest_key
from resolvers.resources import Resources

group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@group.callback()
def main() -> None:
    """Make ingest keys."""


@group.command()
def create(
    project: Annotated[str, typer.Argument(help="The slug of the project.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "Made by hand",
) -> None:
    """Make an ingest key, and print it."""

    async def make(resources: Resources, actor: Actor) -> str:
        found = await the_project(resources, actor, project)
        key = await create_ingest_key(resources, actor, project_id=found.id, name=name)
        return key.public_key

    print(administer(make))
