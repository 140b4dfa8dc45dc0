"""The worker as a process of its own, which may be killed."""

from contextlib import AbstractAsyncContextManager

from core.settings import Settings
from tests.support.command import Command, running


def running_worker(settings: Settings) -> AbstractAsyncContextManager[Command]:
    """A worker with these settings, dead at the end of the block."""
    return running(settings, "worker")
