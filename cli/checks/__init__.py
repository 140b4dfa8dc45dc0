"""What `tocsin doctor` looks at, part by part."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """What was found about one thing; where it is not ok, the words say what to do."""

    level: Literal["ok", "warn", "FAIL"]
    subject: str
    words: str
