"""How it looks from outside where else a message occurs."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from resolvers.pattern import elsewhere
from schema.context import Info
from schema.node import present
from schema.project import Project
from schema.scalars import Count


@strawberry.type(
    description="A service of a project that you may see, where other issues have the same error type and template."
)
class Elsewhere:
    """Where else the messages of an issue's template occur."""

    project_id: strawberry.Private[UUID]

    service: str = strawberry.field(description="The service.")
    issue_count: Count = strawberry.field(description="How many other issues it has.")
    event_count: Count = strawberry.field(description="How many events those have had.")
    last_seen_at: datetime = strawberry.field(description="When the latest of those came.")

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        """The project."""
        return Project.from_row(present(await info.context.loaders.project_by_id.load(self.project_id)))

    @classmethod
    def from_found(cls, found: elsewhere.Elsewhere) -> Self:
        """What was found."""
        return cls(
            project_id=found.project_id,
            service=found.service,
            issue_count=Count(found.issue_count),
            event_count=Count(found.event_count),
            last_seen_at=found.last_seen_at,
        )
