"""The link by which who got a mail wants no more of its kind; of what somebody must act on it leads to a page alone.

It holds what it stands for, is signed with a key of the installation, and is good for as long as the mail is kept.
"""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from domain.errors import NotFound
from domain.notification import NotificationKind

_FORM = struct.Struct(">?16s")
_SIGNATURE_BYTES = 16
_LONGEST = 120
_NO_LINK = "This link is none of ours."


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Who wants no more mail of which kind. `is_essential`: the mail was of what somebody must act on."""

    developer_id: UUID
    kind: NotificationKind
    is_essential: bool


def write_unsubscription(wish: Unsubscription, key: bytes) -> str:
    """The text that stands for it in a link."""
    plain = _FORM.pack(wish.is_essential, wish.developer_id.bytes) + wish.kind.encode()
    return base64.urlsafe_b64encode(_sign(plain, key) + plain).decode().rstrip("=")


def read_unsubscription(text: str, key: bytes) -> Unsubscription:
    """What a text stands for.

    Raises: NotFound for all that was not written with this key.
    """
    try:
        padded = (text + "=" * (-len(text) % 4)).encode("ascii")
        whole = base64.b64decode(padded, b"-_", validate=True) if len(text) <= _LONGEST else b""
    except (ValueError, binascii.Error) as error:
        raise NotFound(_NO_LINK) from error
    signature, plain = whole[:_SIGNATURE_BYTES], whole[_SIGNATURE_BYTES:]
    if len(plain) <= _FORM.size or not hmac.compare_digest(signature, _sign(plain, key)):
        raise NotFound(_NO_LINK)
    is_essential, id = _FORM.unpack(plain[: _FORM.size])
    return Unsubscription(UUID(bytes=id), NotificationKind(plain[_FORM.size :].decode()), is_essential)


def unsubscribe_headers(url: str, *, is_essential: bool) -> dict[str, str]:
    """The headers of a mail with that link (RFC 2369, 3.2; RFC 8058, 3.1, which wants https of what is one click)."""
    headers = {"List-Unsubscribe": f"<{url}>"}
    if is_essential or not url.startswith("https://"):
        return headers
    return {**headers, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _sign(plain: bytes, key: bytes) -> bytes:
    return hmac.digest(key, plain, sha256)[:_SIGNATURE_BYTES]
