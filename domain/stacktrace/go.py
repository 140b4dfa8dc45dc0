"""What does a panic as the Go runtime prints it say, or the stack of one that was recovered (`debug.Stack`)?

The newest call comes first, on two lines: what was called, and where. Only the goroutine that panicked counts.
"""

import re

from domain.report import ExceptionInfo, Frame
from domain.stacktrace import made

_GOROUTINE = re.compile(r"(?:.* )?goroutine [0-9]+ (?:gp=\S+ )?(?:m=\S+ )?(?:mp=\S+ )?\[[^\]]+\]:")
_PANIC = re.compile(r"(?:.*?\s)??(?P<type>panic|fatal error)(?: serving \S+)?: (?P<message>.*)")
_RECOVERED = re.compile(r" \[recovered[^\]]*\]\Z")
_CREATED = re.compile(r"created by (?P<name>\S+)(?: in goroutine [0-9]+)?")
_PLACE = re.compile(r"(?P<path>.+):(?P<line>[0-9]{1,9})(?: \+0x[0-9a-f]+)?")
_PANICS = ("panic", "runtime.gopanic")


def read(lines: list[str]) -> list[ExceptionInfo]:
    """Hand back the panics of a text, the one of the end last, frames oldest first; none where it is no such text."""
    start = next(
        (number for number, line in enumerate(lines) if line[-2:] == "]:" and _GOROUTINE.fullmatch(line)), None
    )
    if start is None:
        return []
    frames = _frames([line.strip() for line in lines[start + 1 :]])
    if not frames:
        return []
    *earlier, (kind, message) = _panics(lines[:start]) or [("", "")]
    return [made.exception(*panic, []) for panic in earlier] + [made.exception(kind, message, frames)]


def _panics(head: list[str]) -> list[tuple[str, str]]:
    """Type and message of each panic, the first one first: one may happen while another is handled."""
    panics: list[tuple[str, list[str]]] = []
    for line in head:
        if match := _PANIC.fullmatch(line):
            panics.append((match["type"], [_RECOVERED.sub("", match["message"])]))
        elif panics and not line.startswith("[signal "):
            panics[-1][1].append(line)
    return [(kind, "\n".join(message)) for kind, message in panics]


def _frames(lines: list[str]) -> list[Frame]:
    """The frames, oldest first, without those that handled the panic."""
    frames: list[Frame] = []
    called = ""
    for line in lines:
        if not line:
            break
        place = _PLACE.fullmatch(line) if called else None
        if place is None:
            called = _called(line)
            continue
        if called in _PANICS:
            frames = []
        else:
            package, function = _split(called)
            frames.append(made.frame(function, package, place["path"], place["line"]))
        called = ""
    return frames[::-1]


def _called(line: str) -> str:
    """The name in `package.function(arguments)`; empty where the line is none."""
    if created := _CREATED.fullmatch(line):
        return created["name"]
    return line[: line.rfind("(")] if line.endswith(")") and "(" in line else ""


def _split(name: str) -> tuple[str, str]:
    """Package and function; Go writes a dot in the last part of a package's path as `%2e`."""
    slash = name.rfind("/") + 1
    package, dot, function = name[slash:].partition(".")
    return (name[:slash] + package.replace("%2e", "."), function) if dot else ("", name)
