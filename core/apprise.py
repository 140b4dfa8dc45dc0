"""Telling something by one of the services that Apprise knows, where that is installed: in a process of its own."""

import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from core.child import ChildLost, ask_child

_SHARE_OF_ONE_REQUEST = 0.5


class Kind(StrEnum):
    """How Apprise calls what a message is, by which services choose colours and sounds."""

    INFO = "info"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Message:
    """What is told; plain text, of which Apprise makes what the service shows."""

    title: str
    body: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `is_understood`: it is an address of a service; `refused`: why it may not be reached from here.

    `status` and `retry_after` are of the last answer that a server gave; `said`: what Apprise or our door said last,
    which may repeat parts of the address.
    """

    is_taken: bool
    is_understood: bool = True
    refused: str | None = None
    status: int | None = None
    retry_after: str | None = None
    said: str | None = None


def is_installed() -> bool:
    """Whether Apprise is there; it is an extra."""
    return find_spec("apprise") is not None


async def tell(
    url: str,
    message: Message,
    *,
    allowed: Sequence[str],
    base_url: str,
    most_s: float,
    turn: AbstractAsyncContextManager[None] | None = None,
) -> Told:
    """What comes of telling that to the service of an Apprise address, within so many seconds.

    `allowed` may be reached besides the public internet. It costs a process, of 64 MiB most often and never more than
    512, and half a second of a processor to start it; the `turn` is had until then.
    https://github.com/caronc/apprise/wiki has the addresses.
    """
    asked = {
        "url": url, "title": message.title, "body": message.body, "kind": message.kind, "allowed": list(allowed),
        "base_url": base_url, "seconds": most_s * _SHARE_OF_ONE_REQUEST,
    }  # fmt: skip
    try:
        answer = await ask_child("core.apprise_child", json.dumps(asked).encode(), most_s=most_s, turn=turn)
    except ChildLost:
        return Told(is_taken=False, said=f"It took more than {most_s:g} s, or too much memory.")
    return Told(**json.loads(answer))
