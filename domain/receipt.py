"""What Twilio tells later of a text message: did it arrive?"""

from collections.abc import Mapping

from domain.notification import Outcome

# Twilio's "Message Status callback": what it says at last, and what that comes to.
_ARRIVED = {"delivered": True, "undelivered": False, "failed": False}
# Twilio's error codes of what a second try cannot mend: blocked, an unknown number, a landline.
_FINAL = frozenset({"30004", "30005", "30006"})


def read_status(form: Mapping[str, str]) -> Outcome | None:
    """What became of the message; none as long as it is on its way."""
    status = form.get("MessageStatus", "")
    succeeded = _ARRIVED.get(status)
    if succeeded is None:
        return None
    code, sid = form.get("ErrorCode", ""), form.get("MessageSid", "")
    words = (status, f"({code})" if code else "", sid)
    return Outcome(succeeded, detail=" ".join(word for word in words if word), is_final=code in _FINAL)
