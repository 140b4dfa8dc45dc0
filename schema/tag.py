"""How the values of an issue's tags look from outside."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from resolvers.issue import tags
from resolvers.issue.tag_counts import ValueOf
from schema.context import Info


@strawberry.type(description="A value that a tag of an issue had in one of its events at least.")
class TagValue:
    """A value that a tag of an issue had."""

    issue_id: strawberry.Private[UUID]
    key: str = strawberry.field(description="The key of the tag.")
    value: str = strawberry.field(description="The value.")
    first_seen_at: datetime = strawberry.field(description="When it came first.")

    @strawberry.field(
        description="How many of the newest 1,000 events of the issue that are kept have it among their first 20 tags."
    )
    async def recent_count(self, info: Info) -> int:
        """How many of the newest events have it."""
        return await info.context.loaders.recent_tag_count.load(ValueOf(self.issue_id, self.key, self.value))

    @classmethod
    def from_noted(cls, issue_id: UUID, noted: tags.TagValue) -> Self:
        """How a value that is noted looks."""
        return cls(issue_id=issue_id, key=noted.key, value=noted.value, first_seen_at=noted.first_seen_at)
