"""Times of people's work, held to the same computed by hand."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import mean, median
from typing import Any

from core.ids import uuid7
from domain.access import ActorKind, system
from domain.event import Severity
from domain.issue import APPEARING, OPENING, ActivityKind, IssueStatus, Resolution
from domain.notification import Channel, NotificationStatus
from domain.span import TimeRange
from domain.stats import Figure, Question, StatsFilter
from domain.times import Latency, Times
from models import Activity, Issue, Notification
from resolvers.resources import Resources
from resolvers.stats import answer_questions, find_coverage
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_facets, make_issue
from tests.support.factories.notification import make_notification
from tests.support.factories.project import make_project

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIGURES = (Figure.TIME_TO_ACKNOWLEDGE, Figure.TIME_TO_RESOLVE, Figure.RESOLUTION_RATE, Figure.FALSE_POSITIVE_RATE)
Step = tuple[ActivityKind, datetime, str | None]
K = ActivityKind


async def ask(res: Resources, *figures: Figure, actor=None, asked: TimeRange | None = None, **filter) -> list[Any]:
    counted, who = StatsFilter(**filter), actor or system()
    covered = find_coverage(res, who, filter=counted, asked=asked or TimeRange())
    questions = [Question(figure) for figure in figures]
    return await answer_questions(res, who, filter=counted, covered=covered, questions=questions)


async def write_steps(res: Resources, issue: Issue, steps: Sequence[Step]) -> None:
    async with res.db.transaction() as tx:
        tx.session.add_all(
            Activity(
                id=uuid7(at),
                project_id=issue.project_id,
                issue_id=issue.id,
                kind=kind,
                actor_kind=ActorKind.SYSTEM,
                at=at,
                details={"resolution": resolution} if resolution else None,
            )
            for kind, at, resolution in steps
        )


def some_life(rng: random.Random) -> list[Step]:
    """Steps in any order that may come, the first of all that it was seen, as it is where nothing is missing."""
    at, steps = START - rng.randint(1, 100) * HOUR, []
    kind = K.FIRST_SEEN
    while at < START + HOUR:
        ended = rng.choice(list(Resolution)).value if kind is K.RESOLVED else None
        steps.append((kind, at, ended))
        at += timedelta(seconds=rng.randint(60, 40_000))
        choices = (K.REGRESSED, K.REOPENED) if kind is K.RESOLVED else (K.ACKNOWLEDGED, K.RESOLVED, K.WOKEN, K.LAPSED)
        kind = rng.choice(choices)
    return steps


def naive(steps: Sequence[Step], kind: ActivityKind, since: Sequence[ActivityKind]) -> list[tuple[datetime, timedelta]]:
    """When such a step was taken first after each beginning, and how long that took."""
    found, began = [], None
    for each, at, _ in steps:
        if each in since:
            began = at
        elif each is kind and began is not None:
            found.append((at, at - began))
            began = None
    return found


async def test_the_figures_are_what_a_walk_through_the_steps_finds(res: Resources):
    rng = random.Random(5)
    project, range_ = await make_project(res), (START - 20 * HOUR, START)
    lives: list[list[Step]] = []
    for _ in range(40):
        life = some_life(rng)
        is_resolved = life[-1][0] is K.RESOLVED
        status = IssueStatus.RESOLVED if is_resolved else IssueStatus.UNRESOLVED
        issue = await make_issue(res, project, events=0, first_seen_at=life[0][1], status=status)
        await write_steps(res, issue, life)
        lives.append(life)
    acknowledged, resolved, rate, false = await ask(res, *FIGURES, asked=TimeRange(*range_))

    def is_in(at: datetime) -> bool:
        return range_[0] <= at < range_[1]

    for times, kind, since in ((acknowledged, K.ACKNOWLEDGED, OPENING), (resolved, K.RESOLVED, APPEARING)):
        spans = [span.total_seconds() for life in lives for at, span in naive(life, kind, since) if is_in(at)]
        assert len(spans) > 10
        assert abs(times.mean.total_seconds() - mean(spans)) < 1e-3
        assert abs(times.median.total_seconds() - median(spans)) < 1e-3
    appeared = [life for life in lives if any(kind in APPEARING and is_in(at) for kind, at, _ in life)]
    assert rate == sum(life[-1][0] is K.RESOLVED for life in appeared) / len(appeared)
    ends = [ended for life in lives for kind, at, ended in life if kind is K.RESOLVED and is_in(at)]
    assert false == ends.count("NOT_AN_ERROR") / len(ends)


async def test_an_issue_whose_beginning_is_not_on_its_timeline_began_when_it_was_first_seen(res: Resources):
    issue = await make_issue(res, await make_project(res), first_seen_at=START - 5 * HOUR)
    await write_steps(res, issue, [(K.ACKNOWLEDGED, START - 3 * HOUR, None), (K.ACKNOWLEDGED, START - HOUR, None)])
    assert await ask(res, Figure.TIME_TO_ACKNOWLEDGE) == [Times(2 * HOUR, 2 * HOUR)]


async def test_a_snooze_is_part_of_the_time_to_resolve_and_not_of_that_to_acknowledge(res: Resources):
    issue = await make_issue(res, await make_project(res), first_seen_at=START - 9 * HOUR)
    steps = [(K.WOKEN, START - 2 * HOUR, None), (K.ACKNOWLEDGED, START - HOUR, None), (K.RESOLVED, START, "FIXED")]
    await write_steps(res, issue, steps)
    acknowledged, resolved = await ask(res, *FIGURES[:2])
    assert (acknowledged.mean, resolved.mean) == (HOUR, 9 * HOUR)


async def test_the_filter_and_sight_choose_among_the_issues(res: Resources):
    shop, other = await make_project(res, slug="shop"), await make_project(res)
    wanted = await make_issue(
        res,
        shop,
        service="billing",
        severity=Severity.CRITICAL,
        first_seen_at=START - HOUR,
        status=IssueStatus.RESOLVED,
    )
    await make_facets(res, wanted, "environment", "staging", "qa")
    await write_steps(res, wanted, [(K.ACKNOWLEDGED, START, None), (K.RESOLVED, START, "NOT_AN_ERROR")])
    hidden = await make_issue(res, other, severity=Severity.LOW, first_seen_at=START - 3 * HOUR)
    await write_steps(res, hidden, [(K.ACKNOWLEDGED, START, None), (K.RESOLVED, START, "FIXED")])
    actor = acting(await make_developer(res), shop)
    one = [Times(HOUR, HOUR), Times(HOUR, HOUR), None, 1.0]
    for passing in (
        {"project": ("shop",)},
        {"service": ("billing",)},
        {"environment": ("staging", "qa")},
        {"min_severity": Severity.HIGH},
        {"issue": wanted.id},
        {"actor": actor},
    ):
        assert await ask(res, *FIGURES, **passing) == one, passing
    assert (await ask(res, Figure.TIME_TO_RESOLVE))[0].mean == 2 * HOUR
    assert await ask(res, *FIGURES, actor=actor, issue=hidden.id) == [None] * 4


async def test_messages_that_wait_by_wish_and_the_dashboard_are_no_latency(res: Resources):
    issue = await make_issue(res, await make_project(res))
    person = await make_developer(res)
    assert await ask(res, Figure.NOTIFICATION_LATENCY) == [None]
    for n in range(1, 21):
        await sent_after(res, issue, person, n * MINUTE)
    await sent_after(res, issue, person, DAY, digest_at=START)
    row = await sent_after(res, issue, person, DAY)
    async with res.db.transaction() as tx:
        late = await tx.session.get_one(Notification, row.id)
        late.content = {**late.content, "is_delayed": True}
    await make_notification(res, issue, person, dedup="not sent yet")
    assert await ask(res, Figure.NOTIFICATION_LATENCY) == [Latency(10 * MINUTE, 19 * MINUTE)]
    assert await ask(res, Figure.NOTIFICATION_LATENCY, service=("other",)) == [None]


async def sent_after(res: Resources, issue: Issue, person, span: timedelta, **values) -> Notification:
    row = await make_notification(res, issue, person, dedup=f"{span}:{values}:{random.random()}")
    assert row.channel is Channel.EMAIL
    async with res.db.transaction() as tx:
        stored = await tx.session.get_one(Notification, row.id)
        stored.status, stored.sent_at = NotificationStatus.SENT, stored.created_at + span
        for name, value in values.items():
            setattr(stored, name, value)
    return row
