"""Pages of those that pass, whether they are among the next, further on in the order, or nearly none."""

import random
from datetime import timedelta

import pytest

from domain.access import system
from domain.issue import IssueFilter, IssueOrder, IssueOrderField
from domain.page import PageRequest
from resolvers.issue.list import list_issues
from resolvers.resources import Resources
from tests.support.clock import START
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements

# Of 130 issues, the latest seen first: who looks at the next forty for one and another meets 39, one, and none of them.
SOME, RARE = [20, 55, 90], [126]
PLACES = {"most": [place for place in range(130) if place not in SOME + RARE], "some": SOME, "rare": RARE}


async def make_some(res: Resources) -> list[str]:
    """Their short ids, the latest seen first."""
    services = {place: service for service, places in PLACES.items() for place in places}
    projects = [await make_project(res) for _ in range(2)]
    return [
        (
            await make_issue(
                res,
                projects[place % 2],
                events=0,
                service=services[place],
                first_seen_at=START - timedelta(minutes=place),
                counter={"last_seen_at": START - timedelta(minutes=place)},
            )
        ).short_id
        for place in range(130)
    ]


async def test_any_page_of_those_that_pass_is_what_the_sorted_list_has_there(res: Resources):
    names = await make_some(res)
    dice = random.Random(5)
    for turn in range(90):
        service = list(PLACES)[turn % 3]
        passing, filter = [names[place] for place in PLACES[service]], IssueFilter(service=(service,))
        order = IssueOrder(dice.choice([IssueOrderField.LAST_SEEN, IssueOrderField.FIRST_SEEN]))
        cursors = (await list_issues(res, system(), filter=filter, order=order, page=PageRequest(200))).cursors
        after, size, backward = dice.choice([None, *range(len(cursors))]), dice.randrange(4), dice.random() < 0.5
        limit = None if after is None else cursors[after]
        request = PageRequest(size, before=limit, backward=True) if backward else PageRequest(size, after=limit)
        page = await list_issues(res, system(), filter=filter, order=order, page=request)
        left = (
            passing[: len(passing) if after is None else after]
            if backward
            else passing[0 if after is None else after + 1 :]
        )
        assert [issue.short_id for issue, _ in page.items] == (
            left[max(0, len(left) - size) :] if backward else left[:size]
        )
        assert (page.has_previous if backward else page.has_next) == (len(left) > size)


@pytest.mark.parametrize(("service", "looks"), [("most", 1), ("some", 2), ("rare", 3), ("none", 3)])
async def test_no_further_is_looked_than_those_that_pass_are(res: Resources, service: str, looks: int):
    await make_some(res)
    with counted_statements(res) as statements:
        await list_issues(res, system(), filter=IssueFilter(service=(service,)), page=PageRequest(1))
    assert len([statement for statement in statements if "FROM issue" in statement]) == looks
