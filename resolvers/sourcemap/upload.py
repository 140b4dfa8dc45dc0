"""Uploading source maps: each is decoded and checked before it is kept, and used for the events that come after."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, delete, select

from core.db import Transaction
from core.ids import uuid7
from domain.access import Actor, ActorKind, Scope
from domain.errors import Conflict, InvalidInput, PermissionDenied
from domain.sourcemap.original import SourceMap as Map
from domain.sourcemap.reading import read_source_map
from domain.sourcemap.upload import FoundBy, Uploaded, found_by, maps_of_bundle
from models import Project, SourceMap, SourceMapContent
from resolvers.audit import record_audit
from resolvers.intake.destination import Destination
from resolvers.resources import Resources
from resolvers.sourcemap.compression import compressed

MOST_AT_ONCE = 5_000
_MOST_NAMES_IN_AUDIT = 20
_NONE = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A map that was read and found good, as it is kept."""

    found_by: FoundBy
    checksum: bytes
    size: int
    source_count: int
    mapping_count: int
    content: bytes


def require_uploader(actor: Actor) -> UUID:
    """Return who the actor is, if they may upload: an ingest key is public, so it may not.

    Raises: PermissionDenied.
    """
    actor.require(Scope.INGEST)
    if actor.kind is ActorKind.INGEST_KEY or actor.id is None:
        raise PermissionDenied("An ingest key is public. Uploading needs an API token with the scope INGEST.")
    return actor.id


async def find_uploaders_project(res: Resources, actor: Actor, name: str | None) -> Destination:
    """The project that the actor may upload to, by slug, or its only one.

    Raises: PermissionDenied, InvalidInput (there is no such project).
    """
    require_uploader(actor)
    return await res.writer.destinations.find(actor, name)


async def upload_source_map(
    res: Resources,
    actor: Actor,
    raw: bytes,
    *,
    project: str | None = None,
    release: str | None = None,
    url: str | None = None,
    debug_id: str | None = None,
    dist: str | None = None,
) -> SourceMap:
    """Leave the map to be found by release, dist and the address of its file, or its debug id, in place of one before.

    Raises: PermissionDenied, InvalidInput, Conflict (the project has too many bytes of them).
    """
    destination = await find_uploaders_project(res, actor, project)

    def read() -> list[Decoded]:
        source_map = read_source_map(raw, most_bytes=res.settings.sourcemap_bytes)
        by = found_by(release=release, url=url, debug_id=debug_id or source_map.debug_id, dist=dist)
        return [_as_kept(Uploaded(by, raw), source_map)]

    (kept,) = await keep_maps(res, actor, [destination], await in_a_thread(res, read))
    return kept


async def in_a_thread(res: Resources, read: Callable[[], list[Decoded]]) -> list[Decoded]:
    """What comes of reading, one upload at a time, while the loop goes on."""
    async with res.source_maps.decoding:
        return await asyncio.to_thread(read)


def _as_kept(uploaded: Uploaded, source_map: Map) -> Decoded:
    return Decoded(
        found_by=uploaded.found_by,
        checksum=sha256(uploaded.raw).digest(),
        size=len(uploaded.raw),
        source_count=len(source_map.sources),
        mapping_count=len(source_map.segments.columns),
        content=compressed(source_map),
    )


def decode_bundle(content: bytes, *, release: str | None, dist: str | None = None, most_bytes: int) -> list[Decoded]:
    """The maps of a bundle; none of them is kept where one is broken.

    Raises: InvalidInput, which names the broken one.
    """
    decoded: list[Decoded] = []
    seen: set[tuple[str | None, ...]] = set()
    for uploaded in maps_of_bundle(content, release=release, dist=dist, most_bytes=most_bytes):
        try:
            source_map = read_source_map(uploaded.raw, most_bytes=most_bytes)
        except InvalidInput as failure:
            raise InvalidInput(f"{uploaded.found_by.name}: {failure.message}", failure.path) from failure
        if seen.isdisjoint(keys := uploaded.found_by.keys):
            decoded.append(_as_kept(uploaded, source_map))
        seen |= keys
    if not decoded:
        raise InvalidInput("The bundle has no source map that could be found by a release or a debug id.", ("bundle",))
    return decoded


async def keep_maps(
    res: Resources,
    actor: Actor,
    destinations: Sequence[Destination],
    decoded: Sequence[Decoded],
    bundle: bytes | None = None,
) -> list[SourceMap]:
    """Leave the maps stored in each of the projects, in place of those that were found by the same.

    Raises: InvalidInput (too many), Conflict.
    """
    at = res.clock.now()
    if len(destinations) * len(decoded) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE:,} source maps can be uploaded at once.", ("bundle",))
    rows = [
        SourceMap(
            id=uuid7(at),
            project_id=destination.project_id,
            release=one.found_by.release,
            dist=one.found_by.dist,
            place=one.found_by.place,
            debug_id=one.found_by.debug_id,
            name=one.found_by.name,
            checksum=one.checksum,
            bundle=bundle,
            size=one.size,
            stored_bytes=len(one.content),
            source_count=one.source_count,
            mapping_count=one.mapping_count,
            uploaded_at=at,
            last_used_at=at,
        )
        for destination in destinations
        for one in decoded
    ]
    contents = [one.content for _ in destinations for one in decoded]
    async with res.db.transaction() as tx:
        await _make_room(res, tx, rows)
        tx.session.add_all(rows)
        await tx.session.flush()
        tx.session.add_all(
            [
                SourceMapContent(source_map_id=row.id, content=content)
                for row, content in zip(rows, contents, strict=True)
            ]
        )
        _record(res, tx, actor, rows)
    for destination in destinations:
        res.source_maps.forget(destination.project_id)
    res.writer.destinations.forget()
    return rows


async def _make_room(res: Resources, tx: Transaction, rows: Sequence[SourceMap]) -> None:
    """Leave none that the rows replace, and each project locked, so that two uploads do not both take the last room.

    Raises: Conflict.
    """
    ids = sorted({row.project_id for row in rows})
    await tx.session.exec(
        select(Project.id).where(col(Project.id).in_(ids)).order_by(col(Project.id)).with_for_update()
    )
    project, dist = col(SourceMap.project_id), func.coalesce(col(SourceMap.dist), _NONE)
    by_place = tuple_(project, col(SourceMap.release), col(SourceMap.place), dist).in_(
        [(row.project_id, row.release, row.place, row.dist or _NONE) for row in rows if row.release and row.place]
    )
    by_id = tuple_(project, col(SourceMap.debug_id)).in_(
        [(row.project_id, row.debug_id) for row in rows if row.debug_id]
    )
    await tx.session.exec(delete(SourceMap).where(by_place | by_id))
    query = select(SourceMap.project_id, func.sum(col(SourceMap.stored_bytes))).group_by(col(SourceMap.project_id))
    used = dict((await tx.session.exec(query.where(col(SourceMap.project_id).in_(ids)))).all())
    for row in rows:
        used[row.project_id] = used.get(row.project_id, 0) + row.stored_bytes
    if max(used.values()) > res.settings.sourcemap_project_bytes:
        raise Conflict(
            f"The project would have more than {res.settings.sourcemap_project_bytes:,} bytes of source maps: "
            "delete some, or raise TOCSIN_SOURCEMAP_PROJECT_BYTES."
        )


def _record(res: Resources, tx: Transaction, actor: Actor, rows: Sequence[SourceMap]) -> None:
    """Leave one entry for each project."""
    for project_id in {row.project_id for row in rows}:
        names = [row.name for row in rows if row.project_id == project_id]
        after = {
            "count": len(names),
            "names": names[:_MOST_NAMES_IN_AUDIT],
            "release": rows[0].release,
            "dist": rows[0].dist,
        }
        record_audit(
            res,
            tx,
            actor,
            "uploadSourceMaps",
            target_kind="Project",
            target_id=project_id,
            project_id=project_id,
            after=after,
        )
