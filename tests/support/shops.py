"""Where a program finds what somebody has installed, and nothing of what we have.

An SDK of Sentry imports every library that it knows how to watch. Of ours there are thirty: that took two seconds of a core
for each program, and is no shop's case.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement


def fill(directory: Path, *names: str) -> Path:
    """The directory, with these distributions and what they ask for."""
    for found in frozenset[str]().union(*map(_needed, names)):
        for part in _parts(distribution(found)):
            (directory / part.name).symlink_to(part)
    return directory


@cache
def _needed(name: str) -> frozenset[str]:
    """Its name, and those of what is installed for it."""
    known, left = set[str](), [name]
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        if name not in known and (found := _installed(name)):
            known.add(name)
            left += _asked(found)
    return frozenset(known)


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _asked(found: Distribution) -> Iterator[str]:
    for text in found.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _parts(found: Distribution) -> set[Path]:
    """What stands in `site-packages` for it: packages, modules, and what is told of it."""
    tops = {file.parts[0] for file in found.files or () if file.parts[0] not in {"..", "__pycache__"}}
    return {Path(str(found.locate_file(top))) for top in tops}
