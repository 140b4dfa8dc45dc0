"""What leaves after a commit: news for those who watch, wake-ups for the worker."""

from dataclasses import dataclass
from enum import StrEnum

NEWS = "news"
WAKE = "wake"


class Job(StrEnum):
    """What the worker can be woken for. Losing a wake-up only costs the wait for the next poll."""

    TAKE_TRIAGE = "take_triage"
    SEND_NOTIFICATIONS = "send_notifications"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message: for whom, and what it says."""

    topic: str
    payload: str


FEED_NEWS = Outgoing(NEWS, "feed")


def wake(job: Job) -> Outgoing:
    """Wake the worker for that job."""
    return Outgoing(WAKE, job.value)
