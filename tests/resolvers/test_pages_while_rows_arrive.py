"""A walk through pages while issues arrive and are seen again, held to the sorted list that there was at its start."""

from datetime import timedelta
from random import Random

import pytest

from domain.access import system
from domain.event import Severity
from domain.issue import IssueOrder, IssueOrderField, IssueStatus
from domain.page import PageRequest
from models import IssueCounter, Project
from resolvers.issue.list import list_issues
from resolvers.resources import Resources
from tests.support.clock import START
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project

SEARCHED = "is:unresolved"
VALUE = {
    IssueOrderField.LAST_SEEN: lambda row: row[1].last_seen_at,
    IssueOrderField.FIRST_SEEN: lambda row: row[0].first_seen_at,
    IssueOrderField.EVENT_COUNT: lambda row: row[1].event_count,
    IssueOrderField.USER_COUNT: lambda row: row[1].user_count,
    IssueOrderField.SEVERITY: lambda row: row[0].severity.rank,
}
# What an event changes, of what issues can be sorted by.
CHANGES = {IssueOrderField.LAST_SEEN, IssueOrderField.EVENT_COUNT, IssueOrderField.USER_COUNT}


class Arrivals:
    """What is written while somebody reads: new issues anywhere in the order, and old ones seen again."""

    def __init__(self, res: Resources, project: Project, random: Random) -> None:
        self.res = res
        self.project = project
        self.random = random
        self.changed: set[object] = set()

    async def arrive(self, count: int) -> None:
        for _ in range(count):
            await make_issue(
                self.res,
                self.project,
                events=0,
                severity=self.random.choice(list(Severity)),
                status=self.random.choice((IssueStatus.UNRESOLVED, IssueStatus.RESOLVED)),
                first_seen_at=START - timedelta(hours=self.random.randrange(6)),
                counter={
                    "event_count": self.random.randrange(5),
                    "user_count": self.random.randrange(3),
                    "last_seen_at": START - timedelta(hours=self.random.randrange(6)),
                },
            )

    async def see_again(self, ids: list[object]) -> None:
        for id in self.random.sample(ids, 2):
            async with self.res.db.transaction() as tx:
                counter = await tx.session.get(IssueCounter, id)
                counter.event_count += self.random.randrange(1, 4)
                counter.user_count += 1
                counter.last_seen_at += timedelta(hours=self.random.randrange(1, 6))
                tx.session.add(counter)
            self.changed.add(id)


@pytest.mark.parametrize("field", list(IssueOrderField))
@pytest.mark.parametrize("seed", range(2))
async def test_no_row_that_stays_is_left_out_or_comes_twice(res: Resources, field: IssueOrderField, seed: int):
    random = Random(f"{field} {seed}")
    order, backward = IssueOrder(field, descending=random.random() < 0.5), random.random() < 0.5
    search = random.choice((None, SEARCHED))
    arrivals = Arrivals(res, await make_project(res), random)
    await arrivals.arrive(24)
    whole = await list_issues(res, system(), order=order, page=PageRequest(200), search=search)
    there = [issue.id for issue, _ in whole.items]

    walked, cursor, more = [], None, True
    while more:
        ends = {"before": cursor} if backward else {"after": cursor}
        request = PageRequest(random.randrange(1, 6), backward=backward, **ends)
        page = await list_issues(res, system(), order=order, page=request, search=search)
        rows = [(VALUE[field](row), row[0].id) for row in page.items]
        walked += reversed(rows) if backward else rows
        more = page.has_previous if backward else page.has_next
        cursor = (page.start if backward else page.end) if page.items else cursor
        await arrivals.arrive(random.randrange(2))
        await arrivals.see_again(there)

    # What was read has moved in one direction only, however the list changed.
    assert walked == sorted(walked, reverse=order.descending != backward)
    read = [id for _, id in walked]
    changed = arrivals.changed if field in CHANGES else set()
    stayed = [id for id in (reversed(there) if backward else there) if id not in changed]
    assert [id for id in read if id in set(stayed)] == stayed
    assert len({*walked}) == len(walked)
