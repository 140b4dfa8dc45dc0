"""Work that a test hands to the timetable."""

import asyncio
from collections.abc import Mapping

from resolvers.resources import Resources


class Chore:
    """Counts how often it is done; `error` is raised each time, and a closed `gate` holds it up."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.times = 0
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, _: Resources) -> Mapping[str, int]:
        self.times += 1
        self.begun.set()
        await self.gate.wait()
        if self.error:
            raise self.error
        return {"done": self.times}
