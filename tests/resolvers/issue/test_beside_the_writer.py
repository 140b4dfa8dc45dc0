"""People triage a hot issue while several writers log to it."""

import asyncio
import random
from contextlib import AsyncExitStack

import pytest
from sqlmodel import select

from core.clock import ManualClock
from domain.access import Actor
from domain.errors import Conflict, InvalidInput
from domain.issue import ActivityKind, IssueStatus
from models import Event, Issue, IssueCounter
from resolvers.intake.log import log_errors
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.assign import assign_issue, unassign_issue
from resolvers.issue.comment import comment_on_issue
from resolvers.issue.ignore import ignore_issue
from resolvers.issue.resolve import reopen_issue, resolve_issue
from resolvers.issue.snooze import snooze_issue
from resolvers.resources import Resources, open_resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row
from tests.support.writing import a_report, log, reporter, running_writer

pytestmark = pytest.mark.usefixtures("clock")  # each of several has a clock of its own: all begin at START

OPEN = IssueStatus.UNRESOLVED
# Which state each step leads to, and from which it may come.
STEPS = {
    ActivityKind.RESOLVED: (IssueStatus.RESOLVED, set(IssueStatus) - {IssueStatus.RESOLVED}),
    ActivityKind.REGRESSED: (OPEN, {IssueStatus.RESOLVED}),
    ActivityKind.WOKEN: (OPEN, {IssueStatus.SNOOZED}),
    ActivityKind.REOPENED: (OPEN, set(IssueStatus) - {OPEN}),
    ActivityKind.SNOOZED: (IssueStatus.SNOOZED, set(IssueStatus) - {IssueStatus.RESOLVED}),
    ActivityKind.IGNORED: (IssueStatus.IGNORED, {OPEN, IssueStatus.SNOOZED}),
}
FEED = """
SELECT a.kind FROM feed f JOIN activity a ON a.id = f.subject_id
 WHERE f.kind = 'ISSUE_CHANGED' ORDER BY f.xid, f.id
"""


async def test_no_verb_and_no_writer_fails_and_the_feed_tells_one_story(database_url, redis_url):
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(_a_process(database_url, redis_url)) for _ in range(3)]
        for res in opened:
            await stack.enter_async_context(running_writer(res))
        project, ann = await make_project(opened[0]), await make_developer(opened[0])
        await make_team(opened[0], members=(ann,), projects=(project,))
        issue_id = (await log(opened[0], project, severity="LOW")).issue_id
        people = [
            asyncio.create_task(triage(res, acting(ann, project), issue_id, random.Random(place)))
            for place, res in enumerate(opened)
        ]
        for _ in range(20):
            reports = [a_report(severity=random.choice(["LOW", "HIGH"])) for _ in range(5)]
            await asyncio.gather(*(log_errors(res, reporter(project), reports) for res in opened))
        await asyncio.gather(*people)
        await check(opened[0])


async def triage(res: Resources, actor: Actor, issue_id, random_: random.Random) -> None:
    """Do forty things to the issue; a Conflict, or a count that events have passed meanwhile, is an answer."""
    verbs = [
        (acknowledge_issue, {}),
        (assign_issue, {"developer_id": actor.developer_id}),
        (unassign_issue, {}),
        (comment_on_issue, {"body": "Hm."}),
        (ignore_issue, {}),
        (resolve_issue, {}),
        (resolve_issue, {}),
        (reopen_issue, {}),
    ]
    for _ in range(40):
        verb, given = random_.choice(verbs)
        if random_.random() < 0.2:
            counted = await count(res)
            verb, given = snooze_issue, {"event_count": counted + 10}
        try:
            await verb(res, actor, issue_id=issue_id, **given)
        except (Conflict, InvalidInput):
            continue


async def count(res: Resources) -> int:
    async with res.db.reading() as session:
        return (await session.exec(select(IssueCounter.event_count))).one()


async def check(res: Resources) -> None:
    issue = await only_row(res, Issue)
    assert await count(res) == len(await all_rows(res, Event)) == 301
    told = [ActivityKind(row["kind"]) for row in await res.db.raw.fetch(FEED)]
    status = OPEN
    for place, kind in enumerate(told):
        if kind in STEPS:
            after, before = STEPS[kind]
            assert status in before, (place, told)
            status = after
    assert status is issue.status


def _a_process(database_url: str, redis_url: str):
    return open_resources(make_settings(database_url, redis_url, database_connections=8), ManualClock(START))
