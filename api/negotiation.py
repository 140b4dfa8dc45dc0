"""In which media type is a request to GraphQL answered? GraphQL over HTTP has one of its own, for those who name it.

In that, a client can tell an answer from whatever a proxy says, so its status tells the truth: a request that was not
executed is refused, and has no `data`. In `application/json`, which all others get, it is 200 as it has always been.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.errors import INTERNAL, RATE_LIMITED, TIMED_OUT

GRAPHQL_RESPONSE = "application/graphql-response+json"
EVENT_STREAM, MULTIPART = "text/event-stream", "multipart/mixed"
_JSON = "application/json"
_LESS_PRECISE = ("application/*", "*/*")
_ACCEPTED = "tocsin.accepted"
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a caller takes: `is_ours` where the answer is to be of GraphQL's own media type.

    `stream` is the media type in which results come as they arise, where one is taken.
    """

    is_ours: bool
    is_json: bool
    stream: str | None


class Negotiated:
    """Lets an app's JSON be of the media type that the caller names, whatever it says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and name the answer by what is wanted."""
        accepted = scope[_ACCEPTED] = read_accept(Headers(scope=scope).getlist("accept"))
        if not accepted.is_ours:
            await self._app(scope, receive, send)
            return

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type") == _JSON:
                    headers["content-type"] = GRAPHQL_RESPONSE
            await send(message)

        await self._app(scope, receive, named)


def accepted_by(scope: Scope) -> Accepted:
    """What the caller of this request takes."""
    accepted: Accepted = scope[_ACCEPTED]
    return accepted


def read_accept(headers: Iterable[str]) -> Accepted:
    """What these headers say, if any (RFC 9110, 12.5.1): several count as one, and none takes whatever comes."""
    return _read(",".join(headers).lower())


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> Accepted:
    qualities = dict(map(_quality, text.split(","))) if text.strip() else {"*/*": 1.0}
    json = next((qualities[kind] for kind in (_JSON, *_LESS_PRECISE) if kind in qualities), 0.0)
    ours = qualities.get(GRAPHQL_RESPONSE, 0.0)
    is_ours = ours > 0 and ours >= json
    stream = next((kind for kind in (EVENT_STREAM, MULTIPART) if qualities.get(kind, 0.0) > 0), None)
    return Accepted(is_ours=is_ours, is_json=is_ours or json > 0, stream=stream)


def refusal_status(answer: Mapping[str, Any]) -> int | None:
    """The status of an answer to what was not executed; none where it was, even if every field of it failed."""
    errors = answer.get("errors") or ()
    if answer.get("data") is not None or any("path" in error for error in errors):
        return None
    codes = {error["extensions"]["code"] for error in errors}
    return 500 if INTERNAL in codes else 503 if TIMED_OUT in codes else 400


def refused_for_now(answer: Mapping[str, Any]) -> float | None:
    """After how many seconds to try again where the whole was refused with RATE_LIMITED; none where it was not."""
    errors = answer.get("errors") or ()
    if answer.get("data") is not None or any("path" in error for error in errors):
        return None
    waits = [error["extensions"] for error in errors if error["extensions"]["code"] == RATE_LIMITED]
    return float(waits[0]["retryAfter"]) if waits else None


def _quality(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    named = {name.strip(): value.strip(" \"'") for name, _, value in (piece.partition("=") for piece in parameters)}
    if kind == MULTIPART and not named.get("subscriptionspec", "").startswith("1."):
        return kind, 0.0  # of several kinds of parts we write one
    return kind, _number(named.get("q", "1"))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
