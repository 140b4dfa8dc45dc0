"""What did a person say who met an error, or wanted to tell something?"""

from dataclasses import dataclass, fields
from hashlib import blake2b

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Feedback:
    """The words of one person; `event_id` is the reporter's own of the event that they are about."""

    message: str
    name: str | None = None
    email: str | None = None
    url: str | None = None
    event_id: str | None = None
    feedback_id: str | None = None

    @property
    def identity(self) -> str:
        """By which the same feedback is known again: its own id, or a digest of all that it says."""
        if self.feedback_id:
            return self.feedback_id
        said = "\0".join(str(getattr(self, field.name) or "") for field in fields(self))
        return blake2b(said.encode(), digest_size=_ID_BYTES).hexdigest()
