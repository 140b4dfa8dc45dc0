"""Figures about what happened, from the counts that the writer keeps: nobody counts events."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Subquery, cast, func, select
from sqlmodel import col

from core.db import AnySelect, ReadSession
from core.ids import lowest_uuid7_at
from domain.access import Actor, Scope
from domain.event import Severity
from domain.issue import IssueStatus
from domain.span import TimeRange
from domain.stats import DAY, Bucket, Coverage, Figure, Point, Question, StatsFilter, coverage, floor
from domain.tick import Counted, last_minute
from models import Event, GroupingKey, Issue, IssueCounter, MinuteCount, Project, Surge
from resolvers.asked import among, asked_projects
from resolvers.issue_figures import IssueFigures
from resolvers.resources import Resources
from resolvers.rollups import each_hour, events_by_day, events_by_hour, events_by_minute, issues_by_day
from resolvers.surge.listing import list_surges
from resolvers.target.met import MET
from resolvers.times import TIMES, AskedTimes
from resolvers.users import count_users


@dataclass(slots=True)
class _Counts:
    """Where figures come from: `events` counts by the UTC day, `issues` are those.

    What several figures are made of is read once.
    """

    projects: Collection[UUID]
    issues: IssueFigures
    coverage: Coverage
    actor: Actor
    filter: StatsFilter
    _kinds: list[tuple[str, str, Severity, int]] | None = None

    @property
    def events(self) -> Subquery:
        """Made where it is asked for: to put the statement together takes longer than to send it."""
        by_day = events_by_day if self.filter.issue is None else issues_by_day
        return by_day(self.projects, self.filter, self.coverage)

    async def by_time(
        self, session: ReadSession, bucket: Bucket, starts: Sequence[datetime]
    ) -> Iterable[tuple[datetime, Severity, int]]:
        """How many events there were of each severity at which time: the fewest that tell what each point has."""
        asked = self.projects, self.filter, self.coverage
        if bucket is not Bucket.MINUTE and any(start != floor(start, DAY) for start in starts):
            return self._within(await session.rows(events_by_hour(*asked)))
        source = events_by_minute(*asked) if bucket is Bucket.MINUTE else self.events
        columns = source.c.at, source.c.severity
        return await session.rows(select(*columns, _sum(source)).group_by(*columns))

    def _within(self, days: Iterable[Sequence[Any]]) -> Iterator[tuple[datetime, Severity, int]]:
        """The hours of these days that are in the range."""
        for day, severity, *counts in days:
            for at, count in each_hour(day, counts):
                if self.coverage.since <= at < self.coverage.until:
                    yield at, severity, count

    async def kinds(self, session: ReadSession) -> list[tuple[str, str, Severity, int]]:
        """How many events there were of each service, environment and severity."""
        if self._kinds is None:
            events = self.events
            columns = (events.c.service, events.c.environment, events.c.severity)
            rows = await session.rows(select(*columns, _sum(events)).group_by(*columns))
            self._kinds = [(*kind, int(count)) for *kind, count in rows]
        return self._kinds


_Answer: TypeAlias = Callable[[ReadSession, _Counts, Question], Awaitable[Any]]


def find_coverage(
    res: Resources, actor: Actor, *, filter: StatsFilter, asked: TimeRange, now: datetime | None = None
) -> Coverage:
    """The range that figures cover where this one was asked for, now or at another instant.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    return coverage(asked, now or res.clock.now(), by_issue=filter.issue is not None)


async def answer_questions(
    res: Resources, actor: Actor, *, filter: StatsFilter, covered: Coverage, questions: Sequence[Question]
) -> list[Any]:
    """The answers to the questions, all out of one snapshot, with few statements.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    asked: defaultdict[Coverage, list[Question]] = defaultdict(list)
    for question in questions:
        asked[question.covered or covered].append(question)
    times = {each: AskedTimes(actor, filter, each, res.clock.now()) for each in asked}
    async with res.db.reading() as session:
        projects = await _projects(session, actor, filter)
        counts = {each: _counts(actor, projects, filter, each, theirs) for each, theirs in asked.items()}
        return [
            await _OF_PEOPLE[each.figure](session, times[each.covered or covered])
            if each.figure in _OF_PEOPLE
            else await _ANSWERS[each.figure](session, counts[each.covered or covered], each)
            for each in questions
        ]


async def count_last_minute(res: Resources, at: datetime) -> list[Counted]:
    """What was received in the last whole UTC minute before `at`, in all projects: who may see what is asked later."""
    minute, _ = last_minute(at)
    columns = (MinuteCount.service, MinuteCount.environment, MinuteCount.severity, MinuteCount.event_count)
    query: AnySelect = (
        select(col(Project.id), col(Project.slug), *map(col, columns))
        .join(MinuteCount, col(MinuteCount.project_id) == col(Project.id))
        .where(col(MinuteCount.minute) == minute)
    )
    async with res.db.reading() as session:
        return [Counted(*row) for row in await session.rows(query)]


async def count_last_minute_of_issue(
    res: Resources, actor: Actor, *, filter: StatsFilter, issue_id: UUID, at: datetime
) -> dict[Severity, int]:
    """How many events of the issue were received in the last whole UTC minute before `at`, mildest severity first.

    By issue the writer counts whole days, so these events are counted: their ids have the time in front, which makes
    them one range of the primary key in each project.

    Raises: PermissionDenied.
    """
    actor.require(Scope.READ)
    query: AnySelect = (
        select(col(Event.severity), func.count())
        .join(GroupingKey, col(GroupingKey.id) == col(Event.grouping_key_id))
        .where(
            col(GroupingKey.issue_id) == issue_id,
            col(Event.project_id).in_(asked_projects(actor, filter.project)),
            *_in_last_minute(at),
            *among(
                (col(Event.service), filter.service),
                (col(Event.environment), filter.environment),
                (col(Event.severity), filter.severities),
            ),
        )
        .group_by(col(Event.severity))
    )
    async with res.db.reading() as session:
        found = dict(map(tuple, await session.rows(query)))
    return {each: found.get(each, 0) for each in Severity}


def _in_last_minute(at: datetime) -> tuple[ColumnElement[bool], ...]:
    since, until = last_minute(at)
    return col(Event.id) >= lowest_uuid7_at(since), col(Event.id) < lowest_uuid7_at(until)


async def _projects(session: ReadSession, actor: Actor, filter: StatsFilter) -> list[UUID]:
    return [id for (id,) in await session.rows(asked_projects(actor, filter.project))]


def _counts(
    actor: Actor, projects: Collection[UUID], filter: StatsFilter, covered: Coverage, questions: Sequence[Question]
) -> _Counts:
    most = max((each.first for each in questions if each.figure is Figure.TOP_ISSUES), default=0)
    issues = IssueFigures(actor, projects, filter, covered, {each.figure for each in questions}, most)
    return _Counts(projects, issues, covered, actor, filter)


def _sum(counts: Subquery) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(counts.c.event_count), 0), BigInteger)


async def _total(session: ReadSession, counts: _Counts, _question: Question) -> int:
    return sum(count for *_, count in await counts.kinds(session))


async def _by_severity(session: ReadSession, counts: _Counts, _question: Question) -> dict[Severity, int]:
    """Every severity, mildest first."""
    found: Counter[Severity] = Counter()
    for _, _, severity, count in await counts.kinds(session):
        found[severity] += count
    return {each: found[each] for each in Severity}


def _by_name(place: int) -> _Answer:
    async def answer(session: ReadSession, counts: _Counts, question: Question) -> list[tuple[str, int]]:
        """The names that have most, and how many."""
        found: Counter[str] = Counter()
        for kind in await counts.kinds(session):
            found[str(kind[place])] += kind[-1]
        return sorted(found.items(), key=lambda named: (-named[1], named[0]))[: question.first]

    return answer


async def _by_release(session: ReadSession, counts: _Counts, question: Question) -> list[tuple[str, int]]:
    """The releases that have most, and how many; events without one are left out."""
    events = counts.events
    name, total = events.c.release, _sum(events)
    query = select(name, total).where(name != "").group_by(name).order_by(total.desc(), name).limit(question.first)
    return [(name, count) for name, count in await session.rows(query)]


async def _timeline(session: ReadSession, counts: _Counts, question: Question) -> list[Point]:
    """Every point of the range, oldest first."""
    starts = counts.coverage.starts(question.bucket, question.timezone)
    none = dict.fromkeys(Severity, 0)
    points = [none.copy() for _ in (None, *starts)]
    for at, severity, count in await counts.by_time(session, question.bucket, starts):
        points[bisect_right(starts, at)][severity] += count
    return [Point(start, of_each) for start, of_each in zip(starts, points[1:], strict=True)]


async def _issues(session: ReadSession, counts: _Counts, _question: Question) -> int:
    return sum(state.all for state in await counts.issues.states(session))


async def _new_issues(session: ReadSession, counts: _Counts, _question: Question) -> int:
    return sum(state.new for state in await counts.issues.states(session))


async def _regressions(session: ReadSession, counts: _Counts, _question: Question) -> int:
    return sum(state.back for state in await counts.issues.states(session))


async def _users(session: ReadSession, counts: _Counts, _question: Question) -> int | None:
    return await count_users(session, counts.actor, counts.filter, counts.coverage)


async def _surges(session: ReadSession, counts: _Counts, question: Question) -> Sequence[Surge]:
    return await list_surges(session, counts.actor, counts.filter, counts.coverage, first=question.first)


async def _by_status(session: ReadSession, counts: _Counts, _question: Question) -> dict[IssueStatus, int]:
    """How many issues are in each state now."""
    found = {state.status: state.all for state in await counts.issues.states(session)}
    return {each: found.get(each, 0) for each in IssueStatus}


async def _top_issues(session: ReadSession, counts: _Counts, question: Question) -> list[tuple[Issue, IssueCounter]]:
    """The issues that have most events, with their counters."""
    ids = (await counts.issues.busiest(session))[: question.first]
    query = select(Issue, IssueCounter).join(IssueCounter, col(IssueCounter.issue_id) == Issue.id)
    found = {issue.id: (issue, counter) for issue, counter in await session.rows(query.where(col(Issue.id).in_(ids)))}
    return [found[id] for id in ids]


# Those that are made of what people did.
_OF_PEOPLE = {**TIMES, **MET}
_ANSWERS: dict[Figure, _Answer] = {
    Figure.TOTAL: _total,
    Figure.BY_SEVERITY: _by_severity,
    Figure.BY_SERVICE: _by_name(0),
    Figure.BY_ENVIRONMENT: _by_name(1),
    Figure.BY_RELEASE: _by_release,
    Figure.TIMELINE: _timeline,
    Figure.ISSUES: _issues,
    Figure.NEW_ISSUES: _new_issues,
    Figure.REGRESSIONS: _regressions,
    Figure.USERS: _users,
    Figure.SURGES: _surges,
    Figure.BY_STATUS: _by_status,
    Figure.TOP_ISSUES: _top_issues,
}
