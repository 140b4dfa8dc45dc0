import random
from datetime import timedelta

import pytest

from domain.access import ANONYMOUS, Role, system
from domain.alert import AlertStatus
from domain.errors import InvalidInput, Unauthenticated
from domain.event import Severity
from domain.issue import IssueFilter, IssueOrder, IssueOrderField, IssueStatus
from domain.page import PageRequest
from domain.span import TimeRange
from models import IssueCounter
from resolvers.issue.list import count_issues, find_issue, list_issues
from resolvers.issue.loaders import issues_by_id
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.alert import make_alert
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_facets, make_issue, make_key
from tests.support.factories.pattern import make_pattern
from tests.support.factories.project import make_project


async def listed(res: Resources, actor, **arguments) -> list[str]:
    page = await list_issues(res, actor, **arguments)
    return [issue.short_id for issue, _ in page.items]


async def test_the_latest_seen_comes_first(res: Resources):
    project = await make_project(res)
    for minutes in (3, 1, 2):
        seen = START - timedelta(minutes=minutes)
        await make_issue(res, project, short_id=f"SHOP-{minutes}", counter={"last_seen_at": seen})
    assert await listed(res, system()) == ["SHOP-1", "SHOP-2", "SHOP-3"]


SORT_VALUE = {
    IssueOrderField.LAST_SEEN: lambda row: row[1].last_seen_at,
    IssueOrderField.FIRST_SEEN: lambda row: row[0].first_seen_at,
    IssueOrderField.EVENT_COUNT: lambda row: row[1].event_count,
    IssueOrderField.USER_COUNT: lambda row: row[1].user_count,
    IssueOrderField.SEVERITY: lambda row: row[0].severity.rank,
}


async def make_many(res: Resources, projects: int, issues: int) -> None:
    """Issues with few different values, so that many tie."""
    dice = random.Random(7)
    for _ in range(projects):
        project = await make_project(res)
        for _ in range(issues):
            await make_issue(
                res,
                project,
                events=0,
                severity=dice.choice(list(Severity)),
                first_seen_at=START - timedelta(hours=dice.randrange(4)),
                counter={
                    "event_count": dice.randrange(3),
                    "user_count": dice.randrange(2),
                    "last_seen_at": START - timedelta(hours=dice.randrange(4)),
                },
            )


@pytest.mark.parametrize("descending", [True, False])
async def test_pages_from_either_end_have_each_issue_once_in_every_order(res: Resources, descending: bool):
    await make_many(res, projects=3, issues=9)
    for field, value in SORT_VALUE.items():
        order = IssueOrder(field, descending)
        whole = await list_issues(res, system(), order=order, page=PageRequest(200))
        ranks = [(value(row), row[0].id) for row in whole.items]
        assert ranks == sorted(ranks, reverse=descending)
        assert len(set(ranks)) == 27
        assert not whole.has_next
        assert not whole.has_previous
        for size in (2, 9, 27):
            assert await walk(res, order, size, backward=False) == whole.cursors
            assert await walk(res, order, size, backward=True) == whole.cursors


async def walk(res: Resources, order: IssueOrder, size: int, *, backward: bool) -> list[str]:
    """The cursors of all pages, in the order of the list."""
    seen: list[str] = []
    more = True
    while more:
        request = (
            PageRequest(size, before=seen[0] if seen else None, backward=True)
            if backward
            else PageRequest(size, after=seen[-1] if seen else None)
        )
        page = await list_issues(res, system(), order=order, page=request)
        seen = [*page.cursors, *seen] if backward else [*seen, *page.cursors]
        more = page.has_previous if backward else page.has_next
        assert len(page.cursors) == size or not more
    return seen


async def test_any_page_is_what_the_sorted_list_has_there(res: Resources):
    await make_many(res, projects=2, issues=8)
    order = IssueOrder(IssueOrderField.EVENT_COUNT)
    cursors = (await list_issues(res, system(), order=order, page=PageRequest(200))).cursors
    dice = random.Random(11)
    for _ in range(60):
        after, before = (dice.choice([None, *range(len(cursors))]) for _ in range(2))
        size, backward = dice.randrange(len(cursors) + 2), dice.random() < 0.5
        request = PageRequest(
            size,
            after=None if after is None else cursors[after],
            before=None if before is None else cursors[before],
            backward=backward,
        )
        between = cursors[0 if after is None else after + 1 : len(cursors) if before is None else before]
        expected = between[max(0, len(between) - size) :] if backward else between[:size]
        page = await list_issues(res, system(), order=order, page=request)
        assert page.cursors == expected
        assert (page.has_previous if backward else page.has_next) == (len(between) > size)


@pytest.mark.parametrize("backward", [False, True])
async def test_issues_that_stay_as_they_are_come_once_while_others_move_meanwhile(res: Resources, backward: bool):
    project = await make_project(res)
    issues = [
        await make_issue(res, project, events=0, counter={"last_seen_at": START - timedelta(hours=number // 2)})
        for number in range(12)
    ]
    moving = issues[1::4]
    seen, cursor = [], None
    for mover in [*moving, *moving]:
        request = PageRequest(3, before=cursor, backward=True) if backward else PageRequest(3, after=cursor)
        page = await list_issues(res, system(), page=request)
        seen += [issue.id for issue, _ in page.items]
        cursor = (page.cursors[0] if backward else page.cursors[-1]) if page.cursors else cursor
        async with res.db.transaction() as tx:
            counter = await tx.session.get(IssueCounter, mover.id)
            counter.last_seen_at += timedelta(days=1) if counter.last_seen_at < START else timedelta(days=-9)
    still = [issue.id for issue in issues if issue not in moving]
    assert sorted(id for id in seen if id in still) == sorted(still)


async def test_only_projects_in_sight_are_listed_counted_and_found(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    seen = await make_issue(res, mine, short_id="SHOP-1")
    hidden = await make_issue(res, other, short_id="SHOP-2")
    actor = acting(await make_developer(res), mine)
    assert await listed(res, actor) == ["SHOP-1"]
    assert await count_issues(res, actor) == 1
    assert (await find_issue(res, actor, short_id="shop-1")).id == seen.id
    assert await find_issue(res, actor, short_id="SHOP-2") is None
    assert await issues_by_id(res, actor, [hidden.id, seen.id]) == [None, seen]
    assert await listed(res, actor, filter=IssueFilter(project=(other.slug,))) == []


async def test_who_sees_no_project_sees_no_issue_and_who_is_nobody_is_refused(res: Resources):
    await make_issue(res, await make_project(res))
    nothing = acting(await make_developer(res, role=Role.VIEWER))
    assert await listed(res, nothing) == []
    assert await count_issues(res, nothing) == 0
    for refused in (list_issues, count_issues):
        with pytest.raises(Unauthenticated):
            await refused(res, ANONYMOUS)


async def test_each_part_of_the_filter_lets_pass_what_it_names(res: Resources):
    project, other = await make_project(res, slug="shop"), await make_project(res)
    developer = await make_developer(res)
    team = await make_team(res)
    wanted = await make_issue(
        res,
        project,
        short_id="WANTED-1",
        service="billing",
        error_type="KeyError",
        severity=Severity.CRITICAL,
        status=IssueStatus.RESOLVED,
        assignee_id=developer.id,
        team_id=team.id,
        is_regression=True,
        first_seen_at=START - timedelta(days=5),
        counter={"last_seen_at": START - timedelta(days=3)},
    )
    await make_facets(res, wanted, "environment", "staging")
    await make_facets(res, wanted, "release", "1.0", "1.1", key=await make_key(res, wanted))
    await make_alert(res, wanted)
    await make_issue(res, other, severity=Severity.LOW)
    day = timedelta(days=1)
    for passing in (
        IssueFilter(project=("shop",)),
        IssueFilter(service=("billing", "nowhere")),
        IssueFilter(environment=("staging",)),
        IssueFilter(severity=(Severity.CRITICAL,)),
        IssueFilter(min_severity=Severity.HIGH),
        IssueFilter(severity=(Severity.LOW, Severity.CRITICAL), min_severity=Severity.MEDIUM),
        IssueFilter(status=(IssueStatus.RESOLVED,)),
        IssueFilter(assignee=(developer.id,)),
        IssueFilter(unassigned=False),
        IssueFilter(team=(team.id,)),
        IssueFilter(error_type=("KeyError",)),
        IssueFilter(release=("1.1", "1.0")),
        IssueFilter(is_regression=True),
        IssueFilter(has_open_alert=True),
        IssueFilter(first_seen=TimeRange(since=START - 5 * day, until=START - 4 * day)),
        IssueFilter(last_seen=TimeRange(until=START - day)),
        IssueFilter(service=("billing",), status=(IssueStatus.RESOLVED,), is_regression=True),
    ):
        assert await listed(res, system(), filter=passing) == ["WANTED-1"], passing
        assert await count_issues(res, system(), filter=passing) == 1, passing
    for failing in (
        IssueFilter(service=()),
        IssueFilter(service=("billing",), unassigned=True),
        IssueFilter(severity=(Severity.LOW,), min_severity=Severity.HIGH),
        IssueFilter(first_seen=TimeRange(until=START - 5 * day)),
        IssueFilter(release=("staging",)),
    ):
        assert await listed(res, system(), filter=failing) == [], failing
        assert await count_issues(res, system(), filter=failing) == 0, failing
    assert "WANTED-1" not in await listed(res, system(), filter=IssueFilter(has_open_alert=False))
    assert "WANTED-1" not in await listed(res, system(), filter=IssueFilter(last_seen=TimeRange(last=day)))


async def test_issues_are_those_of_a_pattern_or_of_the_one_that_it_went_into(res: Resources):
    project = await make_project(res)
    mine = await make_issue(res, project, short_id="MINE-1")
    await make_issue(res, project)
    pattern = await make_pattern(res, mine)
    former = await make_pattern(res, await make_issue(res, project), merged_into_id=pattern.id)
    for id, found in ((pattern.id, ["MINE-1"]), (former.id, ["MINE-1"]), (project.id, [])):
        assert await listed(res, system(), filter=IssueFilter(pattern=id)) == found


async def test_a_closed_alert_is_not_an_open_one(res: Resources):
    issue = await make_issue(res, await make_project(res))
    await make_alert(res, issue, status=AlertStatus.RESOLVED)
    assert await listed(res, system(), filter=IssueFilter(has_open_alert=True)) == []


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "🙂",
        "WyJMQVNUX1NFRU4iLDUsNV0",  # ["LAST_SEEN",5,5]
        "WyJMQVNUX1NFRU4iLCIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiMDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0",  # naive
        "WyJFVkVOVF9DT1VOVCIsMSwiMDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0",  # of another order
    ],
)
async def test_what_is_no_cursor_of_the_list_is_refused_by_name(res: Resources, cursor: str):
    with pytest.raises(InvalidInput) as refusal:
        await list_issues(res, system(), page=PageRequest(before=cursor, backward=True))
    assert refusal.value.path == ("before",)


async def test_counting_stops_at_its_limit(res: Resources, monkeypatch: pytest.MonkeyPatch):
    project = await make_project(res)
    for _ in range(3):
        await make_issue(res, project)
    monkeypatch.setattr("resolvers.paging.COUNT_LIMIT", 2)
    assert await count_issues(res, system()) == 2
