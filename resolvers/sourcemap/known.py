"""The source maps that a process has at hand: which there are, asked anew every 5 seconds, and some of them decoded."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Database
from domain.sourcemap.frames import MapKey
from domain.sourcemap.original import SourceMap
from resolvers.sourcemap.compression import restored

# How long a map that is new may go unnoticed, and one that was deleted be used.
_FRESH = timedelta(seconds=5)
_MOST_KEYS = 20_000
_USE_NOTED_EVERY = timedelta(hours=1)
_FIND = """
SELECT wanted.key, wanted.release, wanted.dist, m.id
  FROM unnest($2::text[], $3::text[], $4::text[]) AS wanted (key, release, dist)
  JOIN source_map m ON m.project_id = $1
   AND ((wanted.release IS NULL AND m.debug_id = wanted.key)
     OR (m.release = wanted.release AND m.place = wanted.key AND m.dist IS NOT DISTINCT FROM wanted.dist))
"""
_LOAD = "SELECT content FROM source_map_content WHERE source_map_id = $1"
_USED = """
UPDATE source_map SET last_used_at = $2
 WHERE id = ANY (ARRAY(SELECT id FROM source_map WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE))
"""

_Known = tuple[UUID, MapKey]


class KnownMaps:
    """Maps by what they are found by, those used last decoded in memory, up to so many bytes."""

    def __init__(self, db: Database, now: Callable[[], datetime], most_bytes: int) -> None:
        self.decoding = asyncio.Semaphore(1)  # an upload at a time: decoding one takes memory and a processor
        self._db = db
        self._now = now
        self._most_bytes = most_bytes
        self._bytes = 0
        self._ids: dict[_Known, tuple[datetime, UUID | None]] = {}
        self._maps: OrderedDict[UUID, SourceMap] = OrderedDict()
        self._noted: dict[UUID, datetime] = {}
        self._loading: dict[UUID, asyncio.Task[SourceMap | None]] = {}

    async def find(self, project_id: UUID, keys: Iterable[MapKey]) -> dict[MapKey, SourceMap]:
        """The maps of a project by those of the keys that lead to one.

        Raises: what PostgreSQL raises while it is away.
        """
        ids = await self._find_ids(project_id, set(keys))
        await self._note_use(set(ids.values()))
        maps = await asyncio.gather(*map(self._decoded, ids.values()))
        return {key: found for key, found in zip(ids, maps, strict=True) if found is not None}

    def forget(self, project_id: UUID) -> None:
        """Ask anew which maps a project has, since something of them has changed here."""
        self._ids = {known: entry for known, entry in self._ids.items() if known[0] != project_id}

    async def _find_ids(self, project_id: UUID, keys: set[MapKey]) -> dict[MapKey, UUID]:
        now = self._now()
        known = {key: self._ids.get((project_id, key)) for key in keys}
        missing = [key for key, entry in known.items() if entry is None or now - entry[0] > _FRESH]
        if missing:
            rows = await self._db.raw.fetch(_FIND, project_id, *map(list, zip(*missing, strict=True)))
            found = {(row["key"], row["release"], row["dist"]): row["id"] for row in rows}
            self._learn(project_id, {key: (now, found.get(key)) for key in missing})
            known |= {key: (now, found.get(key)) for key in missing}
        return {key: entry[1] for key, entry in known.items() if entry is not None and entry[1] is not None}

    async def _note_use(self, ids: set[UUID]) -> None:
        """Leave it noted, to the hour, that these are of use: others go after a while."""
        now = self._now()
        due = [id for id in ids if id not in self._noted or now - self._noted[id] > _USE_NOTED_EVERY]
        if due:
            if len(self._noted) > _MOST_KEYS:
                self._noted.clear()
            self._noted |= dict.fromkeys(due, now)
            await self._db.raw.execute(_USED, due, now)

    def _learn(self, project_id: UUID, entries: dict[MapKey, tuple[datetime, UUID | None]]) -> None:
        if len(self._ids) + len(entries) > _MOST_KEYS:
            self._ids.clear()
        self._ids |= {(project_id, key): entry for key, entry in entries.items()}

    async def _decoded(self, id: UUID) -> SourceMap | None:
        if id in self._maps:
            self._maps.move_to_end(id)
            return self._maps[id]
        if id not in self._loading:
            task = asyncio.create_task(self._load(id))
            self._loading[id] = task
            task.add_done_callback(lambda _: self._loading.pop(id))
        return await asyncio.shield(self._loading[id])

    async def _load(self, id: UUID) -> SourceMap | None:
        content = await self._db.raw.fetchval(_LOAD, id)
        if content is None:
            return None
        found = await asyncio.to_thread(restored, content)
        self._keep(id, found)
        return found

    def _keep(self, id: UUID, found: SourceMap) -> None:
        self._maps[id] = found
        self._bytes += found.size
        while self._bytes > self._most_bytes and self._maps:
            _, oldest = self._maps.popitem(last=False)
            self._bytes -= oldest.size
