"""How patterns look from outside."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Self

import strawberry

import models
from domain.event import Severity
from domain.page import page_request
from domain.pattern import SPAN, PatternOrder, Trend
from domain.stats import Bucket
from resolvers.pages import PageKey
from resolvers.pattern.listing import count_patterns, list_patterns
from schema.connection import After, CountedConnection, Size, counted_connection
from schema.context import Info
from schema.issue import Issue
from schema.named_count import NamedCount
from schema.node import ID, Node, present, read_id
from schema.scalars import Count
from schema.time_point import OnlyDays, SeverityCount, TimePoint, daily_points


@strawberry.type(
    description="One template of a message with one error type, in several issues of a project, across services;"
    " mined from messages as issues come. It keeps its id as its template gets more general."
)
class Pattern(Node):
    """One template of a message in several issues."""

    template: str = strawberry.field(
        description="The message, with `<int>` for a number and so on, `<*>` for any word and `<...>` for several."
    )
    error_type: str = strawberry.field(description="The class of the error.")
    event_count: Count = strawberry.field(description="How many events its issues have had.")
    issue_count: Count = strawberry.field(description="How many issues are of it.")
    affected_services: list[str] = strawberry.field(description="The services that reported it, by name.")
    common_endpoints: list[NamedCount] = strawberry.field(
        description="Where its issues were seen last, with how many of them, most first; of the 20 seen last."
    )
    severity_distribution: list[SeverityCount] = strawberry.field(description="Events by severity, mildest first.")
    trend: Trend = strawberry.field(description="Where it is going, as one week compares to the one before.")
    change_percent: float | None = strawberry.field(
        description="By how much they differ; null where the one before had nothing."
    )
    detected_at: datetime = strawberry.field(description="When a second issue of it was found.")
    last_seen_at: datetime = strawberry.field(description="When its latest event came.")

    @strawberry.field(description="Its issues, newest first.")
    async def issues(self, info: Info, first: Size = 25, after: After = None) -> CountedConnection[Issue]:
        """Its issues."""
        loaders = info.context.loaders
        page = await loaders.issue_page_by_pattern.load(PageKey(self.uuid, page_request(first, after)))
        return counted_connection(page, Issue.from_row, partial(loaders.issue_count_by_pattern_id.load, self.uuid))

    @strawberry.field(description="When it occurred, oldest first, with the days that had none.")
    async def timeline(
        self,
        info: Info,
        last: Annotated[
            timedelta | None, strawberry.argument(description="How far back, to whole UTC days: a week unless given.")
        ] = None,
        bucket: OnlyDays = Bucket.DAY,
    ) -> list[TimePoint]:
        """When it occurred."""
        of = info.context.loaders.timeline_by_pattern
        return await daily_points(info, of, self.uuid, SPAN if last is None else last, bucket)

    @classmethod
    def from_row(cls, row: models.Pattern) -> Self:
        """The pattern of a row."""
        return cls(
            uuid=row.id,
            template=row.template,
            error_type=row.error_type,
            event_count=Count(row.event_count),
            issue_count=Count(row.issue_count),
            affected_services=row.services,
            common_endpoints=[NamedCount(name=name, count=Count(count)) for name, count in row.endpoints],
            severity_distribution=[
                SeverityCount(severity=each, count=Count(row.severities.get(each, 0))) for each in Severity
            ],
            trend=row.trend,
            change_percent=row.change_percent,
            detected_at=present(row.detected_at),
            last_seen_at=row.last_seen_at,
        )


@strawberry.type
class PatternQuery:
    """Questions about patterns."""

    @strawberry.field(description="The patterns that you may see, most first.")
    async def patterns(
        self,
        info: Info,
        service: Annotated[
            str | None, strawberry.argument(description="Only those that this service reported.")
        ] = None,
        order_by: Annotated[
            PatternOrder | None, strawberry.argument(description="Sorted by what.")
        ] = PatternOrder.EVENT_COUNT,
        first: Size = 25,
        after: After = None,
    ) -> CountedConnection[Pattern] | None:
        """The patterns in sight."""
        res, actor = info.context.resources, info.context.actor
        order, page = order_by or PatternOrder.EVENT_COUNT, page_request(first, after)
        rows = await list_patterns(res, actor, service=service, order=order, page=page)
        return counted_connection(rows, Pattern.from_row, partial(count_patterns, res, actor, service=service))

    @strawberry.field(description="The pattern of that id, or the one that it went into; null where you see none.")
    async def pattern(
        self, info: Info, id: Annotated[ID, strawberry.argument(description="The global id.")]
    ) -> Pattern | None:
        """The pattern of that id."""
        row = await info.context.loaders.pattern_by_id.load(read_id(id, "Pattern", "id"))
        return Pattern.from_row(row) if row else None
