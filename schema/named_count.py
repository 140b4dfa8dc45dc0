"""How a count that has a name looks from outside."""

import strawberry

from schema.scalars import Count


@strawberry.type(description="How many events have a name, as of a service.")
class NamedCount:
    """How many events have a name."""

    name: str = strawberry.field(description="The name.")
    count: Count = strawberry.field(description="How many events.")
