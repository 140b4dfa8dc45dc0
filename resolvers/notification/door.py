"""What senders by HTTP share: the way out, the time they have, and what an answer comes to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from core.addresses import Allowed
from core.clock import Clock
from core.outbound import Answer, Outbound, OutboundFailed, OutboundRefused
from core.settings import Settings
from domain.alert import AlertStatus
from domain.notification import Outcome, is_worth_another_try, one_line, read_retry_after
from models import Notification

_MOST_S = 10.0
_SHARE_OF_LEASE = 2 / 3
_LONGEST_DETAIL = 300
_OK = range(200, 300)
JSON = {"Content-Type": "application/json; charset=utf-8"}

# Says of a message that was sent where its alert stands now.
Refresh: TypeAlias = Callable[[Notification, AlertStatus], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Door:
    """The way out to the servers that take messages, in less time than a lease lasts."""

    settings: Settings
    clock: Clock
    outbound: Outbound

    async def post(
        self, url: str, content: bytes, headers: Mapping[str, str], auth: tuple[str, str] | None = None
    ) -> tuple[Answer | None, Outcome]:
        """Send it; return the answer, if one came, and what it comes to by its status."""
        timeout_s = min(_MOST_S, self.settings.notification_lease_s * _SHARE_OF_LEASE)
        try:
            answer = await self.outbound.request(
                "POST", url, timeout_s=timeout_s, content=content, headers=headers, auth=auth
            )
        except OutboundRefused as refused:
            return None, Outcome(succeeded=False, detail=str(refused), is_final=True)
        except OutboundFailed as failed:
            return None, Outcome(succeeded=False, detail=str(failed))
        return answer, self._outcome(answer)

    def _outcome(self, answer: Answer) -> Outcome:
        succeeded = answer.status in _OK
        return Outcome(
            succeeded=succeeded,
            status_code=answer.status,
            detail=one_line(answer.text, _LONGEST_DETAIL) or None,
            is_final=not succeeded and not is_worth_another_try(answer.status),
            retry_after_s=read_retry_after(answer.headers.get("retry-after"), self.clock.now()),
        )


def open_door(settings: Settings, clock: Clock) -> Door:
    """The way out that the settings allow."""
    return Door(settings, clock, Outbound(Allowed.read(settings.outbound_allowed)))


def read_object(answer: Answer | None) -> dict[str, Any]:
    """The JSON object of an answer, an empty one where it is none."""
    try:
        value = orjson.loads(answer.body) if answer else {}
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
