"""On which days an issue had events, and how many on one at most, in whatever order they come."""

import asyncio
import random

from core.clock import ManualClock
from domain.stats import DAY
from models import IssueCounter
from resolvers.resources import Resources
from tests.support.clock import START
from tests.support.factories.project import make_project
from tests.support.rows import only_row
from tests.support.spans import check_spans
from tests.support.writing import log


async def test_what_comes_late_for_an_earlier_day_counts_for_that_one(writing: Resources, clock: ManualClock):
    """As it does when a spool is emptied; some batches are of several days."""
    project, chance = await make_project(writing), random.Random(8)
    for _ in range(40):
        days = [chance.randrange(4) for _ in range(chance.choice([1, 1, 3]))]
        logging = []
        for day in days:
            await clock.move_to(START + day * DAY)
            kind = {"environment": chance.choice(["production", "staging"]), "severity": chance.choice(["LOW", "HIGH"])}
            logging.append(asyncio.create_task(log(writing, project, **kind)))
            await asyncio.sleep(0)
        await asyncio.gather(*logging)
    await check_spans(writing)
    counter = await only_row(writing, IssueCounter)
    assert counter.event_count > counter.most_a_day


async def test_what_comes_day_by_day_is_counted_to_the_event(writing: Resources, clock: ManualClock):
    project = await make_project(writing)
    for day, count in enumerate((2, 5, 1)):
        await clock.move_to(START + day * DAY)
        for _ in range(count):
            await log(writing, project)
    counter = await only_row(writing, IssueCounter)
    assert (counter.most_a_day, counter.last_day, counter.last_day_count) == (5, (START + 2 * DAY).date(), 1)
