"""Reports of about a kilobyte, no two the same: what a hundred bugs of three services say of many users."""

from collections.abc import Sequence

_BUGS, _USERS, _FRAMES = 100, 997, 6
_SERVICES = ("checkout", "search", "accounts")


def report(number: int = 0) -> dict[str, object]:
    """One report: of which bug, and of whom, is by its number."""
    bug, user = number % _BUGS, number % _USERS
    frames = [
        {"function": f"step_{place}", "module": f"shop.checkout.part{bug}_{place}", "line": place, "inApp": True}
        for place in range(_FRAMES)
    ]
    return {
        "service": _SERVICES[bug % len(_SERVICES)],
        "errorType": "ValueError",
        "message": f"the total of an order must not be negative, and that of order {number} was",
        "severity": "MEDIUM",
        "exceptions": [{"type": "ValueError", "message": f"negative: {-number}", "frames": frames}],
        "tags": [{"key": "region", "value": f"eu-{user % 3}"}, {"key": "tier", "value": "gold"}],
        "request": {"method": "POST", "url": f"https://shop.example/cart/{number}", "headers": {"accept": "*/*"}},
        "user": {"id": str(user)},
    }


def batches(count: int, size: int) -> list[Sequence[dict[str, object]]]:
    """So many batches of so many reports."""
    return [[report(batch * size + place) for place in range(size)] for batch in range(count)]
