"""`tocsin token`: API tokens, with which programs act for people."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from cli.administration import administer, the_project
from domain.access import Actor, Scope
from domain.errors import NotFound
from resolvers.access_token import create_api_token
from resolvers.developer.listing import find_developer_by_email
from resolvers.resources import Resources

group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@group.callback()
def main() -> None:
    """Make API tokens."""


@group.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    owner: Annotated[
        str | None, typer.Option(help="Mail address of whom it acts for. Default: TOCSIN_OWNER_EMAIL.")
    ] = None,
    scope: Annotated[list[Scope] | None, typer.Option(help="What for; repeat it. Default: READ.")] = None,
    project: Annotated[
        list[str] | None, typer.Option(help="Slug of a project it is for; repeat it. Default: all its owner sees.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=36500, help="Days until it expires. Default: never.")] = None,
) -> None:
    """Make a token, and print its secret, this once."""

    async def make(resources: Resources, actor: Actor) -> str:
        new = await create_api_token(
            resources,
            actor,
            name=name,
            scopes=scope or [Scope.READ],
            project_ids=[(await the_project(resources, actor, slug)).id for slug in project] if project else None,
            expires_at=None if days is None else resources.clock.now() + timedelta(days=days),
            owner_id=await _owner(resources, actor, owner or resources.settings.owner_email),
        )
        return new.secret

    print(administer(make))


async def _owner(resources: Resources, actor: Actor, email: str) -> UUID:
    developer = await find_developer_by_email(resources, actor, email=email)
    if developer is None:
        raise NotFound(f"There is no developer with the mail address {email}.")
    return developer.id
