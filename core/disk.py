"""Making sure that what was written is on the disk."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Leave a file, or the names that a directory holds, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
