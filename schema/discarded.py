"""How what SDKs discarded looks from outside."""

from typing import Self

import strawberry

from domain import discarded
from schema.scalars import Count


@strawberry.type(description="How much of a kind SDKs discarded for a reason, by their own count.")
class DiscardedCount:
    """How much of a kind SDKs discarded for a reason."""

    reason: str = strawberry.field(description="Why, in Sentry's words, such as `before_send`; `other` for all else.")
    category: str = strawberry.field(description="Of what, in Sentry's words, such as `error`; `other` for all else.")
    count: Count = strawberry.field(description="How much.")

    @classmethod
    def from_domain(cls, counted: discarded.Discarded) -> Self:
        """The count of the domain."""
        return cls(reason=counted.reason, category=counted.category, count=Count(counted.count))
