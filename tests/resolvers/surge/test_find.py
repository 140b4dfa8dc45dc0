"""Surges are found while they last, each once, by service and by issue."""

from collections.abc import Mapping

import pytest

from core.clock import ManualClock
from domain.stats import DAY, HOUR, MINUTE, WEEK, days_since
from models import Issue, Project, Surge
from resolvers.resources import Resources
from resolvers.retention import prune_counts
from resolvers.surge.find import find_surges
from tests.support.factories.issue import count_events, make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.rows import all_rows, only_row


@pytest.fixture
async def issue(res: Resources) -> Issue:
    """One that is known for long, and had none of the events yet."""
    return await make_issue(res, await make_project(res), events=0, first_seen_at=res.clock.now() - 9 * WEEK)


async def happen(res: Resources, issue: Issue, count: int) -> None:
    """So many events now, in the rollups too."""
    for _ in range(count):
        await make_event(res, issue)
    await count_events(res, issue, res.clock.now(), count)


async def later(res: Resources, clock: ManualClock, minutes: int = 1) -> Mapping[str, int]:
    """What is found at the end of so many minutes."""
    await clock.advance(minutes * MINUTE)
    return await find_surges(res)


async def test_a_surge_of_a_service_and_its_issue_is_one_row_each_while_it_lasts(
    res: Resources, clock: ManualClock, issue: Issue
):
    began_at = clock.now()
    await happen(res, issue, 12)
    assert await later(res, clock) == {"began": 2, "ended": 0}
    await happen(res, issue, 20)
    assert await later(res, clock) == {"began": 0, "ended": 0}
    whole, one = sorted(await all_rows(res, Surge), key=lambda row: row.issue_id is not None)
    assert (whole.service, whole.issue_id, one.service, one.issue_id) == ("checkout", None, "checkout", issue.id)
    for row in (whole, one):
        assert (row.expected, row.actual, row.score, row.window_s) == (0.0, 32, 32.0, 120)
        assert (row.began_at, row.last_seen_at, row.ended_at) == (began_at - MINUTE, clock.now(), None)
    ended = [await later(res, clock) for _ in range(12)]
    assert sum(each["ended"] for each in ended) == 2
    assert sum(each["began"] for each in ended) == 0
    assert {row.ended_at for row in await all_rows(res, Surge)} == {began_at + 6 * MINUTE}
    await happen(res, issue, 12)
    assert (await later(res, clock))["began"] == 2


async def test_what_is_so_each_week_is_none(res: Resources, clock: ManualClock, issue: Issue):
    for week in range(1, 6):
        await count_events(res, issue, clock.now() - week * WEEK, 1200)
        for beside in (-1, 1):
            await count_events(res, issue, clock.now() - week * WEEK + beside * HOUR, 1200)
    await happen(res, issue, 50)
    assert await later(res, clock) == {"began": 0, "ended": 0}
    await happen(res, issue, 120)
    assert await later(res, clock) == {"began": 2, "ended": 0}
    whole, one = sorted(await all_rows(res, Surge), key=lambda row: row.issue_id is not None)
    assert (whole.expected, whole.actual) == (40.0, 170)
    # A day had 3,600 of it, all in these three hours.
    assert (one.expected, one.actual) == (pytest.approx(40.0), 170)


async def test_few_events_that_go_on_are_found_by_the_longest_look(res: Resources, clock: ManualClock, issue: Issue):
    began = 0
    for _ in range(14):
        await happen(res, issue, 1)
        began += (await later(res, clock))["began"]
    assert began == 2
    assert {row.window_s for row in await all_rows(res, Surge)} == {15 * 60}


async def test_of_a_service_only_the_issues_that_have_enough_surge(res: Resources, clock: ManualClock, issue: Issue):
    small = await make_issue(res, await only_row(res, Project), events=0)
    other = await make_issue(res, await make_project(res), events=0)
    await happen(res, issue, 11)
    await happen(res, small, 4)
    await happen(res, other, 4)
    assert (await later(res, clock))["began"] == 2
    assert {row.issue_id for row in await all_rows(res, Surge)} == {None, issue.id}


async def test_they_are_forgotten_with_the_last_counts(res: Resources, clock: ManualClock, issue: Issue):
    await happen(res, issue, 12)
    await later(res, clock)
    assert (await prune_counts(res))["surges"] == 0
    await clock.advance(clock.now() - days_since(clock.now()) + DAY)
    assert (await prune_counts(res))["surges"] == 2
