"""What can go wrong that a caller should know of. All else is a bug.

DomainError
├── NotFound            there is no such thing, or the caller may not see it
├── PermissionDenied    the caller may not do that
│   └── Unauthenticated     nobody knows who the caller is
├── InvalidInput        a field is wrong; `path` names it
├── Conflict            the thing is in a state that does not allow it
│   └── NobodyOnCall        nobody is there who could be told
├── LimitExceeded       too much at once; try again after `retry_after_s`
└── Unavailable         a part is away; try again after `retry_after_s`
"""


class DomainError(Exception):
    """An expected failure, with a message for the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """There is no such thing, or the caller may not see it."""


class PermissionDenied(DomainError):
    """The caller may not do that."""


class Unauthenticated(PermissionDenied):
    """Nobody knows who the caller is."""


class InvalidInput(DomainError):
    """A field is wrong: `path` leads to it, the message names the bound."""

    def __init__(self, message: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


class Conflict(DomainError):
    """The thing is in a state that does not allow it."""


class NobodyOnCall(Conflict):
    """Nobody is there who could be told."""


class LimitExceeded(DomainError):
    """Too much at once: try again after so many seconds. `reason` names the limit, and `limit` is it, where known."""

    def __init__(
        self, message: str, retry_after_s: float = 1, *, reason: str = "QUEUE_FULL", limit: int | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.reason = reason
        self.limit = limit


class Unavailable(DomainError):
    """A part is away: try again after so many seconds."""

    def __init__(self, message: str, retry_after_s: float = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
