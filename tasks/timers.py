"""The loop that needs PostgreSQL alone: judging what was left, climbing, the timetable; sending is beside it."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError

from resolvers.alert_rule.checking import check_next_rule
from resolvers.erasure.steps import continue_erasures
from resolvers.escalation.timer import escalate_due
from resolvers.feedback import link_feedback
from resolvers.heartbeat import WORKER, beat
from resolvers.issue.snooze import wake_snoozed
from resolvers.notification.refresh import refresh_messages
from resolvers.notification.senders import refreshers
from resolvers.resources import Resources
from resolvers.schedule.handoff import tell_handoffs
from resolvers.schedule.importing import refresh_calendars
from resolvers.schedule.recording import record_shifts
from resolvers.target.warn import warn_of_targets
from resolvers.triage import take_triage
from tasks.archiving import ArchiveErasures
from tasks.besides import Besides
from tasks.dispatch import Dispatcher
from tasks.jobs import WORK
from tasks.timetable import Timetable

_log = structlog.get_logger()
POLL_S = 1.0
_UNHURRIED = timedelta(seconds=5)


class Timers:
    """Turns as soon as it is woken, and at least once a second: the poll is also the sweep for what a crash left."""

    def __init__(self, res: Resources, dispatcher: Dispatcher, wake: asyncio.Event) -> None:
        self.timetable = Timetable(res, WORK)
        self._res = res
        self._dispatcher = dispatcher
        self._wake = wake
        self._archive = ArchiveErasures(res, finished=wake.set)
        self._besides = (
            Besides("messages", partial(refresh_messages, res, refreshers(res))),
            Besides("alert rules", partial(check_next_rule, res)),
            Besides("calendars", partial(refresh_calendars, res)),
        )
        self._is_stopping = False
        self._unhurried_at: datetime | None = None

    async def run(self) -> None:
        """Turn until `stop`; a turn that fails is logged, and the next one tries again."""
        while not self._is_stopping:
            self._wake.clear()
            try:
                await self.turn()
            except (DBAPIError, OSError) as error:
                _log.warning("database away", error=f"{type(error).__name__}: {error}".partition("\n")[0])
            except Exception:  # noqa: BLE001 - the alarm must not end with one bad turn
                _log.exception("turn failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_S)
        await self.timetable.stop()
        await self._archive.stop()
        for work in self._besides:
            await work.stop()

    def stop(self) -> None:
        """Let `run` return after the turn that it is in."""
        self._is_stopping = True
        self._wake.set()

    async def turn(self) -> None:
        """Do once all that is due; what is to be sent meanwhile, and because of that, the dispatcher is told of."""
        self._dispatcher.wake()
        if taken := await take_triage(self._res):
            _log.info("triage taken", count=taken)
            # There may be more.
            self._wake.set()
            self._dispatcher.wake()
        if climbed := await escalate_due(self._res):
            _log.info("alerts climbed", count=climbed)
            self._wake.set()
            self._dispatcher.wake()
        await self.timetable.start_due()
        now = self._res.clock.now()
        if self._unhurried_at is None or now - self._unhurried_at >= _UNHURRIED:
            await self._do_unhurried()
            self._unhurried_at = now
        # Last, and a step at a time: it may go on for long.
        if await continue_erasures(self._res):
            self._wake.set()

    async def _do_unhurried(self) -> None:
        """Do what may be some seconds late."""
        await beat(self._res, WORKER)
        if woken := await wake_snoozed(self._res):
            _log.info("snoozes ended", count=woken)
        if warned := await warn_of_targets(self._res):
            _log.info("targets warned of", count=warned)
        await record_shifts(self._res)
        if told := await tell_handoffs(self._res):
            _log.info("hand-offs told", count=told)
        for work in self._besides:
            work.start()
        await link_feedback(self._res)
        await self._archive.start_due()
