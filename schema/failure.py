"""Failures that a caller can mend: members of a mutation's union, never errors."""

from enum import StrEnum

import strawberry


class FailureCode(StrEnum):
    """What kind of failure it is."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    NOBODY_ON_CALL = "NOBODY_ON_CALL"
    RATE_LIMITED = "RATE_LIMITED"


@strawberry.interface(description="Every failure: `... on Failure { code message }` covers them all.")
class Failure:
    """What all failures have."""

    code: FailureCode = strawberry.field(description="What kind of failure it is.")
    message: str = strawberry.field(description="What is wrong, for a person.")
    path: list[str] | None = strawberry.field(default=None, description="The way to the wrong field of the input.")


@strawberry.type(description="A field of the input is wrong.")
class InvalidInput(Failure):
    """A field of the input is wrong."""


@strawberry.type(description="There is no such thing, or you may not see it.")
class NotFound(Failure):
    """There is no such thing, or the caller may not see it."""


@strawberry.type(description="The thing is in a state that does not allow it.")
class Conflict(Failure):
    """The thing is in a state that does not allow it."""


@strawberry.type(description="Nobody is on call who could be told.")
class NobodyOnCall(Failure):
    """Nobody is on call who could be told."""


@strawberry.type(description="One error of several that is beyond a limit: send it again later.")
class RateLimited(Failure):
    """One error of several that is beyond a limit."""

    retry_after: float = strawberry.field(description="After how many seconds.")
