"""How a step on an issue's timeline looks from outside."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

import models
from domain.access import ActorKind
from domain.issue import ActivityKind
from schema.access import Actor, actor_of
from schema.context import Info
from schema.node import Node, present


@strawberry.type(description="One step in the life of an issue, and who took it.")
class Activity(Node):
    """One step in the life of an issue."""

    issue_id: strawberry.Private[UUID]
    actor_kind: strawberry.Private[ActorKind]
    actor_id: strawberry.Private[UUID | None]

    kind: ActivityKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    note: str | None = strawberry.field(description="What was said.")
    details: JSON | None = strawberry.field(description="What it was exactly; the keys differ with `kind`.")

    @strawberry.field(description="The issue that it happened to.")
    async def issue(self, info: Info) -> Annotated["Issue", strawberry.lazy("schema.issue")]:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The issue that it happened to."""
        row = await info.context.loaders.issue_by_id.load(self.issue_id)
        return Node.of("Issue", present(row))

    @strawberry.field(description="Who did it; null where you may not see who.")
    async def actor(self, info: Info) -> Actor | None:
        """Who did it."""
        return await actor_of(info, self.actor_kind, self.actor_id)

    @classmethod
    def from_row(cls, row: models.Activity) -> Self:
        """The step of a row."""
        return cls(
            uuid=row.id,
            issue_id=row.issue_id,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            kind=row.kind,
            at=row.at,
            note=row.note,
            details=None if row.details is None else JSON(row.details),
        )
