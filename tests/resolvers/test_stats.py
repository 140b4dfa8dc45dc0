import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from core.clock import ManualClock
from domain.access import ANONYMOUS, system
from domain.errors import Unauthenticated
from domain.event import Severity
from domain.issue import ActivityKind, IssueStatus
from domain.span import TimeRange
from domain.stats import Bucket, Figure, Question, StatsFilter
from resolvers.resources import Resources
from resolvers.rollups import regressed_within
from resolvers.stats import answer_questions, find_coverage
from resolvers.timeline import record_activity
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import count_events, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import counted_statements

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def answers(res: Resources, actor, *questions: Question, asked: TimeRange | None = None, **filter) -> list:
    counted = StatsFilter(**filter)
    covered = find_coverage(res, actor, filter=counted, asked=asked or TimeRange())
    return await answer_questions(res, actor, filter=counted, covered=covered, questions=questions)


async def total(res: Resources, actor=None, **arguments) -> int:
    (count,) = await answers(res, actor or system(), Question(Figure.TOTAL), **arguments)
    return count


async def test_the_last_day_is_counted_and_not_more(res: Resources):
    issue = await make_issue(res, await make_project(res))
    for hours, count in ((0, 1), (24, 10), (25, 100)):
        await count_events(res, issue, START - hours * HOUR, count)
    assert await total(res) == 11
    assert await total(res, asked=TimeRange(last=2 * HOUR)) == 1
    assert await total(res, asked=TimeRange(START - 25 * HOUR, START - 23 * HOUR)) == 110


async def test_each_part_of_the_filter_lets_pass_what_it_names(res: Resources):
    shop, other = await make_project(res, slug="shop"), await make_project(res)
    wanted = await make_issue(res, shop, service="billing", severity=Severity.CRITICAL)
    await count_events(res, wanted, START, 7, environment="staging")
    await count_events(res, await make_issue(res, other, severity=Severity.LOW), START, 1)
    for passing in (
        {"project": ("shop",)},
        {"service": ("billing",)},
        {"environment": ("staging",)},
        {"severity": (Severity.CRITICAL,)},
        {"min_severity": Severity.HIGH},
        {"issue": wanted.id},
        {"issue": wanted.id, "service": ("billing",), "environment": ("staging",), "project": ("shop",)},
    ):
        assert await total(res, **passing) == 7, passing
        (issues,) = await answers(res, system(), Question(Figure.ISSUES), **passing)
        assert issues == 1, passing
    for failing in (
        {"service": ()},
        {"issue": wanted.id, "service": ("checkout",)},
        {"issue": wanted.id, "min_severity": Severity.CRITICAL, "environment": ("production",)},
    ):
        assert await total(res, **failing) == 0, failing


async def test_events_are_counted_by_severity_service_and_environment(res: Resources):
    project = await make_project(res)
    await count_events(res, await make_issue(res, project, service="a", severity=Severity.LOW), START, 2)
    await count_events(res, await make_issue(res, project, service="b", severity=Severity.HIGH), START, 5)
    await count_events(
        res, await make_issue(res, project, service="c", severity=Severity.HIGH), START, 2, environment="staging"
    )
    severities, services, two, environments = await answers(
        res,
        system(),
        Question(Figure.BY_SEVERITY),
        Question(Figure.BY_SERVICE),
        Question(Figure.BY_SERVICE, first=2),
        Question(Figure.BY_ENVIRONMENT),
    )
    assert list(severities.items()) == [
        (Severity.INFO, 0),
        (Severity.LOW, 2),
        (Severity.MEDIUM, 0),
        (Severity.HIGH, 7),
        (Severity.CRITICAL, 0),
    ]
    assert services == [("b", 5), ("a", 2), ("c", 2)]
    assert two == services[:2]
    assert environments == [("production", 7), ("staging", 2)]


async def test_issues_are_those_with_events_on_the_days_that_the_range_touches(res: Resources):
    project = await make_project(res)
    old = await make_issue(res, project, first_seen_at=START - 3 * DAY, status=IssueStatus.RESOLVED)
    new = await make_issue(res, project, first_seen_at=START - HOUR)
    long_ago = {"first_seen_at": START - 9 * DAY, "counter": {"last_seen_at": START - 9 * DAY}}
    quiet = await make_issue(res, project, **long_ago)
    await count_events(res, old, START, 5)
    await count_events(res, old, START - DAY, 1)
    await count_events(res, new, START, 9)
    await count_events(res, quiet, START - 2 * DAY, 100)
    issues, new_issues, by_status, top, one = await answers(
        res,
        system(),
        Question(Figure.ISSUES),
        Question(Figure.NEW_ISSUES),
        Question(Figure.BY_STATUS),
        Question(Figure.TOP_ISSUES),
        Question(Figure.TOP_ISSUES, first=1),
    )
    assert (issues, new_issues) == (2, 1)
    assert by_status == {
        IssueStatus.UNRESOLVED: 1,
        IssueStatus.RESOLVED: 1,
        IssueStatus.SNOOZED: 0,
        IssueStatus.IGNORED: 0,
    }
    assert [(issue.id, counter.issue_id) for issue, counter in top] == [(new.id, new.id), (old.id, old.id)]
    assert [issue.id for issue, _ in one] == [new.id]


async def test_a_timeline_has_the_points_without_events_too(res: Resources, clock: ManualClock):
    await clock.advance(timedelta(minutes=30))
    project = await make_project(res)
    issue = await make_issue(res, project)
    await count_events(res, issue, START, 3)
    await count_events(res, issue, START - 2 * HOUR, 4, severity=Severity.LOW)
    await count_events(res, issue, START - 4 * HOUR, 5)
    asked = TimeRange(last=4 * HOUR)
    hours, days = await answers(
        res, system(), Question(Figure.TIMELINE), Question(Figure.TIMELINE, bucket=Bucket.DAY), asked=asked
    )
    assert [(point.at, point.count) for point in hours] == [
        (START - 4 * HOUR, 5),
        (START - 3 * HOUR, 0),
        (START - 2 * HOUR, 4),
        (START - HOUR, 0),
        (START, 3),
    ]
    assert hours[2].by_severity[Severity.LOW] == 4
    midnight = START.replace(hour=0)
    assert [(point.at, point.count) for point in days] == [(midnight - DAY, 5), (midnight, 7)]


async def test_by_issue_whole_days_are_counted_wherever_its_keys_are(res: Resources):
    issue = await make_issue(res, await make_project(res))
    await count_events(res, issue, START - DAY, 3)
    await count_events(res, issue, START, 4, severity=Severity.LOW)
    asked = TimeRange(last=HOUR)
    assert await total(res, issue=issue.id, asked=asked) == 4
    timeline, services, environments, severities = await answers(
        res,
        system(),
        Question(Figure.TIMELINE, bucket=Bucket.DAY),
        Question(Figure.BY_SERVICE),
        Question(Figure.BY_ENVIRONMENT),
        Question(Figure.BY_SEVERITY),
        issue=issue.id,
    )
    assert [point.count for point in timeline] == [3, 4]
    assert services == [("checkout", 7)]
    assert environments == [("production", 7)]
    assert severities[Severity.LOW] == 4


async def test_only_projects_in_sight_are_counted(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    hidden = await make_issue(res, other)
    await count_events(res, await make_issue(res, mine), START, 1)
    await count_events(res, hidden, START, 10)
    actor = acting(await make_developer(res), mine)
    assert await total(res, actor) == 1
    assert await total(res, actor, project=(other.slug,)) == 0
    assert await total(res, actor, issue=hidden.id) == 0
    (top,) = await answers(res, actor, Question(Figure.TOP_ISSUES))
    assert len(top) == 1
    with pytest.raises(Unauthenticated):
        await total(res, ANONYMOUS)


async def test_issues_that_came_back_are_counted_once_where_they_have_such_events(res: Resources):
    project = await make_project(res)
    back, calm = [await make_issue(res, project) for _ in range(2)]
    quiet = await make_issue(res, project, counter={"last_seen_at": START - 9 * DAY})
    for issue in (back, calm):
        await count_events(res, issue, START, 1)
    async with res.db.transaction() as tx:
        for issue in (back, back, quiet):
            record_activity(res, tx, system(), issue, ActivityKind.REGRESSED)
        record_activity(res, tx, system(), calm, ActivityKind.RESOLVED)
    for asked, filter, count in (
        (TimeRange(), {}, 1),
        (TimeRange(), {"issue": back.id}, 1),
        (TimeRange(), {"severity": (Severity.INFO,)}, 0),
        (TimeRange(START - 2 * DAY, START), {}, 0),
    ):
        assert await answers(res, system(), Question(Figure.REGRESSIONS), asked=asked, **filter) == [count]
    actor = acting(await make_developer(res))
    assert await answers(res, actor, Question(Figure.REGRESSIONS)) == [0]


async def test_who_came_back_is_looked_for_where_that_is_asked_for_only_by_the_index_of_such_steps(res: Resources):
    await count_events(res, await make_issue(res, await make_project(res)), START, 1)
    with counted_statements(res) as statements:
        asked = Question(Figure.ISSUES), Question(Figure.NEW_ISSUES), Question(Figure.BY_STATUS)
        assert (await answers(res, system(), *asked))[:2] == [1, 1]
        assert not any("activity" in statement for statement in statements)
        assert await answers(res, system(), *asked[:2], Question(Figure.REGRESSIONS)) == [1, 1, 0]
    (statement,) = [each for each in statements if "activity" in each]
    assert "activity.kind = 'REGRESSED'" in statement
    assert await plan_of(res, regressed_within(system(), None, START - 90 * DAY, START)) == {"activity_turn"}


async def plan_of(res: Resources, query) -> set[str]:
    """The indexes of steps that PostgreSQL uses for it where there are many other steps."""
    async with res.db.raw.acquire() as connection:
        await connection.execute(_MANY_STEPS)
        await connection.execute("ANALYZE activity")
    async with res.db.reading() as session:
        statement = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
        plan = await session.rows(text(f"EXPLAIN {statement}"))
    return set(re.findall(r"activity_\w+", "\n".join(line for (line,) in plan)))


_MANY_STEPS = """
INSERT INTO activity (id, project_id, issue_id, kind, actor_kind, at)
SELECT gen_random_uuid(), p.id, i.id, CASE WHEN n % 100 = 0 THEN 'REGRESSED' ELSE 'COMMENTED' END, 'SYSTEM',
       '2026-03-01'::timestamptz - n * interval '1 hour'
  FROM project p, issue i, generate_series(1, 5000) n
"""


async def test_where_nothing_happened_the_figures_are_nought(res: Resources):
    found = await answers(res, system(), *(Question(figure) for figure in Figure if figure is not Figure.TIMELINE))
    nought = [sum(item.values()) if isinstance(item, dict) else item for item in found]
    assert nought == [0, 0, [], [], [], 0, 0, 0, 0, 0, [], *[None] * 7, []]
