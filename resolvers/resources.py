"""What every use case is handed: the settings, the clock, and the ways to the stores."""

from collections.abc import AsyncIterator, Hashable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakValueDictionary

from core.bus import Bus
from core.clock import Clock, SystemClock
from core.db import Database, Message
from core.once import Once
from core.queue import Queue
from core.settings import Settings
from domain.messages import NEWS, WAKE
from resolvers.access_cache import AccessCache
from resolvers.feed.cohort import Cohorts
from resolvers.feed.reader import FeedReader
from resolvers.feed.replay import Replays
from resolvers.feed.silence import Silences
from resolvers.intake.admission import Admission
from resolvers.intake.spool import Spool
from resolvers.intake.writer import Writer
from resolvers.register import Register
from resolvers.sourcemap.known import KnownMaps
from resolvers.tick import Minute, Tick

CHANNEL = "tocsin:feed"


@dataclass(frozen=True, slots=True)
class Resources:
    """Made once in a process, passed first to every use case."""

    settings: Settings
    clock: Clock
    db: Database
    bus: Bus
    queue: Queue
    writer: Writer
    access: AccessCache
    feed: FeedReader
    once: Once
    source_maps: KnownMaps
    admission: Admission
    spool: Spool
    register: Register
    cohorts: Cohorts
    silences: Silences
    replays: Replays
    # What is told of figures now: kept only as long as somebody has it in hand.
    ticks: WeakValueDictionary[Hashable, Tick] = field(default_factory=WeakValueDictionary)
    minutes: WeakValueDictionary[datetime, Minute] = field(default_factory=WeakValueDictionary)


class Delivery:
    """Takes what leaves after a commit to where it goes."""

    def __init__(self, bus: Bus, queue: Queue) -> None:
        self._bus = bus
        self._queue = queue

    async def __call__(self, messages: Sequence[Message]) -> None:
        """Hand on each message; those that find Valkey away are lost, and the polls make up for them."""
        for message in messages:
            if message.topic == NEWS:
                await self._bus.publish(message.payload)
            elif message.topic == WAKE:
                await self._queue.enqueue(message.payload)


@asynccontextmanager
async def open_resources(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Resources]:
    """Leave the stores reachable within the block; both URLs must be set by now."""
    assert settings.database_url is not None
    assert settings.redis_url is not None
    clock = clock or SystemClock()
    bus = Bus(settings.redis_url, CHANNEL)
    queue = Queue(settings.redis_url)
    db = Database(settings.database_url, connections=settings.database_connections, deliver=Delivery(bus, queue))
    access = AccessCache(clock)
    once = Once(settings.redis_url)
    feed = FeedReader(db, clock, bus, buffer_rows=settings.stream_buffer)
    spool, register = Spool(settings), Register(settings.redis_url, clock)
    writer = Writer(settings, db, clock, feed.wake, spool=spool, remember=register.projects)
    admission = Admission(settings, clock, writer, db)
    try:
        await db.open()
        maps = KnownMaps(db, clock.now, settings.sourcemap_cache_bytes)
        cohorts, silences = Cohorts(settings.stream_buffer), Silences(clock, after_s=settings.stream_position_s)
        stores = (settings, clock, db, bus, queue, writer, access, feed, once, maps, admission, spool, register)
        replays = Replays(db, clock, most_rows=settings.stream_replay_rows)
        yield Resources(*stores, cohorts, silences, replays)
    finally:
        await writer.destinations.close()  # which reads by itself, with what is closed next
        await access.close()
        await admission.close()
        await spool.close()
        await register.close()
        await bus.close()
        await queue.close()
        await once.close()
        await db.close()
