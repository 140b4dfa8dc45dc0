"""Two hundred alerts that climb while parts of a whole Tocsin are killed ten times at random moments."""

import asyncio
import logging
import signal
from random import Random, SystemRandom

from tests.support.climbing import climb
from tests.support.mailbox import open_mailbox
from tests.support.places import open_directory
from tests.support.running import Up
from tests.support.siege import besiege

_ALERTS, _KILLS, _MOST_SEEDS = 200, 10, 10**6
_DELAYS_S = (2.0, 8.0, 8.0)


def measure() -> str:
    """What was seen; that nothing was lost, doubled, out of order or late is asserted."""
    logging.disable()
    return asyncio.run(_measure(SystemRandom().randrange(_MOST_SEEDS)))


async def _measure(seed: int) -> str:
    async with open_mailbox() as mailbox:
        with open_directory() as directory:
            up = Up(
                directory / "var",
                smtp_url=mailbox.url,
                notification_lease_s=4,
                notification_backoff_s=0.5,
                notification_limit=0,
                stream_position_s=5,
            )
            try:
                await asyncio.to_thread(up.wait_started)
                siege = await besiege(up, mailbox)
                climbing = await climb(siege, alerts=_ALERTS, kills=_KILLS, random=Random(seed), delays_s=_DELAYS_S)
            finally:
                await asyncio.to_thread(up.end, signal.SIGTERM)
    copies = len(mailbox.mails) - len({mail["Message-ID"] for mail in mailbox.mails})
    away = [end - began for began, end in climbing.outages]
    return (
        f"{_ALERTS} alerts took {climbing.levels} levels, each in order; {_KILLS} kills (seed {seed}), away for up to "
        f"{max(away).total_seconds():.1f} s; the latest level came {climbing.slowest.total_seconds():.1f} s after it "
        f"could; {len(mailbox.mails)} mails, {copies} of them copies with the same id"
    )
