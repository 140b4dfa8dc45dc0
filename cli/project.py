"""`tocsin project`: the projects of this installation."""

from typing import Annotated

import typer

from cli.administration import administer
from domain.access import Actor
from domain.project import Plan
from resolvers.access_key import create_ingest_key
from resolvers.project.settings import create_project
from resolvers.resources import Resources

group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@group.callback()
def main() -> None:
    """Make projects."""


@group.command()
def create(
    slug: Annotated[str, typer.Argument(help="Short and unique: a-z, 0-9 and single hyphens.")],
    name: Annotated[str | None, typer.Option(help="The name for people. Default: the slug.")] = None,
) -> None:
    """Make a project without a quota, with a first ingest key, and print that."""

    async def make(resources: Resources, actor: Actor) -> str:
        project = await create_project(resources, actor, slug=slug, name=name or slug, plan=Plan.ENTERPRISE)
        key = await create_ingest_key(resources, actor, project_id=project.id, name="First key")
        return key.public_key

    print(administer(make))
