"""How the reason why events land in an issue looks from outside."""

from typing import Self

import strawberry

from resolvers.issue.grouping import Explanation


@strawberry.type(description="One part of an event that might count for its grouping keys.")
class GroupingComponent:
    """One part of an event that might count for its grouping keys."""

    name: str = strawberry.field(description="Which part.")
    value: str = strawberry.field(description="What is in it.")
    counted: bool = strawberry.field(description="Whether it counts.")
    reason: str = strawberry.field(description="Why it does or does not.")


@strawberry.type(description="Why events land in an issue, or one event did.")
class GroupingExplanation:
    """Why events land in an issue."""

    version: int = strawberry.field(description="The newest version of the rules among its keys.")
    keys: list[str] = strawberry.field(
        description="The grouping keys that lead to the issue, in hex, oldest first; of an event, the one it came by."
    )
    components: list[GroupingComponent] = strawberry.field(
        description="The parts of the event, or of the issue's newest; none once that is older than events are kept."
    )

    @classmethod
    def from_explanation(cls, explanation: Explanation) -> Self:
        """The explanation as it was found."""
        return cls(
            version=explanation.version,
            keys=explanation.keys,
            components=[
                GroupingComponent(name=part.name, value=part.value, counted=part.counted, reason=part.reason)
                for part in explanation.components
            ],
        )
