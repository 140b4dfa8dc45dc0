"""Which parts run, and what happens when one of them ends: it is started again, after ever longer pauses."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.embedded.process import ServerFailed

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_GOOD_RUN_S = 60.0


class Part(Protocol):
    """Something that runs, ends, and can be started again."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def log(self) -> Path:
        """Where it writes."""
        ...

    @property
    def returncode(self) -> int | None:
        """How it ended, or none while it runs."""
        ...

    def start(self) -> None:
        """Leave it running. Raises: ServerFailed."""
        ...

    def stop(self) -> None:
        """Leave it ended in order, also when it never ran."""
        ...


@dataclass
class _Kept:
    part: Part
    crashes: int = 0
    started_at: float = 0.0
    again_at: float | None = None


class Supervisor:
    """Keeps parts running, and stops them in the order opposite to their start."""

    def __init__(self, say: Callable[[str], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._monotonic = monotonic
        self._kept: list[_Kept] = []

    def start(self, part: Part) -> None:
        """Leave the part running, and kept so from now on.

        Raises: ServerFailed.
        """
        kept = _Kept(part)
        self._kept.append(kept)  # before the start, so that a start cut short is stopped too
        part.start()
        kept.started_at = self._monotonic()

    def look(self) -> None:
        """Say which parts ended since the last look, and start again those whose pause is over."""
        for kept in self._kept:
            if kept.again_at is not None:
                if self._monotonic() >= kept.again_at:
                    self._start_again(kept)
            elif (code := kept.part.returncode) is not None:
                self._plan(kept, how_it_ended(code))

    def stop(self) -> None:
        """Leave every part ended."""
        while self._kept:
            self._kept.pop().part.stop()

    def _plan(self, kept: _Kept, reason: str) -> None:
        now = self._monotonic()
        kept.crashes = 1 if now - kept.started_at >= _GOOD_RUN_S else kept.crashes + 1
        pause = pause_s(kept.crashes)
        kept.again_at = now + pause
        self._say(f"{kept.part.name} {reason}; it starts again in {pause:g} s. Its log: {kept.part.log}")

    def _start_again(self, kept: _Kept) -> None:
        kept.again_at = None
        kept.started_at = self._monotonic()
        try:
            kept.part.start()
        except ServerFailed as failure:
            self._plan(kept, f"did not start ({str(failure).splitlines()[0]})")
        else:
            self._say(f"{kept.part.name} runs again.")


def pause_s(crashes: int) -> float:
    """Seconds to wait after so many crashes in a row, so that what cannot run does not keep the machine busy."""
    return min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** min(crashes - 1, 16))


def how_it_ended(code: int) -> str:
    """Say in words how a process ended."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
