"""Is it really Slack, or Twilio, that calls?"""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha1, sha256

_SLACK_WINDOW_S = 300


def is_slack(secret: str, *, timestamp: str, body: bytes, signature: str, at: datetime) -> bool:
    """Whether Slack signed this body, at most five minutes ago.

    As in Slack's "Verifying requests from Slack": HMAC-SHA256 of `v0:timestamp:body`, in hex behind `v0=`.
    """
    if not timestamp.isascii() or not timestamp.isdecimal() or abs(at.timestamp() - int(timestamp)) > _SLACK_WINDOW_S:
        return False
    expected = hmac.digest(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, sha256).hex()
    return hmac.compare_digest(f"v0={expected}".encode(), signature.encode())


def is_twilio(token: str, *, url: str, form: Mapping[str, str], signature: str) -> bool:
    """Whether Twilio signed this form, posted to that URL.

    As in Twilio's "Webhooks security": HMAC-SHA1 of the URL and each name and value in the order of names, in base64.
    """
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    expected = base64.b64encode(hmac.digest(token.encode(), signed.encode(), sha1))
    return hmac.compare_digest(expected, signature.encode())
