"""Nobody is given more than they may have, and loads are what is theirs, whatever many workers do at once."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress

from core.db import Transaction
from domain.access import system
from domain.errors import Conflict, NobodyOnCall
from domain.event import Severity
from domain.issue import IssueStatus
from models import Activity, Developer, Issue, Project
from resolvers.candidates import Line, candidates
from resolvers.developer.loaders import loads_by_developer_id
from resolvers.issue.assign import assign_issue, unassign_issue
from resolvers.issue.resolve import resolve_issue
from resolvers.resources import Resources
from resolvers.triage import take_triage
from tests.support.factories.developer import make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.factories.triage import make_triage
from tests.support.on_call import join_on_call, make_on_call
from tests.support.rows import all_rows

PRAISE = re.compile(r"(\d+) of (\d+) open issues$")


async def make_crew(res: Resources) -> tuple[list[Project], list[Developer]]:
    """Three people with little room, who share two projects."""
    project, first = await make_on_call(res, max_load=2)
    crew = [first, *[await join_on_call(res, project, max_load=most) for most in (3, 4)]]
    other = await make_project(res)
    await make_team(res, members=tuple(crew), projects=(other,))
    return [project, other], crew


async def work(res: Resources) -> None:
    while await take_triage(res):
        pass


async def attempt(act: Awaitable[object]) -> None:
    with suppress(Conflict, NobodyOnCall):
        await act


def given_away(issues: list[Issue]) -> Counter:
    return Counter(issue.assignee_id for issue in issues if issue.status is IssueStatus.UNRESOLVED)


async def loads(res: Resources, tx: Transaction, project: Project) -> dict:
    known = await candidates(tx, res.clock.now(), Line(project.id, "checkout"))
    return {id: one.load for id, one in known.items()}


async def test_nobody_ever_gets_more_than_they_may_and_loads_are_what_is_theirs(res: Resources):
    projects, crew = await make_crew(res)
    most = {one.id: one.max_load for one in crew}
    for wave in range(3):
        fresh = [await make_issue(res, project) for project in projects * 4]
        by_hand = [await make_issue(res, project, severity=Severity.LOW) for project in projects * 2]
        for issue in fresh:
            await make_triage(res, issue)
        owned = [issue for issue in await all_rows(res, Issue) if issue.assignee_id is not None]
        acts = [
            *(assign_issue(res, system(), issue_id=issue.id) for issue in by_hand),
            *(resolve_issue(res, system(), issue_id=issue.id) for issue in owned[wave::2]),
            *(unassign_issue(res, system(), issue_id=issue.id) for issue in owned[wave + 1 :: 3]),
        ]
        await asyncio.gather(*(work(res) for _ in range(4)), *map(attempt, acts))
        counted = given_away(await all_rows(res, Issue))
        assert all(counted[id] <= limit for id, limit in most.items())
        assert await loads_by_developer_id(res, system(), list(most)) == [counted[id] for id in most]
        async with res.db.transaction() as tx:
            assert await loads(res, tx, projects[0]) == {id: counted[id] for id in most}
    reasons = [(one.details or {}).get("reason", "") for one in await all_rows(res, Activity)]
    said = [tuple(map(int, found.groups())) for found in map(PRAISE.search, reasons) if found]
    assert said
    assert all(load < limit for load, limit in said)
