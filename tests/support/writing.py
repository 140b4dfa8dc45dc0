"""A writer that runs, and short ways to log through it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from domain.access import Actor, ActorKind, Scope
from models import Project
from resolvers.intake.incoming import Stored
from resolvers.intake.log import log_error
from resolvers.resources import Resources


@asynccontextmanager
async def running_writer(res: Resources) -> AsyncIterator[None]:
    running = asyncio.create_task(res.writer.run())
    try:
        yield
    finally:
        res.writer.close()
        await running


@pytest.fixture
async def writing(res: Resources) -> AsyncIterator[Resources]:
    async with running_writer(res):
        yield res


def reporter(project: Project) -> Actor:
    """Who may log to a project and nothing else."""
    return Actor(
        ActorKind.INGEST_KEY, scopes=frozenset({Scope.INGEST}), project_ids=frozenset({project.id}), name="a key"
    )


async def log(res: Resources, project: Project, **fields: Any) -> Stored:
    return await log_error(res, reporter(project), a_report(**fields))


def a_report(**fields: Any) -> dict[str, Any]:
    return {"service": "checkout", "errorType": "ValueError", "message": "bad total", **fields}
