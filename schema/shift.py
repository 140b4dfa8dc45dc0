"""How a span of duty looks from outside."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from domain.schedule.definition import Gap
from domain.schedule.definition import Shift as Row
from resolvers.schedule.shifts import Held
from schema.context import Info
from schema.developer import Developer


@strawberry.type(description="A span in which somebody is on call, or nobody: from `start` on, and before `end`.")
class Shift:
    """A span in which somebody is on call, or nobody."""

    developer_id: strawberry.Private[UUID | None]

    start: datetime = strawberry.field(description="From when on.")
    end: datetime | None = strawberry.field(
        description="Until just before when; null where it has no end (by a schedule: none in 100 days)."
    )
    is_override: bool = strawberry.field(
        description="Whether an override, or `setOnCall`, made it so, not the turns of a rotation."
    )

    @strawberry.field(description="Who is on call; null in a gap, and where you may not see them.")
    async def developer(self, info: Info) -> Developer | None:
        """Who is on call."""
        row = await info.context.loaders.developer_by_id.load(self.developer_id) if self.developer_id else None
        return Developer.from_row(row) if row else None

    @classmethod
    def from_row(cls, row: Row | Held) -> Self:
        """The shift of somebody."""
        return cls(developer_id=row.developer_id, start=row.start, end=row.end, is_override=row.is_override)

    @classmethod
    def from_gap(cls, gap: Gap) -> Self:
        """The shift of nobody."""
        return cls(developer_id=None, start=gap.start, end=gap.end, is_override=False)
