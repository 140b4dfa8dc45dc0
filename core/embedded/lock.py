"""A lock that outlives us: held by each program that was given it, to the end of the last of them."""

import fcntl
import os
import time
from pathlib import Path

_LOOK_S = 0.02


def take_lock(path: Path, within_s: float) -> int | None:
    """Hand back the file, open and locked, for programs to keep open; none where others hold it all that time.

    Raises: OSError.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + within_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(lock)
                return None
            time.sleep(_LOOK_S)
        else:
            return lock
