"""What is in the body of a `/store/` request? One event, as JSON or in the wrappings of old clients."""

import binascii
import zlib
from urllib.parse import unquote_plus

from domain.errors import InvalidInput

_FORM = b"sentry_data="
_PADDING = b"=" * 3


def unwrapped(body: bytes, most_bytes: int) -> bytes:
    """Hand back the JSON of a body that is JSON, base64 of JSON, or base64 of JSON that zlib has packed; form or not.

    Raises: InvalidInput where it is none of these, or larger than `most_bytes`.
    """
    body = body.strip()
    if body.startswith(_FORM):
        field = body[len(_FORM) :].partition(b"&")[0]
        body = unquote_plus(field.decode("latin-1")).encode("latin-1", "replace").strip()
    event = body if body.startswith(b"{") else _from_base64(body, most_bytes)
    if not event.startswith(b"{"):
        raise InvalidInput("The body is neither a JSON object nor base64 of one, packed or not.", ("body",))
    return event


def _from_base64(body: bytes, most_bytes: int) -> bytes:
    try:
        packed = binascii.a2b_base64(body + _PADDING)
        return packed if packed.startswith(b"{") else _unpacked(packed, most_bytes)
    except (binascii.Error, zlib.error):
        return b""


def _unpacked(packed: bytes, most_bytes: int) -> bytes:
    unpacking = zlib.decompressobj()
    event = unpacking.decompress(packed, most_bytes)
    if unpacking.unconsumed_tail:
        raise InvalidInput(f"The event is larger than {most_bytes:,} bytes.", ("event",))
    return event
