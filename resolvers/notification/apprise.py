"""A notification by one of the services that Apprise knows, as plain text."""

import asyncio
from collections.abc import Mapping

from core.apprise import Kind, Message, Told, tell
from core.clock import Clock
from core.settings import Settings
from domain.apprise import without_parts
from domain.event import Severity
from domain.notification import Outcome, one_line, read_retry_after
from models import Notification
from resolvers.notification.delivery import Send
from resolvers.notification.telling import Others, Telling, telling

_MOST_S = 20.0  # for all that a service asks, the start of its process among it
_SHARE_OF_LEASE = 2 / 3
_MOST_STARTING = 2
_LONGEST_DETAIL = 300
_LONGEST_STACK = 1000
_KINDS: Mapping[Severity, Kind] = {
    Severity.MEDIUM: Kind.WARNING,
    Severity.HIGH: Kind.FAILURE,
    Severity.CRITICAL: Kind.FAILURE,
}
_NO_ADDRESS = "Apprise does not understand this address; its documentation says what one of this service looks like."


def apprise_sender(settings: Settings, clock: Clock) -> Send:
    """What sends a notification to a service; to be used where Apprise is installed."""
    most_s = min(_MOST_S, settings.notification_lease_s * _SHARE_OF_LEASE)
    starting = asyncio.Semaphore(_MOST_STARTING)  # so that a storm leaves room for those who send by other ways

    async def send(notification: Notification) -> Outcome:
        told = telling(notification)
        more = f", {told.others.words}" if told.others else ""
        kind = _KINDS.get(told.severity, Kind.INFO)
        came = await tell(
            notification.destination,
            Message(notification.subject + more, make_body(told), kind),
            allowed=settings.outbound_allowed,
            base_url=settings.base_url,
            most_s=most_s,
            turn=starting,
        )
        return _outcome(came, notification.destination, clock)

    return send


def _outcome(came: Told, url: str, clock: Clock) -> Outcome:
    if came.is_taken:
        return Outcome(succeeded=True, status_code=came.status, detail="taken")
    if not came.is_understood or came.refused is not None:
        return Outcome(succeeded=False, detail=came.refused or _NO_ADDRESS, is_final=True)
    said = without_parts(came.said or "Apprise did not say why.", url)
    return Outcome(
        succeeded=False,
        status_code=came.status,
        detail=one_line(said, _LONGEST_DETAIL),
        retry_after_s=read_retry_after(came.retry_after, clock.now()),
    )


def make_body(told: Telling) -> str:
    """The text; what matters less comes last, since services cut what is too long for them."""
    stack = "\n".join(told.lines)[:_LONGEST_STACK]
    parts = [
        told.said or _usual(told),
        _more(told.others) if told.others else "",
        f"Why you got this: {told.reason}",
        stack if told.short_id and not told.said else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _usual(told: Telling) -> str:
    if told.short_id is None:
        return "\n".join([*told.lines, told.url])
    facts = [f"{name}: {value}" for name, value in told.facts]
    return "\n".join([f"{told.headline}: {told.title}", told.url, *facts])


def _more(others: Others) -> str:
    lines = [f"{one.severity} {one.short_id} {one.title}: {one.url}" for one in others.shown]
    rest = [f"… and {others.left_out} more."] if others.left_out else []
    return "\n".join([f"{others.words.capitalize()} ({others.severities}):", *lines, *rest])
