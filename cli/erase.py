"""`tocsin erase`: take one person out of a project, and wait for it."""

from typing import Annotated

import typer

from cli.administration import administer, the_project
from cli.problem import Problem
from domain.access import Actor
from models import Erasure
from resolvers.archive.erase import erase_archived
from resolvers.erasure.request import erase_person, erasures_by_project_id
from resolvers.erasure.steps import continue_erasures
from resolvers.resources import Resources

_LEFT = "; archived files are left to the worker, for TOCSIN_ARCHIVE is not set here"
_FIELDS = {"id": "id", "email": "email", "ip": "ip_address", "username": "username"}


def main(
    project: Annotated[str, typer.Option(help="The slug of the project.")],
    user: Annotated[list[str], typer.Option(help="Who: id=…, email=…, username=… or ip=…; several may be given.")],
) -> None:
    """Take one person out of all events of a project, archived ones too, and say how many that changed."""
    known_as = dict(_read(one) for one in user)

    async def erase(resources: Resources, actor: Actor) -> str:
        found = await the_project(resources, actor, project)
        asked = await erase_person(resources, actor, project_id=found.id, known_as=known_as)
        while await continue_erasures(resources, only=asked.id):
            pass
        done = await _find(resources, actor, asked)
        if done.finished_at is None and resources.settings.archive is not None:
            await erase_archived(resources, actor, only=asked.id)
            done = await _find(resources, actor, asked)
        left = "" if done.finished_at else _LEFT
        return f"{done.events_changed} of {done.events_read} events changed{left}"

    print(administer(erase))


async def _find(resources: Resources, actor: Actor, asked: Erasure) -> Erasure:
    """Hand back how far it is."""
    (found,) = await erasures_by_project_id(resources, actor, [asked.project_id])
    return next(one for one in found if one.id == asked.id)


def _read(one: str) -> tuple[str, str]:
    """Hand back the name and the value of `name=value`.

    Raises: Problem.
    """
    name, sign, value = one.partition("=")
    if not sign or name not in _FIELDS or not value:
        raise Problem(f"--user must be one of {', '.join(f'{field}=…' for field in _FIELDS)}, not {one!r}.")
    return _FIELDS[name], value
