"""Following the stream of events over the public WebSocket, over every break, from where it stood."""

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from cli.problem import Problem

_PROTOCOL = Subprotocol("graphql-transport-ws")
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 15.0
_ANSWER_S = 15.0
# Codes that the protocol and we use for what trying again does not mend.
_FATAL = range(4400, 4500)
_TRANSIENT = ("UNAVAILABLE", "RATE_LIMITED", "INTERNAL")
_DOCUMENT = """
subscription($filter: EventFilter, $onlyNewIssues: Boolean, $after: Cursor) {
  errorLogged(filter: $filter, onlyNewIssues: $onlyNewIssues, after: $after) {
    __typename
    ... on ErrorLogged {
      cursor isNew isRegression
      event { id eventId receivedAt service environment release severity errorType message }
      issue { id shortId title project { slug } }
    }
    ... on StreamPosition { cursor isLive }
    ... on StreamReset { cursor reason }
  }
}
"""


class Lost(Exception):
    """The connection broke, or the server asked for another try."""


@dataclass
class Stream:
    """What is watched, by whom, and from where on: `after` moves with everything that comes."""

    url: str
    token: str
    filter: dict[str, Any]
    only_new_issues: bool
    after: str | None
    say: Callable[[str], None]

    async def items(self) -> AsyncGenerator[dict[str, Any], None]:
        """Every item, once, in order, until cancelled.

        Raises: Problem where trying again is no use, or where nothing answers the first time.
        """
        pause_s, is_first = _FIRST_PAUSE_S, True
        while True:
            try:
                async with aclosing(self._connected()) as items:
                    async for item in items:
                        if not is_first and pause_s > _FIRST_PAUSE_S:
                            self.say("Connected again.")
                        pause_s, is_first = _FIRST_PAUSE_S, False
                        yield item
            except (OSError, TimeoutError, InvalidHandshake, Lost) as error:
                if is_first:
                    raise Problem(f"{self.url} does not answer: {_words(error)}. Does Tocsin run there?") from error
                self.say(f"Connection lost ({_words(error)}); trying again.")
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))  # noqa: S311 - so that not all come at once
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _connected(self) -> AsyncGenerator[dict[str, Any], None]:
        """The items of one connection, until it breaks.

        Raises: Problem, Lost, OSError, TimeoutError, InvalidHandshake.
        """
        try:
            async with connect(self.url, subprotocols=[_PROTOCOL], compression=None) as connection:
                await self._subscribe(connection)
                async for text in connection:
                    item = _item(json.loads(text))
                    if item is not None:
                        self.after = item["cursor"]
                        yield item
        except InvalidURI as error:
            raise Problem(f"{self.url} is no address of a WebSocket.") from error
        except ConnectionClosed as closed:
            code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
            if code in _FATAL:
                raise Problem(_refusal(code, reason)) from closed
            raise Lost(reason or f"code {code}") from closed
        raise Lost("closed by the server")

    async def _subscribe(self, connection: ClientConnection) -> None:
        variables = {"filter": self.filter, "onlyNewIssues": self.only_new_issues, "after": self.after}
        payload = {"query": _DOCUMENT, "variables": variables}
        init = {"type": "connection_init", "payload": {"Authorization": f"Bearer {self.token}"}}
        await connection.send(json.dumps(init))
        async with asyncio.timeout(_ANSWER_S):
            await connection.recv()
        await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))


def _item(message: dict[str, Any]) -> dict[str, Any] | None:
    """The item that a message brings; none for one that brings none.

    Raises: Problem, Lost.
    """
    if message["type"] == "error":
        (error, *_) = message["payload"]
        if error.get("extensions", {}).get("code") in _TRANSIENT:
            raise Lost(error["message"])
        raise Problem(f"Tocsin refused: {error['message']}")
    if message["type"] == "complete":
        raise Lost("the stream ended")
    if message["type"] != "next":
        return None
    payload = message["payload"]
    if payload.get("data") is None:
        raise Lost(payload["errors"][0]["message"])
    item: dict[str, Any] = payload["data"]["errorLogged"]
    return item


def _refusal(code: int, reason: str) -> str:
    if reason == "Forbidden":
        return "The token is not accepted (any more)."
    return f"Tocsin closed the connection: {reason} ({code})."


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
