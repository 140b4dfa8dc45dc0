"""How an escalation looks from outside."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from schema.context import Info
from schema.developer import Developer
from schema.node import Node, present


@strawberry.type(description="One step that an alert climbed: from whom, to whom, why.")
class Escalation(Node):
    """One step that an alert climbed."""

    alert_id: strawberry.Private[UUID]
    from_id: strawberry.Private[UUID | None]
    to_ids: strawberry.Private[list[UUID]]

    level: int = strawberry.field(description="How high the alert is since: 1 after its first step.")
    reason: str = strawberry.field(description="Why, in a person's words, or in those of the policy.")
    is_automatic: bool = strawberry.field(description="Whether time did it, and not a person.")
    at: datetime = strawberry.field(description="When.")

    @strawberry.field(description="The alert that climbed.")
    async def alert(self, info: Info) -> Annotated["Alert", strawberry.lazy("schema.alert")]:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The alert that climbed."""
        row = await info.context.loaders.alert_by_id.load(self.alert_id)
        return Node.of("Alert", present(row))

    @strawberry.field(name="from", description="Who had it before; null where nobody did.")
    async def from_(self, info: Info) -> Developer | None:
        """Who had it before."""
        row = await info.context.loaders.developer_by_id.load(self.from_id) if self.from_id else None
        return Developer.from_row(row) if row else None

    @strawberry.field(description="Who was told, as far as you may see them.")
    async def to(self, info: Info) -> list[Developer]:
        """Who was told."""
        rows = await info.context.loaders.developer_by_id.load_many(self.to_ids)
        return [Developer.from_row(row) for row in rows if row]

    @classmethod
    def from_row(cls, row: models.Escalation) -> Self:
        """The escalation of a row."""
        return cls(
            uuid=row.id,
            alert_id=row.alert_id,
            from_id=row.from_id,
            to_ids=row.to_ids,
            level=row.level,
            reason=row.reason,
            is_automatic=row.is_automatic,
            at=row.at,
        )
