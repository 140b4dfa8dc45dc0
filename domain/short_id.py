"""How does a person name an issue aloud? `CHECKOUT-1F`: the service, and a number in Crockford's base 32."""

import re

# No I, L, O and U: they are misread, or make words (crockford.com/base32.html).
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_NOT_A_NAME = re.compile(r"[^A-Z0-9]+")
_LONGEST_NAME = 24
_NAMELESS = "ISSUE"


def short_id(service: str, number: int) -> str:
    """Hand back the short id of an issue: readable, ASCII, at most 24 characters before the number (0 or more)."""
    name = _NOT_A_NAME.sub("-", service.upper()).strip("-")[:_LONGEST_NAME].rstrip("-")
    return f"{name or _NAMELESS}-{_base32(number)}"


def normalise_short_id(text: str) -> str:
    """Hand back a short id as it is stored, from what a person typed: `checkout-if` is `CHECKOUT-1F`."""
    name, dash, number = text.strip().upper().rpartition("-")
    return name + dash + number.translate(_MISREAD)


def _base32(number: int) -> str:
    if number < 0:
        raise ValueError("a short id has a number of 0 or more")
    digits = ""
    while True:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
        if number == 0:
            return digits
