"""How a surge looks from outside."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import strawberry

import models
from schema.context import Info
from schema.issue import Issue


@strawberry.type(
    description="Far more events than usual, of a service or of an issue in it, explained as it was at its worst."
)
class Surge:
    """Far more events than usual."""

    issue_id: strawberry.Private[UUID | None]

    at: datetime = strawberry.field(description="When it began, to the minute.")
    ended_at: datetime | None = strawberry.field(description="When it was over; null while it lasts.")
    service: str = strawberry.field(description="Where.")
    window: timedelta = strawberry.field(description="How long the minutes are that `expected` and `actual` are of.")
    expected: float = strawberry.field(
        description="How many events are usual then: the median of that hour of the week, with the level of the last"
        " day; the mean of the last day where less than three weeks are known."
    )
    actual: float = strawberry.field(description="How many events there were.")
    score: float = strawberry.field(
        description="By how many standard deviations that is more: (actual - expected) / spread, which is estimated"
        " from the median absolute deviation, and at least the square root of what is expected."
    )

    @strawberry.field(description="The issue whose events they are; null where they are of the service as a whole.")
    async def issue(self, info: Info) -> Issue | None:
        """The issue whose events they are."""
        row = await info.context.loaders.issue_by_id.load(self.issue_id) if self.issue_id else None
        return Issue.from_row(row) if row else None

    @classmethod
    def from_row(cls, row: models.Surge) -> Self:
        """The surge of a row."""
        return cls(
            issue_id=row.issue_id,
            at=row.began_at,
            ended_at=row.ended_at,
            service=row.service,
            window=timedelta(seconds=row.window_s),
            expected=row.expected,
            actual=float(row.actual),
            score=row.score,
        )
