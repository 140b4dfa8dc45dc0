"""The worker process, from its start to its end."""

import asyncio
import signal

import structlog

from core.settings import Settings
from resolvers.notification.senders import senders
from resolvers.own_errors import tracked_errors
from resolvers.partitions import make_partitions
from resolvers.resources import open_resources
from tasks.dispatch import Dispatcher
from tasks.listener import listen
from tasks.timers import Timers

_log = structlog.get_logger()
_HANG_UP_S = 2.0


async def run(settings: Settings) -> None:
    """Judge, send and keep the timetable until SIGTERM or SIGINT, then finish what is being sent.

    Raises: OSError, asyncpg.PostgresError when PostgreSQL cannot be reached at the start.
    """
    async with open_resources(settings) as res:
        await make_partitions(res)
        wake = asyncio.Event()
        dispatcher = Dispatcher(res, senders(res))
        timers = Timers(res, dispatcher, wake)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, timers.stop)
        listening = asyncio.create_task(listen(res, wake))
        writing = asyncio.create_task(res.writer.run())
        sending = asyncio.create_task(dispatcher.run())
        _log.info("worker started", mail=settings.smtp_url is not None)
        try:
            async with tracked_errors(res, "tocsin-worker"):
                await timers.run()
                _log.info("worker stopping")
                dispatcher.stop()
                await sending
                await dispatcher.finish(settings.drain_s)
        finally:
            listening.cancel()
            sending.cancel()
            await asyncio.wait([listening, sending], timeout=_HANG_UP_S)
            res.writer.close()
            await writing
    _log.info("worker stopped")
