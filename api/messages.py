"""What a client may say over a socket, checked: a message of a wrong shape is told what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from api.asked import Asked, asked_of, names_document


class Malformed(Exception):
    """The message is none of this protocol; the text says why."""


@dataclass(frozen=True, slots=True)
class Init:
    """`connection_init`: who calls."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    """`ping`, with what is to be echoed."""

    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    """`pong`: asked for or not, it means nothing more."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`subscribe`: an operation of any kind, under an id of the client's choice."""

    id: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Complete:
    """`complete`: the client wants no more of that operation."""

    id: str


Message: TypeAlias = Init | Ping | Pong | Subscribe | Complete


def read_message(message: object) -> Message:
    """The message that was meant.

    Raises: Malformed.
    """
    if not isinstance(message, dict):
        raise Malformed("A message must be a JSON object")
    match message.get("type"):
        case "connection_init":
            return Init(_object(message, "payload") or {})
        case "ping":
            return Ping(_object(message, "payload"))
        case "pong":
            _object(message, "payload")
            return Pong()
        case "subscribe":
            return _subscribe(message)
        case "complete":
            return Complete(_id(message))
    raise Malformed("Unknown message type")


def _subscribe(message: Mapping[str, Any]) -> Subscribe:
    payload = _object(message, "payload")
    if payload is None:
        raise Malformed("`subscribe` needs a `payload`")
    for part in ("operationName", "documentId"):
        if not isinstance(payload.get(part), str | None):
            raise Malformed(f"`payload.{part}` must be a string")
    for part in ("variables", "extensions"):
        _object(payload, part)
    query = payload.get("query")
    if not isinstance(query, str) and not (query is None and names_document(payload)):
        raise Malformed("`payload.query` must be a string")
    return Subscribe(_id(message), asked_of(payload))


def _id(message: Mapping[str, Any]) -> str:
    id = message.get("id")
    if not isinstance(id, str) or not id:
        raise Malformed("`id` must be a string that is not empty")
    return id


def _object(message: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = message.get(name)
    if not isinstance(value, dict | None):
        raise Malformed(f"`{name}` must be an object")
    return value
