"""Does a request bear the signature of one who knows the secret, made just now? As Stripe's webhooks have it.

What is signed is the time, a dot, and the body as it travels, compressed or not: `HMAC-SHA256(secret, "<t>.<body>")`.
"""

import hmac
import re
from datetime import datetime
from hashlib import sha256

from domain.errors import Unauthenticated

HEADER = "X-Tocsin-Signature"
SECRET_PREFIX = "tws_"  # noqa: S105 - how all signing secrets begin, so that scanners of leaked secrets know them
_TIME = re.compile(r"[0-9]{1,11}", re.ASCII)
_LONGEST = 1000
# While a secret is changed a sender may sign with the old one and the new one.
_MOST_SIGNATURES = 5
_FORM = f"{HEADER} must have the form t=<seconds since 1970>,v1=<hex of HMAC-SHA256 of the time, a dot and the body>."


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Hand back the signature of a body at that time, in hexadecimal."""
    return hmac.new(secret.encode(), b"%d." % seconds + body, sha256).hexdigest()


def check_signature(
    header: str | None, secret: str, body: bytes, *, at: datetime, window_s: float
) -> tuple[str, float]:
    """Hand back the signature and for how many seconds from now it would be accepted again.

    Raises: Unauthenticated where there is none, it is of another body or secret, or its time is not about now.
    """
    seconds, given = _parts(header)
    apart = seconds - at.timestamp()
    if abs(apart) > window_s:
        where = "ahead" if apart > 0 else "ago"
        raise Unauthenticated(f"{HEADER}: its time is {abs(apart):.0f} s {where}; at most {window_s:g} s are allowed.")
    expected = signature(secret, seconds, body)
    # All are compared, in the same time whichever it is.
    if not sum(hmac.compare_digest(expected.encode(), one.lower().encode("utf-8", "replace")) for one in given):
        raise Unauthenticated(f"{HEADER}: the signature is not of this body, by the secret of this key.")
    return expected, apart + window_s


def _parts(header: str | None) -> tuple[int, list[str]]:
    if not header:
        raise Unauthenticated(f"{HEADER} is missing: this key has a signing secret.")
    pairs = [part.strip().partition("=") for part in header[:_LONGEST].split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"][:_MOST_SIGNATURES]
    if len(times) != 1 or not _TIME.fullmatch(times[0]) or not given:
        raise Unauthenticated(_FORM)
    return int(times[0]), given
