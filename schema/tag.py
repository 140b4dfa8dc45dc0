"""How the values of an issue's tags look from outside."""

from datetime import datetime
from typing import Self

import strawberry

from resolvers.issue import tags


@strawberry.type(description="A value that a tag of an issue had in one of its events at least.")
class TagValue:
    """A value that a tag of an issue had."""

    key: str = strawberry.field(description="The key of the tag.")
    value: str = strawberry.field(description="The value.")
    first_seen_at: datetime = strawberry.field(description="When it came first.")

    @classmethod
    def from_noted(cls, noted: tags.TagValue) -> Self:
        """How a value that is noted looks."""
        return cls(key=noted.key, value=noted.value, first_seen_at=noted.first_seen_at)
