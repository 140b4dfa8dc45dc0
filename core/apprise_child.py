"""`python -m core.apprise_child`: one message by Apprise, in a process that reaches nothing but by our own door.

What is asked and what is answered are each a JSON object. Apprise's services ask servers by `requests`; here that asks
`core.outbound`, so that what holds for all calls that leave holds for these: addresses are looked at, no redirect is
followed, no endless answer is read, certificates are checked. All else that a service could do, such as reading a file
that an URL names, starting a program or opening a socket, is refused (`core.confinement`).
"""

import asyncio
import json
import logging
import resource
import sys
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import requests
from apprise import Apprise, AppriseAsset
from apprise.common import OverflowMode
from apprise.manager_plugins import NotificationManager
from apprise.plugins.base import NotifyBase
from requests.adapters import HTTPAdapter
from requests.sessions import SessionRedirectMixin
from urllib3 import HTTPResponse

from core.addresses import Allowed
from core.confinement import Confinement, confine
from core.outbound import Answer, Outbound, OutboundFailed, OutboundRefused

_MOST_MEMORY = 512 * 2**20
_MOST_CPU_S = 10
# Those that our own door sets, and those of an answer that is no longer as it came.
_OURS = frozenset({"host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding"})
_LENGTHS = frozenset({"content-length", "transfer-encoding"})


@dataclass(slots=True)
class _Door:
    """Our own way out, in the shape that `requests` asks for, and what came of it."""

    outbound: Outbound
    confinement: Confinement
    seconds: float
    refused: str | None = None
    failed: str | None = None
    last: Answer | None = None

    def send(self, adapter: HTTPAdapter, asked: requests.PreparedRequest) -> requests.Response:
        """The answer to it; how long, by which proxy and with which certificates is ours to say.

        Raises: requests.ConnectionError.
        """
        try:
            with self.confinement.door():
                self.last = asyncio.run(self._request(asked))
        except OutboundRefused as refused:
            self.refused = str(refused)
            raise requests.ConnectionError(str(refused)) from refused
        except OutboundFailed as failed:
            self.failed = str(failed)
            raise requests.ConnectionError(str(failed)) from failed
        return adapter.build_response(asked, _as_urllib3(self.last))

    async def _request(self, asked: requests.PreparedRequest) -> Answer:
        headers = {name: _text(value) for name, value in asked.headers.items() if name.lower() not in _OURS}
        return await self.outbound.request(
            asked.method or "POST", asked.url or "", timeout_s=self.seconds, content=_bytes(asked.body), headers=headers
        )


class _Lines(logging.Handler):
    """Keeps the last of what Apprise had to say."""

    last: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.last = record.getMessage()


def main() -> None:
    """Answer what is asked."""
    NotificationManager().load_modules()  # type: ignore[no-untyped-call]
    sys.stdout.write("\n")  # it has begun
    sys.stdout.flush()
    asked = json.load(sys.stdin)
    told, sys.stdout = sys.stdout, sys.stderr  # whatever else prints, the answer stays JSON
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_S, _MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    door = _Door(Outbound(Allowed.read(asked["allowed"])), confine(), asked["seconds"])
    _lead_through(door)
    json.dump(_sent(asked, door), told)


def _lead_through(door: _Door) -> None:
    """Let all that `requests` asks go by that door, and no redirect be seen."""

    def send(adapter: HTTPAdapter, asked: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        return door.send(adapter, asked)

    HTTPAdapter.send = send  # type: ignore[assignment,method-assign]
    SessionRedirectMixin.get_redirect_target = lambda *_: None  # type: ignore[method-assign]


def _sent(asked: dict[str, Any], door: _Door) -> dict[str, Any]:
    lines = _Lines(logging.WARNING)
    logger = logging.getLogger("apprise")
    logger.addHandler(lines)
    logger.propagate = False
    asset = AppriseAsset(
        app_id="Tocsin", app_desc="Tocsin", app_url=asked["base_url"], image_url_mask=False, image_path_mask=False,
        image_url_logo="", storage_mode="memory", http_redirects=False, async_mode=False, service_timeout=0,
    )  # fmt: skip
    service = Apprise.instantiate(asked["url"], asset=asset)
    if not isinstance(service, NotifyBase):
        return {"is_taken": False, "is_understood": False}
    if service.overflow_mode is OverflowMode.UPSTREAM:  # which sends more than the service takes
        service.overflow_mode = OverflowMode.TRUNCATE
    apprise = Apprise(service, asset=asset)
    is_taken = apprise.notify(asked["body"], asked["title"], notify_type=asked["kind"], body_format="text")
    return {
        "is_taken": bool(is_taken),
        "is_understood": True,
        "refused": door.refused,
        "status": door.last and door.last.status,
        "retry_after": door.last and door.last.headers.get("retry-after"),
        "said": door.failed or lines.last or next(iter(door.confinement.refused), None),
    }


def _as_urllib3(answer: Answer) -> HTTPResponse:
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _LENGTHS}
    return HTTPResponse(BytesIO(answer.body), headers, answer.status, preload_content=False)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)


if __name__ == "__main__":
    main()
