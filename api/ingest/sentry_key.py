"""Which key came with a request of a Sentry SDK? It may stand in five places; in several it must be the same.

Only the public key counts: secrets, time stamps and versions beside it are ignored, as Sentry does.
"""

import binascii
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from starlette.requests import Request

from domain.errors import PermissionDenied

_KEY = re.compile(r"\bsentry_key\s*=\s*\"?([^\s,\"]+)")


class KeyPlaces:
    """The keys seen so far in one request."""

    def __init__(self, request: Request) -> None:
        self._keys = set(_in_head(request))

    def add_dsn(self, dsn: object) -> None:
        """Take in the DSN that an envelope's header has: behind a tunnel the key stands nowhere else."""
        if isinstance(dsn, str) and (key := _user_of(dsn)):
            self._keys.add(key)

    @property
    def is_empty(self) -> bool:
        """Whether there was none so far."""
        return not self._keys

    def one(self) -> str:
        """The key.

        Raises: PermissionDenied where there is none, or they are not all the same.
        """
        if len(self._keys) > 1:
            raise PermissionDenied("The request names several keys, which are not the same.")
        if not self._keys:
            raise PermissionDenied("The request names no key: sentry_key is missing.")
        return next(iter(self._keys))


def _in_head(request: Request) -> Iterator[str]:
    yield from filter(None, request.query_params.getlist("sentry_key"))
    for header in ("x-sentry-auth", "authorization"):
        value = request.headers.get(header, "")
        scheme, _, rest = value.partition(" ")
        if scheme.lower() == "basic" and (key := _basic_user(rest)):
            yield key
        elif match := _KEY.search(value):
            yield match[1]


def _basic_user(encoded: str) -> str:
    """The user of `Basic` (RFC 7617), which HTTP clients make of a DSN that they are given as an address."""
    try:
        return binascii.a2b_base64(encoded.strip()).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _user_of(address: str) -> str | None:
    try:
        return urlsplit(address).username
    except ValueError:
        return None
