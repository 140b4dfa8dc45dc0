"""In which media type is a request to GraphQL answered? GraphQL over HTTP has one of its own, for those who name it.

In that, a client can tell an answer from whatever a proxy says, so its status tells the truth: a request that was not
executed is refused, and has no `data`. In `application/json`, which all others get, it is 200 as it has always been.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.errors import INTERNAL

GRAPHQL_RESPONSE = "application/graphql-response+json"
_JSON = "application/json"
_LESS_PRECISE = ("application/*", "*/*")
_WANTED = "tocsin.graphql_response"
_NO_QUALITY = 0.0


class Negotiated:
    """Lets an app's JSON be of the media type that the caller names, whatever it says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and name the answer by what is wanted."""
        if not prefers_graphql_response(Headers(scope=scope).getlist("accept")):
            await self._app(scope, receive, send)
            return

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type") == _JSON:
                    headers["content-type"] = GRAPHQL_RESPONSE
            await send(message)

        scope[_WANTED] = True
        await self._app(scope, receive, named)


def is_wanted(scope: Scope) -> bool:
    """Whether the answer will be of GraphQL's own media type."""
    return _WANTED in scope


def prefers_graphql_response(accepts: Iterable[str]) -> bool:
    """Whether these headers name GraphQL's own media type, and like nothing of `application/json` better."""
    text = ",".join(accepts).lower()
    if GRAPHQL_RESPONSE not in text:
        return False
    qualities = dict(map(_quality, text.split(",")))
    json = next((qualities[kind] for kind in (_JSON, *_LESS_PRECISE) if kind in qualities), _NO_QUALITY)
    ours = qualities.get(GRAPHQL_RESPONSE, _NO_QUALITY)
    return ours > _NO_QUALITY and ours >= json


def refusal_status(answer: Mapping[str, Any]) -> int | None:
    """The status of an answer to what was not executed; none where it was, even if every field of it failed."""
    errors = answer.get("errors") or ()
    if answer.get("data") is not None or any("path" in error for error in errors):
        return None
    return 500 if any(error["extensions"]["code"] == INTERNAL for error in errors) else 400


def _quality(part: str) -> tuple[str, float]:
    kind, *parameters = part.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return kind.strip(), _number(value)
    return kind.strip(), 1.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return _NO_QUALITY
