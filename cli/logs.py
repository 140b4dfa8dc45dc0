"""How long the log files of the parts may grow."""

import os
import shutil
from pathlib import Path

_MOST_BYTES = 16 * 2**20


def trim(logs: Path, most_bytes: int = _MOST_BYTES) -> None:
    """Leave no log longer than that: a longer one becomes NAME.log.1, in place of the one before.

    Copied and emptied, not renamed: the parts keep their files open, and append.
    """
    for log in logs.glob("*.log"):
        if log.stat().st_size > most_bytes:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
