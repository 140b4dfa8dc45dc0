"""Issues are merged and split while several writers log to them: every count stays exact."""

import asyncio
import random
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from core.clock import ManualClock
from domain.access import Actor
from domain.errors import Conflict, InvalidInput
from models import GroupingKey, Issue
from resolvers.intake.log import log_errors
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.comment import comment_on_issue
from resolvers.issue.merge import merge_issues
from resolvers.issue.split import split_issue
from resolvers.resources import Resources, open_resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.rows import all_rows
from tests.support.writing import a_report, log, reporter, running_writer

pytestmark = pytest.mark.usefixtures("clock")  # each of several has a clock of its own: all begin at START

KINDS = ("declined", "refused", "lost", "stolen", "expired")
ROUNDS, AT_ONCE, USERS = 25, 6, 9
# What the counters say, and what the events and the users of the keys say.
COUNTS = """
SELECT c.issue_id, c.event_count, c.user_count, c.last_event_id,
       (SELECT count(*) FROM event e JOIN grouping_key g ON g.id = e.grouping_key_id WHERE g.issue_id = c.issue_id) AS events,
       (SELECT count(DISTINCT u.user_hash) FROM key_user u JOIN grouping_key g ON g.id = u.key_id
         WHERE g.issue_id = c.issue_id) AS users,
       (SELECT max(e.id::text)::uuid FROM event e JOIN grouping_key g ON g.id = e.grouping_key_id
         WHERE g.issue_id = c.issue_id) AS latest,
       (SELECT merged_into_id IS NOT NULL FROM issue WHERE id = c.issue_id) AS is_away
  FROM issue_counter c
"""
STRAY = """
SELECT count(*) FROM event e
  LEFT JOIN grouping_key g ON g.id = e.grouping_key_id LEFT JOIN issue i ON i.id = g.issue_id
 WHERE i.id IS NULL OR i.merged_into_id IS NOT NULL
"""


async def test_no_count_is_lost_and_every_event_is_under_one_issue(database_url: str, redis_url: str):
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(
                open_resources(make_settings(database_url, redis_url, database_connections=8), ManualClock(START))
            )
            for _ in range(3)
        ]
        for res in opened:
            await stack.enter_async_context(running_writer(res))
        project, ann = await make_project(opened[0]), await make_developer(opened[0])
        await make_team(opened[0], members=(ann,), projects=(project,))
        for kind in KINDS:
            await log(opened[0], project, message=f"card {kind}")
        actor = acting(ann, project)
        shuffling = [asyncio.create_task(shuffle(res, actor, random.Random(place))) for place, res in enumerate(opened)]
        for _ in range(ROUNDS):
            reports = [[_report() for _ in range(AT_ONCE)] for _ in opened]
            await asyncio.gather(
                *(log_errors(res, reporter(project), batch) for res, batch in zip(opened, reports, strict=True))
            )
        done = sum([await task for task in shuffling])
        assert done > len(KINDS)
        await check(opened[0])


def _report() -> dict[str, object]:
    return a_report(message=f"card {random.choice(KINDS)}", user={"id": str(random.randrange(USERS))})


async def shuffle(res: Resources, actor: Actor, choices: random.Random) -> int:
    """Merge and split what there is, again and again; what somebody else did a moment before is an answer."""
    done = 0
    for _ in range(12):
        issues = await all_rows(res, Issue, Issue.merged_into_id.is_(None))
        one, *others = choices.sample([issue.id for issue in issues], min(len(issues), choices.randint(2, 3)))
        verb = choices.choice([merge, split, talk])
        try:
            await verb(res, actor, one, others, choices)
        except (Conflict, InvalidInput):
            continue
        done += 1
    return done


async def merge(res: Resources, actor: Actor, one: UUID, others: list[UUID], _choices: random.Random) -> None:
    await merge_issues(res, actor, into_issue_id=one, issue_ids=others)


async def split(res: Resources, actor: Actor, one: UUID, _others: list[UUID], choices: random.Random) -> None:
    keys = [key.hash.hex() for key in await all_rows(res, GroupingKey, GroupingKey.issue_id == one)]
    await split_issue(res, actor, issue_id=one, grouping_keys=choices.sample(keys, max(1, len(keys) // 2)))


async def talk(res: Resources, actor: Actor, one: UUID, _others: list[UUID], choices: random.Random) -> None:
    if choices.random() < 0.5:
        await comment_on_issue(res, actor, issue_id=one, body="Hm.")
    else:
        await acknowledge_issue(res, actor, issue_id=one)


async def check(res: Resources) -> None:
    rows = await res.db.raw.fetch(COUNTS)
    assert sum(row["event_count"] for row in rows) == len(KINDS) + ROUNDS * 3 * AT_ONCE
    for row in rows:
        assert (row["event_count"], row["user_count"]) == (row["events"], row["users"])
        assert row["is_away"] == (row["events"] == 0)
        assert row["is_away"] or row["last_event_id"] == row["latest"]
    assert await res.db.raw.fetchval(STRAY) == 0
