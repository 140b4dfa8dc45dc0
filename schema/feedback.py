"""How feedback looks from outside."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from resolvers.event.loaders import EventRef
from schema.context import Info
from schema.node import ID, Node, present


@strawberry.type(description="What a person said of an event, or without one, through an SDK.")
class Feedback(Node):
    """What a person said."""

    project_id: strawberry.Private[UUID]
    row_id: strawberry.Private[UUID | None]
    grouping_key_id: strawberry.Private[UUID | None]

    message: str = strawberry.field(description="The words, with secrets redacted.")
    name: str | None = strawberry.field(description="Who said so, by the name that was given.")
    email: str | None = strawberry.field(description="Where to answer.")
    url: str | None = strawberry.field(description="The page on which it was said, with secrets redacted.")
    at: datetime = strawberry.field(description="When it came in.")
    event_id: ID | None = strawberry.field(description="The reporter's own id of the event that it is about.")

    @strawberry.field(description="The event that it is about; null where it names none, or one that is not there.")
    async def event(self, info: Info) -> Annotated["Event", strawberry.lazy("schema.event")] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The event that it is about."""
        if self.row_id is None:
            return None
        row = await info.context.loaders.event_by_ref.load(EventRef(self.project_id, self.row_id))
        return Node.of("Event", row) if row else None

    @strawberry.field(description="The issue of that event, also after the event was dropped.")
    async def issue(self, info: Info) -> Annotated["Issue", strawberry.lazy("schema.issue")] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The issue of that event."""
        if self.grouping_key_id is None:
            return None
        row = await info.context.loaders.issue_by_key_id.load(self.grouping_key_id)
        return Node.of("Issue", row) if row else None

    @strawberry.field(description="The project to which it was sent.")
    async def project(self, info: Info) -> Annotated["Project", strawberry.lazy("schema.project")]:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The project to which it was sent."""
        row = await info.context.loaders.project_by_id.load(self.project_id)
        return Node.of("Project", present(row))

    @classmethod
    def from_row(cls, row: models.Feedback) -> Self:
        """The feedback of a row."""
        return cls(
            uuid=row.id,
            project_id=row.project_id,
            row_id=row.row_id,
            grouping_key_id=row.grouping_key_id,
            message=row.message,
            name=row.name,
            email=row.email,
            url=row.url,
            at=row.at,
            event_id=ID(row.event_id) if row.event_id else None,
        )
