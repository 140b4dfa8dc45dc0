"""How figures look from outside."""

from datetime import datetime, timedelta
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.dataloader import DataLoader

from domain import span, stats
from domain.issue import IssueStatus
from domain.page import page_request
from domain.stats import (
    UTC_NAME,
    Bucket,
    Coverage,
    Figure,
    Question,
    change_percent,
    comparable,
    coverage_before,
    timeline_question,
)
from domain.times import Latency, Times
from resolvers.stats import answer_questions, find_coverage
from resolvers.tick import Tick
from resolvers.ticking import answers_of, coverage_of
from schema.context import Info
from schema.filter import StatsFilter, TimeRange
from schema.issue import Issue
from schema.named_count import NamedCount
from schema.scalars import Count
from schema.surge import Surge
from schema.time_point import SeverityCount, TimePoint, severity_counts

_ACKNOWLEDGED = (
    "issues that were acknowledged in the range had waited, since they were first seen, came back, were reopened or"
    " awoke,"
)
_RESOLVED = (
    "issues that were resolved in the range had stood, snoozes included, since they were first seen, came back or were"
    " reopened,"
)
_IN_TIME = (
    "Of the issues that opened in the range and were to be {} in a time that is over, or were, the share that was in"
    " time, from 0 to 1, by the `responseTargets` as they are now; none where there were none."
)
_LATENCY = (
    "of the messages left that were written in the range and are sent, but for those that wait by the recipient's wish;"
    " none where none was."
)
HowMany: TypeAlias = Annotated[int | None, strawberry.argument(description="How many at most, up to 200.")]


@strawberry.type(description="How many issues are in a state.")
class StatusCount:
    """How many issues are in a state."""

    status: IssueStatus = strawberry.field(description="The state.")
    count: Count = strawberry.field(description="How many issues.")


@strawberry.type(description="Figures of the range before another, as those of `Stats`.")
class PreviousStats:
    """Figures of a range."""

    coverage: strawberry.Private[Coverage]
    is_by_issue: strawberry.Private[bool]
    figures: strawberry.Private[DataLoader[Question, Any]]

    @strawberry.field(
        name="from",
        description="From when on: a whole hour; or a UTC day where an issue was named, or the range is longer than"
        " 90 days or begins before them.",
    )
    def since(self) -> datetime:
        """From when on."""
        return self.coverage.since

    @strawberry.field(name="to", description="Until when, itself not included.")
    def until(self) -> datetime:
        """Until when."""
        return self.coverage.until

    @strawberry.field(description="How many events there were.")
    async def total(self) -> Count:
        """How many events there were."""
        return Count(await self._ask(Figure.TOTAL))

    @strawberry.field(description="How many issues had events.")
    async def issues(self) -> Count:
        """How many issues had events."""
        return Count(await self._ask(Figure.ISSUES))

    @strawberry.field(description="How many of these were first seen in the range.")
    async def new_issues(self) -> Count:
        """How many issues were first seen in the range."""
        return Count(await self._ask(Figure.NEW_ISSUES))

    @strawberry.field(description="How many of these came back in the range, after they had been resolved.")
    async def regressions(self) -> Count:
        """How many issues came back in the range."""
        return Count(await self._ask(Figure.REGRESSIONS))

    @strawberry.field(
        description="About how many users had such events on the UTC days which the range touches, each counted once:"
        " the standard error is 1.6 %. Null where the range begins more than 90 days ago. Where an issue was named:"
        " exactly how many it ever had."
    )
    async def users_affected(self) -> Count | None:
        """About how many users had such events."""
        users = await self._ask(Figure.USERS)
        return None if users is None else Count(users)

    @strawberry.field(description="Events by severity, mildest first.")
    async def by_severity(self) -> list[SeverityCount]:
        """Events by severity."""
        return severity_counts(await self._ask(Figure.BY_SEVERITY))

    @strawberry.field(description="Issues by where triage stands now.")
    async def by_status(self) -> list[StatusCount]:
        """Issues by state."""
        counts = await self._ask(Figure.BY_STATUS)
        return [StatusCount(status=status, count=Count(count)) for status, count in counts.items()]

    @strawberry.field(description="Events by service, most first.")
    async def by_service(self, first: HowMany = 20) -> list[NamedCount]:
        """Events by service."""
        return _named(await self._ask(Figure.BY_SERVICE, first=page_request(first).size))

    @strawberry.field(description="Events by environment, most first.")
    async def by_environment(self) -> list[NamedCount]:
        """Events by environment."""
        return _named(await self._ask(Figure.BY_ENVIRONMENT))

    @strawberry.field(
        description="Events by release, most first; those without one are left out. Null where an issue was named,"
        " whose events are not counted by release."
    )
    async def by_release(self, first: HowMany = 20) -> list[NamedCount] | None:
        """Events by release."""
        size = page_request(first).size
        return None if self.is_by_issue else _named(await self._ask(Figure.BY_RELEASE, first=size))

    @strawberry.field(description="Events over time, oldest first, with the points that have none.")
    async def timeline(
        self,
        bucket: Annotated[
            Bucket | None,
            strawberry.argument(
                description="How long a point is: MINUTE within the last 24 hours only; DAY or WEEK where whole UTC"
                " days are covered. At an end of the range, a day or a week has its hours in the range only."
            ),
        ] = Bucket.HOUR,
        timezone: Annotated[
            str | None,
            strawberry.argument(
                description="Whose days and weeks are meant, by its IANA name, such as Europe/Berlin; UTC unless given."
                " They are counted from hours, so in a zone that is half an hour off they start at the whole hour of"
                " UTC before, as `at` says."
            ),
        ] = None,
    ) -> list[TimePoint]:
        """Events over time."""
        question = timeline_question(bucket or Bucket.HOUR, self.coverage, timezone or UTC_NAME)
        return [TimePoint.from_point(point) for point in await self.figures.load(question)]

    @strawberry.field(description="The issues that had most events.")
    async def top_issues(self, first: HowMany = 10) -> list[Issue]:
        """The issues that had most events."""
        rows = await self._ask(Figure.TOP_ISSUES, first=page_request(first).size)
        return [Issue.from_row(*row) for row in rows]

    @strawberry.field(
        description="Surges that were under way in the range, newest first: far more events than usual, of a service or"
        " of an issue. They are found every minute and are of all environments and severities together, whatever the"
        " filter says of these."
    )
    async def surges(self, first: HowMany = 20) -> list[Surge]:
        """Surges that were under way in the range."""
        rows = await self._ask(Figure.SURGES, first=page_request(first).size)
        return [Surge.from_row(row) for row in rows]

    @strawberry.field(description=f"How long {_ACKNOWLEDGED} on average; none where none was.")
    async def mean_time_to_acknowledge(self) -> timedelta | None:
        """The mean time to acknowledge."""
        return _mean(await self._ask(Figure.TIME_TO_ACKNOWLEDGE))

    @strawberry.field(description=f"How long {_ACKNOWLEDGED} at the median; none where none was.")
    async def median_time_to_acknowledge(self) -> timedelta | None:
        """The median time to acknowledge."""
        return _median(await self._ask(Figure.TIME_TO_ACKNOWLEDGE))

    @strawberry.field(description=f"How long {_RESOLVED} on average; none where none was.")
    async def mean_time_to_resolve(self) -> timedelta | None:
        """The mean time to resolve."""
        return _mean(await self._ask(Figure.TIME_TO_RESOLVE))

    @strawberry.field(description=f"How long {_RESOLVED} at the median; none where none was.")
    async def median_time_to_resolve(self) -> timedelta | None:
        """The median time to resolve."""
        return _median(await self._ask(Figure.TIME_TO_RESOLVE))

    @strawberry.field(
        description="Of the issues that were first seen, came back or were reopened in the range, the share that is"
        " resolved now, from 0 to 1; none where there were none."
    )
    async def resolution_rate(self) -> float | None:
        """The share of issues that is resolved."""
        rate: float | None = await self._ask(Figure.RESOLUTION_RATE)
        return rate

    @strawberry.field(
        description="Of the issues that were resolved in the range, the share of NOT_AN_ERROR, from 0 to 1; none where"
        " none was."
    )
    async def false_positive_rate(self) -> float | None:
        """The share of issues that were no errors."""
        rate: float | None = await self._ask(Figure.FALSE_POSITIVE_RATE)
        return rate

    @strawberry.field(description=_IN_TIME.format("acknowledged"))
    async def acknowledged_in_time(self) -> float | None:
        """The share that was acknowledged in time."""
        share: float | None = await self._ask(Figure.ACKNOWLEDGED_IN_TIME)
        return share

    @strawberry.field(description=_IN_TIME.format("resolved"))
    async def resolved_in_time(self) -> float | None:
        """The share that was resolved in time."""
        share: float | None = await self._ask(Figure.RESOLVED_IN_TIME)
        return share

    @strawberry.field(name="notificationLatencyP50", description=f"Within which time half {_LATENCY}")
    async def notification_latency_p50(self) -> timedelta | None:
        """Within which time half of the messages left."""
        latency: Latency | None = await self._ask(Figure.NOTIFICATION_LATENCY)
        return latency.p50 if latency else None

    @strawberry.field(name="notificationLatencyP95", description=f"Within which time 95 % {_LATENCY}")
    async def notification_latency_p95(self) -> timedelta | None:
        """Within which time 95 % of the messages left."""
        latency: Latency | None = await self._ask(Figure.NOTIFICATION_LATENCY)
        return latency.p95 if latency else None

    async def _ask(self, figure: Figure, **options: Any) -> Any:
        """The answer to one question; all that are selected side by side are answered together."""
        return await self.figures.load(Question(figure, self.coverage, **options))


@strawberry.type(
    description="Figures of a range, all out of one snapshot; each costs only those who select it. What is about issues"
    " counts those that had such events on the UTC days which the range touches."
)
class Stats(PreviousStats):
    """Figures of a range, and how they compare."""

    @strawberry.field(
        description="The figures of the range of the same length just before, out of the same snapshot; null where that"
        " begins before there are counts. The hour that is now is in the range, though it is not over."
    )
    def previous(self) -> PreviousStats | None:
        """The figures of the range before."""
        before = coverage_before(self.coverage, by_issue=self.is_by_issue)
        if before is None:
            return None
        return PreviousStats(coverage=before, is_by_issue=self.is_by_issue, figures=self.figures)

    @strawberry.field(
        description="By how many percent there were more events, or fewer, in the hours of the range that are over (in"
        " the UTC days, where such are covered) than in as many just before; null where those had none, or begin before"
        " there are counts."
    )
    async def change_percent(self) -> float | None:
        """By how much events changed."""
        both = comparable(self.coverage, by_issue=self.is_by_issue)
        if both is None:
            return None
        recent, before = await self.figures.load_many([Question(Figure.TOTAL, covered) for covered in both])
        return change_percent(recent, before)


@strawberry.type
class StatsQuery:
    """Questions about figures."""

    @strawberry.field(description="Figures of what happened in a range: the last 24 hours, unless otherwise said.")
    async def stats(
        self,
        info: Info,
        filter: Annotated[
            StatsFilter | None, strawberry.argument(description="What is counted; left out, all.")
        ] = None,
        range: Annotated[
            TimeRange | None,
            strawberry.argument(
                description="From when until when, widened to whole hours; to whole UTC days where it is longer than 90"
                " days or begins before them, at most 730, and where an issue was named, at most 366."
            ),
        ] = None,
    ) -> Stats | None:
        """Figures of what happened in a range."""
        return make_stats(info, filter.to_domain() if filter else None, range.to_domain() if range else None)


def make_stats(info: Info, filter: stats.StatsFilter | None, asked: span.TimeRange | None) -> Stats:
    """The figures of a range, none of which is computed yet."""
    res, actor = info.context.resources, info.context.actor
    counted = filter or stats.StatsFilter()
    covered = find_coverage(res, actor, filter=counted, asked=asked or span.TimeRange())

    async def answer(questions: list[Question]) -> list[Any]:
        return await answer_questions(res, actor, filter=counted, covered=covered, questions=questions)

    return Stats(coverage=covered, is_by_issue=counted.issue is not None, figures=DataLoader(load_fn=answer))


def stats_of_tick(info: Info, tick: Tick) -> Stats:
    """The figures of a tick, which all who share it share."""
    res = info.context.resources
    covered = coverage_of(res, tick)

    async def answer(questions: list[Question]) -> list[Any]:
        return await answers_of(res, tick, covered, questions)

    return Stats(coverage=covered, is_by_issue=tick.filter.issue is not None, figures=DataLoader(load_fn=answer))


def _mean(times: Times | None) -> timedelta | None:
    return times.mean if times else None


def _median(times: Times | None) -> timedelta | None:
    return times.median if times else None


def _named(counts: list[tuple[str, int]]) -> list[NamedCount]:
    return [NamedCount(name=name, count=Count(count)) for name, count in counts]
