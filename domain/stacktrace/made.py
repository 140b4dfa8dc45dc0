"""What does each language make of what it has read? The same shapes, no part of them longer than its bound."""

from domain.bounds import EXCEPTION_MESSAGE, EXCEPTION_TYPE, NAME, PATH
from domain.report import ExceptionInfo, Frame
from domain.stacktrace.in_app import is_in_app


def exception(kind: str, message: str | None, frames: list[Frame], module: str | None = None) -> ExceptionInfo:
    """Hand back an exception of frames that stand oldest first."""
    return ExceptionInfo(
        type=kind[: EXCEPTION_TYPE.limit],
        message=(message or "").strip()[: EXCEPTION_MESSAGE.limit] or None,
        module=(module or "")[: NAME.limit] or None,
        frames=frames,
    )


def frame(function: str | None, module: str | None, path: str | None, line: str | None = None) -> Frame:
    """Hand back a frame; what is empty is left out, and whose it is follows from its path and its module."""
    filename, owner = (path or "")[: PATH.limit] or None, (module or "")[: NAME.limit] or None
    return Frame(
        function=(function or "")[: NAME.limit] or None,
        module=owner,
        filename=filename,
        line=int(line) if line else None,
        in_app=is_in_app(filename, owner),
    )
