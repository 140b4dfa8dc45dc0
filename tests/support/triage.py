"""An issue, and somebody who may triage it; and two of them who act at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from domain.access import Actor
from models import Developer, Issue, Project
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project


@dataclass(frozen=True)
class Scene:
    """Ann is in a team that has the project of the issue."""

    res: Resources
    project: Project
    ann: Developer
    issue: Issue

    @property
    def actor(self) -> Actor:
        return acting(self.ann, self.project)

    async def join(self, **overrides: object) -> Developer:
        """One more who may triage the issue."""
        developer = await make_developer(self.res, **overrides)
        await make_team(self.res, members=(developer,), projects=(self.project,))
        return developer


async def make_scene(res: Resources, **issue_facts: object) -> Scene:
    project, ann = await make_project(res), await make_developer(res, name="Ann")
    await make_team(res, members=(ann,), projects=(project,))
    return Scene(res, project, ann, await make_issue(res, project, **issue_facts))


async def at_once(res: Resources, issue: Issue, *actions: Callable[[], Awaitable[Any]]) -> list[Any]:
    """What the actions return or raise when all of them have begun before the first can lock the issue."""
    async with res.db.raw.acquire() as gate:
        async with gate.transaction():
            await gate.execute("SELECT 1 FROM issue WHERE id = $1 FOR UPDATE", issue.id)
            running = [asyncio.ensure_future(action()) for action in actions]
            await until_waiting(gate, len(actions))
        return await asyncio.gather(*running, return_exceptions=True)


async def until_waiting(connection: asyncpg.pool.PoolConnectionProxy, wanted: int) -> None:
    """Return when so many wait for a lock."""
    # PostgreSQL tells nobody that a lock is waited for, so it is asked; its view of activity is new each time.
    query = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
    """
    while await connection.fetchval(query) < wanted:
        await connection.execute("SELECT pg_stat_clear_snapshot()")
