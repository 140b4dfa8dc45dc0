"""How archived files are named: which project and day one is of, and what is none of ours."""

import re
from dataclasses import dataclass
from datetime import date

# A place that has this file is an archive; one that has it not may be one that is not mounted.
MARK = "tocsin-archive"
_TEMPORARY = "writing-"
_NAME = re.compile(r"^(\d+)/(\d{4}-\d\d)/event_(\d{8})-(\d{4,})\.parquet$")


@dataclass(frozen=True, slots=True, order=True)
class ArchiveName:
    """One file of the events that a project got on one day; the parts of a day have no event in common."""

    project_number: int
    day: date
    part: int

    def __str__(self) -> str:
        """The name below the archive."""
        return f"{folder_of(self.project_number)}/{self.day:%Y-%m}/event_{self.day:%Y%m%d}-{self.part:04}.parquet"

    @property
    def while_written(self) -> str:
        """How the name begins that it has until it is whole."""
        return f"{_TEMPORARY}{str(self).replace('/', '-')}"


def folder_of(project_number: int) -> str:
    """Where the files of a project are."""
    return str(project_number)


def read_name(name: str) -> ArchiveName | None:
    """What a file holds, by its name; none where it is not ours."""
    match = _NAME.match(name)
    if match is None:
        return None
    try:
        read = ArchiveName(int(match[1]), date.fromisoformat(match[3]), int(match[4]))
    except ValueError:
        return None
    return read if str(read) == name else None


def is_left_over(name: str) -> bool:
    """Whether a file is one that somebody began to write and did not finish."""
    return name.startswith(_TEMPORARY)
