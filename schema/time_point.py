"""Points of timelines, and how many of each severity they have."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Self, TypeAlias
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from domain import span, stats
from domain.event import Severity
from domain.stats import Bucket, check_daily, coverage
from resolvers.daily import TimelineOf
from schema.context import Info
from schema.scalars import Count

OnlyDays: TypeAlias = Annotated[Bucket | None, strawberry.argument(description="How long a point is: only DAY.")]


@strawberry.type(description="How many events have a severity.")
class SeverityCount:
    """How many events have a severity."""

    severity: Severity = strawberry.field(description="The severity.")
    count: Count = strawberry.field(description="How many events.")


@strawberry.type(description="One point of a timeline.")
class TimePoint:
    """One point of a timeline."""

    at: datetime = strawberry.field(description="When it starts.")
    count: Count = strawberry.field(description="How many events it has.")
    counted: strawberry.Private[Mapping[Severity, int]]

    @strawberry.field(description="The same by severity, mildest first.")
    def by_severity(self) -> list[SeverityCount]:
        """The same by severity, mildest first; made of a point where it is asked for only."""
        return severity_counts(self.counted)

    @classmethod
    def from_point(cls, point: stats.Point) -> Self:
        """The point of the domain."""
        return cls(at=point.at, count=Count(point.count), counted=point.by_severity)


def severity_counts(counts: Mapping[Severity, int]) -> list[SeverityCount]:
    """The counts, in their order."""
    return [SeverityCount(severity=severity, count=Count(count)) for severity, count in counts.items()]


async def daily_points(
    info: Info, of: DataLoader[TimelineOf, list[stats.Point]], id: UUID, last: timedelta, bucket: Bucket | None
) -> list[TimePoint]:
    """When what has this id occurred, so far back from now, widened to whole UTC days.

    Raises: InvalidInput for any other bucket than days, and for more days than are kept.
    """
    check_daily(bucket or Bucket.DAY)
    covered = coverage(span.TimeRange(last=last), info.context.resources.clock.now(), by_issue=True)
    return [TimePoint.from_point(point) for point in await of.load(TimelineOf(id, covered))]
