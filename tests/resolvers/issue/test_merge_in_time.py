"""What a split makes and a merge opens begins then: how long people took is counted from there, and so are targets."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from domain.access import Role, system
from domain.event import Severity
from domain.issue import ActivityKind
from domain.span import TimeRange
from domain.stats import Figure, Question, StatsFilter
from domain.target import Due, Target
from domain.times import Times
from models import Activity, GroupingKey, Project
from resolvers.issue.acknowledge import acknowledge_issue
from resolvers.issue.merge import merge_issues
from resolvers.issue.resolve import resolve_issue
from resolvers.issue.split import split_issue
from resolvers.resources import Resources
from resolvers.stats import answer_questions, find_coverage
from resolvers.target.holding import Dues, dues_by_issue_id
from resolvers.target.settings import set_response_targets
from resolvers.target.warn import warn_of_targets
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.rows import all_rows
from tests.support.writing import log

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def project(writing: Resources) -> Project:
    """A project whose HIGH issues are to be acknowledged within an hour, and resolved within ten."""
    await make_developer(writing, role=Role.OWNER)
    made = await make_project(writing)
    await set_response_targets(writing, system(), targets=[Target(Severity.HIGH, HOUR, 10 * HOUR)])
    return made


async def figures(res: Resources, *which: Figure, **filter):
    asked = StatsFilter(**filter)
    covered = find_coverage(res, system(), filter=asked, asked=TimeRange())
    questions = [Question(figure) for figure in which]
    return await answer_questions(res, system(), filter=asked, covered=covered, questions=questions)


async def steps_of(res: Resources, issue_id) -> list[ActivityKind]:
    rows = await all_rows(res, Activity, Activity.issue_id == issue_id)
    return [row.kind for row in sorted(rows, key=lambda row: row.id)]


async def test_a_new_issue_of_a_split_waits_since_the_split(writing: Resources, project: Project, clock: ManualClock):
    res = writing
    first = await log(res, project, message="card declined", severity="HIGH")
    second = await log(res, project, message="card refused", severity="HIGH")
    own = [key.hash.hex() for key in await all_rows(res, GroupingKey, GroupingKey.issue_id == first.issue_id)]
    await merge_issues(res, system(), into_issue_id=first.issue_id, issue_ids=[second.issue_id])
    await clock.advance(2 * DAY)
    new = await split_issue(res, system(), issue_id=first.issue_id, grouping_keys=own)
    assert await steps_of(res, new.id) == [ActivityKind.FIRST_SEEN, ActivityKind.SPLIT]
    assert new.first_seen_at == clock.now() - 2 * DAY
    due = [Dues(Due(clock.now() + HOUR, False), Due(clock.now() + 10 * HOUR, False))]
    assert await dues_by_issue_id(res, system(), [new.id]) == due
    await clock.advance(50 * MINUTE)
    assert await warn_of_targets(res) == 1
    await acknowledge_issue(res, system(), issue_id=new.id)
    await clock.advance(HOUR)
    await resolve_issue(res, system(), issue_id=new.id)
    asked = (Figure.TIME_TO_ACKNOWLEDGE, Figure.TIME_TO_RESOLVE, Figure.RESOLUTION_RATE, Figure.ACKNOWLEDGED_IN_TIME)
    took, stood = Times(50 * MINUTE, 50 * MINUTE), Times(110 * MINUTE, 110 * MINUTE)
    assert await figures(res, *asked, issue=new.id) == [took, stood, 1.0, 1.0]


async def test_an_issue_that_a_merge_opens_waits_since_the_merge(
    writing: Resources, project: Project, clock: ManualClock
):
    res = writing
    done = await log(res, project, message="card declined", severity="HIGH")
    await acknowledge_issue(res, system(), issue_id=done.issue_id)
    await resolve_issue(res, system(), issue_id=done.issue_id)
    await clock.advance(2 * DAY)
    still = await log(res, project, message="card refused", severity="HIGH")
    await merge_issues(res, system(), into_issue_id=done.issue_id, issue_ids=[still.issue_id])
    assert (await steps_of(res, done.issue_id))[-2:] == [ActivityKind.MERGED, ActivityKind.REOPENED]
    due = [Dues(Due(clock.now() + HOUR, False), Due(clock.now() + 10 * HOUR, False))]
    assert await dues_by_issue_id(res, system(), [done.issue_id]) == due
    await clock.advance(50 * MINUTE)
    assert await warn_of_targets(res) == 1
    await clock.advance(70 * MINUTE)
    await acknowledge_issue(res, system(), issue_id=done.issue_id)
    asked = (Figure.TIME_TO_ACKNOWLEDGE, Figure.ACKNOWLEDGED_IN_TIME, Figure.RESOLVED_IN_TIME)
    assert await figures(res, *asked, issue=done.issue_id) == [Times(2 * HOUR, 2 * HOUR), 0.0, None]


async def test_a_merge_into_an_open_issue_opens_nothing(writing: Resources, project: Project):
    into = await log(writing, project, message="card declined", severity="HIGH")
    other = await log(writing, project, message="card refused", severity="HIGH")
    await merge_issues(writing, system(), into_issue_id=into.issue_id, issue_ids=[other.issue_id])
    assert await steps_of(writing, into.issue_id) == [ActivityKind.FIRST_SEEN, ActivityKind.MERGED]


async def acknowledged(res: Resources, project: Project, message: str):
    """An issue of that message whose alert somebody has acknowledged."""
    logged = await log(res, project, message=message, severity="HIGH")
    await acknowledge_issue(res, system(), issue_id=logged.issue_id)
    return logged


async def test_an_acknowledged_alert_that_moves_has_the_issue_acknowledged_since_the_merge(
    writing: Resources, project: Project, clock: ManualClock
):
    into = await log(writing, project, message="card declined", severity="HIGH")
    late = await log(writing, project, message="no such card", severity="HIGH")
    others = [await acknowledged(writing, project, message) for message in ("card refused", "card is refused")]
    await clock.advance(40 * MINUTE)
    await merge_issues(writing, system(), into_issue_id=into.issue_id, issue_ids=[others[0].issue_id])
    assert (await steps_of(writing, into.issue_id))[-2:] == [ActivityKind.MERGED, ActivityKind.ACKNOWLEDGED]
    await clock.advance(40 * MINUTE)
    await merge_issues(writing, system(), into_issue_id=late.issue_id, issue_ids=[others[1].issue_id])
    asked = (Figure.TIME_TO_ACKNOWLEDGE, Figure.ACKNOWLEDGED_IN_TIME)
    assert await figures(writing, *asked, issue=into.issue_id) == [Times(40 * MINUTE, 40 * MINUTE), 1.0]
    assert await figures(writing, *asked, issue=late.issue_id) == [Times(80 * MINUTE, 80 * MINUTE), 0.0]
    (due, _) = await dues_by_issue_id(writing, system(), [into.issue_id, late.issue_id])
    assert due.acknowledge == Due(clock.now() - 20 * MINUTE, False)


async def test_what_a_merge_opens_is_acknowledged_where_the_alert_that_moves_is(writing: Resources, project: Project):
    done = await acknowledged(writing, project, "card declined")
    await resolve_issue(writing, system(), issue_id=done.issue_id)
    other = await acknowledged(writing, project, "card refused")
    await merge_issues(writing, system(), into_issue_id=done.issue_id, issue_ids=[other.issue_id])
    steps = await steps_of(writing, done.issue_id)
    assert steps[-3:] == [ActivityKind.MERGED, ActivityKind.REOPENED, ActivityKind.ACKNOWLEDGED]


async def test_an_issue_that_somebody_acknowledged_is_not_so_again_by_a_merge(writing: Resources, project: Project):
    into = await acknowledged(writing, project, "card declined")
    other = await acknowledged(writing, project, "card refused")
    await merge_issues(writing, system(), into_issue_id=into.issue_id, issue_ids=[other.issue_id])
    assert (await steps_of(writing, into.issue_id))[-2:] == [ActivityKind.ACKNOWLEDGED, ActivityKind.MERGED]
