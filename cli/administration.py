"""Doing something once, with the product's own rights: who may run commands here may do everything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from cli.configuration import read_settings_with_stores
from cli.problem import Problem
from core import log
from domain.access import Actor, system
from domain.errors import DomainError, NotFound
from models import Project
from resolvers.project.listing import find_project
from resolvers.resources import Resources, open_resources

Result = TypeVar("Result")


def administer(use: Callable[[Resources, Actor], Awaitable[Result]]) -> Result:
    """Hand back what the use cases did.

    Raises: Problem that says why they did not.
    """
    settings = read_settings_with_stores()
    log.configure(settings.log_level, settings.log_format)

    async def run() -> Result:
        async with open_resources(settings) as resources:
            return await use(resources, system("tocsin command"))

    try:
        return asyncio.run(run())
    except DomainError as failure:
        raise Problem(failure.message) from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Problem(f"The database cannot be reached ({error}): see `tocsin doctor`.") from None


async def the_project(resources: Resources, actor: Actor, slug: str) -> Project:
    """Hand back the project of that slug.

    Raises: NotFound.
    """
    project = await find_project(resources, actor, slug=slug)
    if project is None:
        raise NotFound(f"There is no project {slug}.")
    return project
