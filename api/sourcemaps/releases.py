"""The doors that `sentry-cli releases` and `sentry-cli deploys` knock at in a usual CI script, unmodified.

What is kept of a release is that there is one. Commits and deploys have no place here: they are passed over, and the
release that they are of is registered. There is one organization, so what is named as such does not count.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import as_json
from api.credentials import credential_of
from api.sourcemaps.door import doors, told, uploader, whole
from api.sourcemaps.sentry_cli import MOST_PROJECTS, asked_object
from domain.access import Actor
from domain.errors import DomainError, InvalidInput
from models import Release
from resolvers.access import authenticate
from resolvers.intake.destination import Destination
from resolvers.release import (
    Registered,
    check_version,
    get_release,
    list_releases,
    projects_of_release,
    register_release,
)
from resolvers.sourcemap.upload import find_uploaders_project

# `set-commits` sends up to a history, each commit with the files that it changed.
_MOST_BYTES = 8 * 2**20
_NEW, _KNOWN = 201, 208


def release_routes() -> list[Route]:
    """The addresses that it makes of the server's."""
    make = partial(doors, refuse=_refuse, most_bytes=_MOST_BYTES)
    organization = "/api/0/organizations/{organization}"
    one = organization + "/releases/{version}"
    return [
        *make(f"{organization}/releases", take_release, ["POST"]),
        *make(f"{organization}/repos", tell_repositories, ["GET"]),
        *make(f"{one}/previous-with-commits", tell_previous, ["GET"]),
        *make(f"{one}/deploys", take_deploy, ["POST"]),
        *make(one, tell_release, ["GET"]),
        *make(one, take_change, ["PUT"]),
        *make("/api/0/projects/{organization}/{project}/releases", tell_releases, ["GET"]),
    ]


async def take_release(request: Request) -> Response:
    """`releases new`: leave it known to its projects."""
    actor, asked = await _asked(request)
    destinations = await _destinations(request, actor, _projects(asked))
    version = asked.get("version")
    check_version(version)
    known = await register_release(request.app.state.resources, actor, destinations, str(version))
    return as_json(_shown(str(version), known, _names(destinations)), _NEW if known.is_new else _KNOWN)


async def take_change(request: Request) -> Response:
    """`releases finalize`, `releases set-commits`: leave it known, to those that know it where no project is named."""
    actor, asked = await _asked(request)
    known, destinations = await _register(request, actor, asked)
    return as_json(_shown(request.path_params["version"], known, _names(destinations)))


async def take_deploy(request: Request) -> Response:
    """`deploys new`: leave the release known."""
    actor, asked = await _asked(request)
    await _register(request, actor, asked)
    return as_json({"environment": str(asked.get("environment") or ""), "name": asked.get("name")}, _NEW)


async def tell_release(request: Request) -> Response:
    """`releases info`."""
    version = request.path_params["version"]
    known, projects = await get_release(request.app.state.resources, await _reader(request), version)
    return as_json(_shown(version, known, projects))


async def tell_releases(request: Request) -> Response:
    """`releases list`: those of a project."""
    slug = request.path_params["project"]
    releases = await list_releases(request.app.state.resources, await _reader(request), slug)
    return as_json([_shown(release.version, release, [(slug, slug)]) for release in releases])


async def tell_repositories(request: Request) -> Response:
    """That no repository is connected, upon which commits are read from the one at hand."""
    await uploader(request)
    return as_json([])


async def tell_previous(request: Request) -> Response:
    """That no release before it has commits."""
    await uploader(request)
    return as_json({})


async def _register(request: Request, actor: Actor, asked: Mapping[str, Any]) -> tuple[Registered, list[Destination]]:
    resources, version = request.app.state.resources, request.path_params["version"]
    names = _projects(asked) or await projects_of_release(resources, actor, version)
    destinations = await _destinations(request, actor, names)
    return await register_release(resources, actor, destinations, version), destinations


async def _asked(request: Request) -> tuple[Actor, Mapping[str, Any]]:
    return await uploader(request), asked_object(await whole(request, _MOST_BYTES))


async def _reader(request: Request) -> Actor:
    return await authenticate(request.app.state.resources, credential_of(request))


async def _destinations(request: Request, actor: Actor, names: Sequence[str]) -> list[Destination]:
    resources = request.app.state.resources
    wanted: Sequence[str | None] = names or [None]
    return [await find_uploaders_project(resources, actor, name) for name in wanted]


def _projects(asked: Mapping[str, Any]) -> list[str]:
    names = asked.get("projects") or []
    if not isinstance(names, list) or len(names) > MOST_PROJECTS:
        raise InvalidInput(f"`projects` must be a list of at most {MOST_PROJECTS}.", ("projects",))
    return list(dict.fromkeys(map(str, names)))


def _names(destinations: Sequence[Destination]) -> list[tuple[str, str]]:
    return [(destination.slug, destination.slug) for destination in destinations]


def _shown(version: str, known: Registered | Release, projects: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A release as `sentry-cli` reads it."""
    return {
        "version": version,
        "url": None,
        "dateCreated": known.first_seen_at.isoformat(),
        "dateReleased": None,
        "lastEvent": None,
        "newGroups": 0,
        "projects": [{"slug": slug, "name": name} for slug, name in projects],
    }


def _refuse(status: int, failure: DomainError) -> Response:
    return told(status, failure, {"detail": failure.message})
