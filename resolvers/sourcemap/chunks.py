"""Bundles that come in pieces, as `sentry-cli` sends them, and are put together once all pieces are there."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha1
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select

from core.db import affected
from domain.access import Actor
from domain.errors import Conflict, InvalidInput
from models import SourceMap, UploadChunk
from resolvers.intake.destination import Destination
from resolvers.resources import Resources
from resolvers.sourcemap.upload import Decoded, decode_bundle, in_a_thread, keep_maps, require_uploader

# docs: pieces of an upload that was broken off are kept for a day.
CHUNKS_KEPT = timedelta(days=1)
CHUNK_BYTES = 8 * 2**20
MOST_CHUNKS = 1_000
_PRUNE = """
DELETE FROM upload_chunk
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM upload_chunk WHERE received_at < $1 ORDER BY received_at LIMIT 20))
"""


def checksum_of(content: bytes) -> bytes:
    """The SHA-1 by which `sentry-cli` names bundles and their pieces: a name, and no protection."""
    return sha1(content, usedforsecurity=False).digest()


async def put_chunks(res: Resources, actor: Actor, chunks: Mapping[bytes, bytes]) -> None:
    """Leave the pieces kept by their checksums until the bundle is whole.

    Raises: PermissionDenied; InvalidInput where a piece is not what its checksum says, or too large; Conflict where too
    many bytes wait.
    """
    owner = require_uploader(actor)
    for checksum, content in chunks.items():
        if len(content) > CHUNK_BYTES or checksum_of(content) != checksum:
            raise InvalidInput(f"The piece {checksum.hex()} has more than {CHUNK_BYTES:,} bytes, or another checksum.")
    at = res.clock.now()
    rows = [
        {"owner_id": owner, "checksum": checksum, "size": len(content), "content": content, "received_at": at}
        for checksum, content in sorted(chunks.items())
    ]
    async with res.db.transaction() as tx:
        if rows:
            await tx.session.exec(insert(UploadChunk).values(rows).on_conflict_do_nothing())
        waiting = select(func.coalesce(func.sum(col(UploadChunk.size)), 0)).where(col(UploadChunk.owner_id) == owner)
        if (await tx.session.exec(waiting)).one() > 2 * res.settings.sourcemap_upload_bytes:
            raise Conflict("More pieces of bundles wait than may: put them together, or wait until they are forgotten.")


async def missing_chunks(res: Resources, actor: Actor, checksums: Sequence[bytes]) -> list[bytes]:
    """Those pieces that have not come, in their order.

    Raises: PermissionDenied.
    """
    owner = require_uploader(actor)
    query = select(UploadChunk.checksum).where(
        col(UploadChunk.owner_id) == owner, col(UploadChunk.checksum).in_(set(checksums))
    )
    async with res.db.reading() as session:
        there = set((await session.exec(query)).all())
    return [checksum for checksum in dict.fromkeys(checksums) if checksum not in there]


async def is_stored(res: Resources, actor: Actor, destinations: Sequence[Destination], bundle: bytes) -> bool:
    """Whether the maps of a bundle are stored in each of the projects.

    Raises: PermissionDenied.
    """
    require_uploader(actor)
    ids = {destination.project_id for destination in destinations}
    query = select(SourceMap.project_id).where(col(SourceMap.project_id).in_(ids), col(SourceMap.bundle) == bundle)
    async with res.db.reading() as session:
        return set((await session.exec(query.distinct())).all()) == ids


async def assemble(
    res: Resources,
    actor: Actor,
    destinations: Sequence[Destination],
    *,
    bundle: bytes,
    checksums: Sequence[bytes],
    release: str | None,
    dist: str | None = None,
) -> list[SourceMap]:
    """Leave the maps of the bundle stored in the projects, and its pieces gone.

    Raises: PermissionDenied; InvalidInput where the pieces do not make a good bundle; Conflict.
    """
    owner = require_uploader(actor)
    content = await _whole(res, owner, checksums)
    if checksum_of(content) != bundle:
        raise InvalidInput("The bundle is not what its checksum says.", ("checksum",))

    def read() -> list[Decoded]:
        return decode_bundle(content, release=release, dist=dist, most_bytes=res.settings.sourcemap_bytes)

    kept = await keep_maps(res, actor, destinations, await in_a_thread(res, read), bundle)
    await _forget(res, owner, checksums)
    return kept


async def prune_chunks(res: Resources) -> int:
    """Leave no piece that nobody has put together for a day; return how many went."""
    before = res.clock.now() - CHUNKS_KEPT
    gone = 0
    while step := affected(await res.db.raw.execute(_PRUNE, before)):
        gone += step
    return gone


async def _whole(res: Resources, owner: UUID, checksums: Sequence[bytes]) -> bytes:
    mine = col(UploadChunk.owner_id) == owner, col(UploadChunk.checksum).in_(set(checksums))
    async with res.db.reading() as session:
        sizes = dict((await session.exec(select(UploadChunk.checksum, UploadChunk.size).where(*mine))).all())
        if any(checksum not in sizes for checksum in checksums):
            raise InvalidInput("A piece of the bundle has not come.", ("chunks",))
        most = res.settings.sourcemap_upload_bytes
        if sum(sizes[checksum] for checksum in checksums) > most:
            raise InvalidInput(f"The bundle has more than {most:,} bytes (TOCSIN_SOURCEMAP_UPLOAD_BYTES).", ("chunks",))
        contents = dict((await session.exec(select(UploadChunk.checksum, UploadChunk.content).where(*mine))).all())
    return b"".join([contents[checksum] for checksum in checksums])


async def _forget(res: Resources, owner: UUID, checksums: Sequence[bytes]) -> None:
    async with res.db.transaction() as tx:
        await tx.session.exec(
            delete(UploadChunk).where(col(UploadChunk.owner_id) == owner, col(UploadChunk.checksum).in_(set(checksums)))
        )
