"""How it looks from outside when an issue is due; below both issues and targets."""

from datetime import datetime
from typing import Self

import strawberry

from resolvers.target.holding import Dues


@strawberry.type(
    description="When an issue is due, by the `responseTargets` for its severity. The time runs since it was first"
    " seen, came back or was reopened, and that to acknowledge it also anew since it awoke from a snooze. Nothing is"
    " due of one that is ignored, and nobody need acknowledge one that is snoozed."
)
class IssueDue:
    """When an issue is due."""

    acknowledge_at: datetime | None = strawberry.field(
        description="Until when it is to be acknowledged (or resolved, snoozed or ignored); null where no target says."
    )
    is_acknowledge_breached: bool = strawberry.field(description="Whether it was not until then.")
    resolve_at: datetime | None = strawberry.field(
        description="Until when it is to be resolved (or ignored); null where no target says."
    )
    is_resolve_breached: bool = strawberry.field(description="Whether it was not until then.")

    @classmethod
    def from_dues(cls, dues: Dues) -> Self:
        """The dues of a use case."""
        acknowledge, resolve = dues.acknowledge, dues.resolve
        return cls(
            acknowledge_at=acknowledge.at if acknowledge else None,
            is_acknowledge_breached=acknowledge is not None and acknowledge.is_breached,
            resolve_at=resolve.at if resolve else None,
            is_resolve_breached=resolve is not None and resolve.is_breached,
        )
