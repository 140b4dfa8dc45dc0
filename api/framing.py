"""How the results of one operation are framed where they come over one HTTP response, as they arise.

Server-sent events: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, "distinct connections mode".
Multipart: https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.answers import json_bytes
from api.negotiation import EVENT_STREAM, MULTIPART

_BOUNDARY: Final = "graphql"


class Framing(ABC):
    """The bytes around what is told, in one of the two ways."""

    media_type: str
    opening: bytes
    heartbeat: bytes

    @abstractmethod
    def result(self, payload: str) -> bytes:
        """One result, that is JSON already."""

    @abstractmethod
    def end(self, problems: Sequence[Mapping[str, Any]]) -> bytes:
        """The end of the operation, and what ended it, if anything did."""

    @abstractmethod
    def sent_away(self, problem: Mapping[str, Any], *, may_return: bool) -> bytes:
        """The end of the connection, though not of the operation: it is right to come back, or useless."""


class EventStream(Framing):
    """Events `next` and `complete`."""

    media_type = EVENT_STREAM
    opening = heartbeat = b":\n\n"

    def result(self, payload: str) -> bytes:
        """An event; no JSON of ours has a line break."""
        return f"event: next\ndata: {payload}\n\n".encode()

    def end(self, problems: Sequence[Mapping[str, Any]]) -> bytes:
        """An event that all is told; what went wrong is a last result, as the protocol wants."""
        last = self.result(json_bytes({"errors": problems}).decode()) if problems else b""
        return last + b"event: complete\ndata:\n\n"

    def sent_away(self, problem: Mapping[str, Any], *, may_return: bool) -> bytes:
        """Nothing where one may come back: a stream that breaks off without `complete` is one to be resumed."""
        return b"" if may_return else self.end([problem])


class Multipart(Framing):
    """A part for each result, its boundary sent behind it, so that a reader need not wait for the next one."""

    media_type = f'{MULTIPART};boundary="{_BOUNDARY}";subscriptionSpec="1.0"'
    opening = f"\r\n--{_BOUNDARY}".encode()
    heartbeat = f"\r\nContent-Type: application/json\r\n\r\n{{}}\r\n--{_BOUNDARY}".encode()
    _ending = b"--\r\n"

    def result(self, payload: str) -> bytes:
        """A part whose `payload` is the result."""
        return f'\r\nContent-Type: application/json\r\n\r\n{{"payload":{payload}}}\r\n--{_BOUNDARY}'.encode()

    def end(self, problems: Sequence[Mapping[str, Any]]) -> bytes:
        """The last boundary; what went wrong is a last result."""
        last = self.result(json_bytes({"errors": problems}).decode()) if problems else b""
        return last + self._ending

    def sent_away(self, problem: Mapping[str, Any], *, may_return: bool) -> bytes:  # noqa: ARG002 - its code says it
        """A part whose `errors` stand beside the payload: they are of the connection."""
        told = json_bytes([problem]).decode()
        return self.result(f'null,"errors":{told}') + self._ending


FRAMINGS: Final[Mapping[str, Framing]] = {EVENT_STREAM: EventStream(), MULTIPART: Multipart()}
