"""By what words do people know an event: what went wrong, and where?"""

from domain.report import Frame, Report
from domain.stacktrace.in_app import innermost_in_app

_LONGEST = 200


def title(report: Report) -> str:
    """Hand back type and first line of the message, `TypeError: x is not a function`, of 200 characters at most."""
    line = next((line.strip() for line in report.message.splitlines() if line.strip()), "")
    line = line.removeprefix(report.error_type).lstrip(": ") if line.startswith(report.error_type + ":") else line
    return _shortened(f"{report.error_type}: {line}" if line else report.error_type)


def culprit(report: Report) -> str | None:
    """Hand back the place to look at first: of the frames, else as the reporter said, else the endpoint."""
    frame = innermost_in_app(report.exceptions)
    place = frame and _place(frame.module, frame.function, frame)
    place = place or _place(report.module, report.function) or report.endpoint
    return _shortened(place) if place else None


def _place(module: str | None, function: str | None, frame: Frame | None = None) -> str | None:
    """`shop.cart.pay`, or `shop/cart.py in pay` where only the file is known."""
    if module:
        return f"{module}.{function}" if function else module
    if frame and frame.filename:
        return f"{frame.filename} in {function}" if function else frame.filename
    return function


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
