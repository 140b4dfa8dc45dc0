"""A whole Tocsin under load, whose parts are killed meanwhile."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import psutil

from cli.installation import find_running
from tests.support.crew import Crew, Door, make_crew
from tests.support.mailbox import Mailbox
from tests.support.reckoning import check_mails, check_shown, check_stored, find_statuses
from tests.support.reporters import Reporters
from tests.support.running import Up
from tests.support.subscriber import Subscriber

_log = logging.getLogger(__name__)
_HANGS_UP_EVERY = 25
_CALLED = {"postgres": "postgresql", "valkey-server": "valkey"}


class Siege:
    """One project of a running Tocsin, those who report to it, and those who watch it."""

    def __init__(self, up: Up, mailbox: Mailbox, door: Door, crew: Crew) -> None:
        self.up = up
        self.mailbox = mailbox
        self.reporters = Reporters([door.graphql_url], crew.key)
        self.subscribers = [
            Subscriber(door.ws_url, door.token, crew.slug, hangs_up_every=count)
            for count in (None, None, _HANGS_UP_EVERY)
        ]
        self.door = door
        self.crew = crew

    @asynccontextmanager
    async def under_load(self) -> AsyncIterator[None]:
        """Within the block errors are reported and watched; at its end all of them are answered and were seen."""
        async with AsyncExitStack() as stack:
            for subscriber in self.subscribers:
                await stack.enter_async_context(subscriber.watching())
            async with self.reporters.at_work():
                yield
            await self.reporters.report_one()
            for subscriber in self.subscribers:
                await subscriber.wait_for(self.reporters.outcomes)

    async def kill(self, part: str, *, with_children: bool = False) -> None:
        """Return once the part is dead, runs again, and `tocsin up` has said both."""
        before = self.up.parts()[part]
        children = before.children() if with_children else []
        for process in (before, *children):
            _kill(process)
        name = _CALLED.get(part, part)
        await asyncio.to_thread(self.up.wait_for, f"{name} was ended by SIGKILL")
        await asyncio.to_thread(self.up.wait_for, f"{name} runs again")
        # It is told as soon as it is begun, when it may not have its own name yet.
        while (begun := self.up.parts().get(part)) is None or begun.pid == before.pid:
            await asyncio.sleep(0.01)

    async def check(self) -> None:
        """Assert that nothing was lost, nothing is there twice, and everybody was told."""
        running = find_running(self.up.data_dir)
        assert running is not None
        await check_stored(running.database_url, self.crew, self.reporters, self.subscribers)
        await check_shown(self.door, self.crew, self.reporters)
        while set(statuses := await find_statuses(self.door, self.crew)) != {"SENT"}:
            assert "DEAD" not in statuses
            await asyncio.sleep(0.1)
        assert len(statuses) == len(self.reporters.outages)
        await check_mails(running.database_url, self.crew, self.reporters, self._mails())
        self._log_figures()

    def _mails(self) -> Counter[str]:
        """How often each mail to Ada arrived, by its id."""
        mails = zip(self.mailbox.mails, self.mailbox.recipients, strict=True)
        return Counter(mail["Message-ID"] for mail, recipient in mails if recipient == self.crew.ada)

    def _log_figures(self) -> None:
        reporters = self.reporters
        _log.info(
            "%s events %s, tried again %s, slowest %.1f s, mails %s of %s issues, resumed %s",
            len(reporters.outcomes),
            dict(Counter(reporters.outcomes.values())),
            dict(reporters.again),
            reporters.slowest_s,
            self._mails().total(),
            len(reporters.outages),
            [dict(subscriber.resumed) for subscriber in self.subscribers],
        )


async def besiege(up: Up, mailbox: Mailbox) -> Siege:
    """A new project of it, once it is ready."""
    credentials = up.credentials()
    door = Door(credentials["graphql_url"], credentials["ws_url"], credentials["token"])
    await door.wait_ready()
    return Siege(up, mailbox, door, await make_crew(door))


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
