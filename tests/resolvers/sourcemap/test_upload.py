"""What an upload leaves behind, what it replaces, and what events make of it."""

import json
from datetime import timedelta
from random import Random
from string import ascii_letters

import pytest
from sqlmodel import select

from core.clock import ManualClock
from domain.access import Actor, ActorKind, Scope
from domain.errors import Conflict, InvalidInput, PermissionDenied
from models import AuditEntry, Event, Project, SourceMap, SourceMapContent, UploadChunk
from resolvers.intake.log import log_error
from resolvers.partitions import make_partitions
from resolvers.resources import Resources, open_resources
from resolvers.retention import prune_source_maps
from resolvers.sourcemap.chunks import assemble, checksum_of, is_stored, missing_chunks, prune_chunks, put_chunks
from resolvers.sourcemap.upload import find_uploaders_project, upload_source_map
from tests.domain.sourcemap.encoding import a_map
from tests.domain.sourcemap.test_upload import bundle
from tests.support.actors import acting
from tests.support.db import make_settings
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.writing import a_report, log, reporter

ID = "243ab97f-f3b7-5d67-bb90-7b629bf3e85d"
STACK = "Error: no\n    at n (https://shop.example/app.js:1:5)"
RAW = a_map([[(4, 0, 9, 0)]], sources=["src/pay.ts"])


async def rows(res: Resources, model: type) -> list:
    async with res.db.reading() as session:
        return list((await session.exec(select(model))).all())


async def places(res: Resources) -> list[tuple[str, int]]:
    """File and line of the last frame of each event, in the order in which they came."""
    events = sorted(await rows(res, Event), key=lambda event: event.id)
    frames = [event.payload["exceptions"][-1]["frames"][-1] for event in events]
    return [(frame["filename"], frame["line"]) for frame in frames]


@pytest.fixture
async def project(res: Resources) -> Project:
    return await make_project(res)


@pytest.fixture
async def actor(res: Resources, project: Project) -> Actor:
    return acting(await make_developer(res), project)


async def test_a_map_is_used_for_the_events_that_come_after_it(writing: Resources, project: Project, actor: Actor):
    fields = {"release": "shop@1", "stackTrace": STACK}
    await log(writing, project, **fields)
    await upload_source_map(writing, actor, RAW, release="shop@1", url="~/app.js")
    await log(writing, project, **fields)
    await log(writing, project, **{**fields, "release": "shop@2"})
    assert await places(writing) == [("/app.js", 1), ("src/pay.ts", 10), ("/app.js", 1)]


async def test_one_that_is_uploaded_again_takes_the_place_of_the_first(
    writing: Resources, project: Project, actor: Actor
):
    for source in ("first.ts", "second.ts"):
        raw = a_map([[(4, 0, 9, 0)]], sources=[source])
        await upload_source_map(writing, actor, raw, release="shop@1", url="https://shop.example/app.js", debug_id=ID)
        await log(writing, project, release="shop@1", stackTrace=STACK)
    assert await places(writing) == [("first.ts", 10), ("second.ts", 10)]
    assert len(await rows(writing, SourceMap)) == len(await rows(writing, SourceMapContent)) == 1
    audit = [entry.after for entry in await rows(writing, AuditEntry) if entry.action == "uploadSourceMaps"]
    assert audit == [{"count": 1, "names": ["https://shop.example/app.js"], "release": "shop@1", "dist": None}] * 2


async def test_maps_of_one_file_stand_beside_each_other_by_dist(writing: Resources, project: Project, actor: Actor):
    for dist, source in (("7", "old.ts"), ("7", "seven.ts"), ("8", "eight.ts"), (None, "old.ts"), (None, "any.ts")):
        raw = a_map([[(4, 0, 9, 0)]], sources=[source])
        await upload_source_map(writing, actor, raw, release="shop@1", dist=dist, url="~/app.js")
    assert sorted(str(row.dist) for row in await rows(writing, SourceMap)) == ["7", "8", "None"]
    for dist in ("7", "8", "9", None):
        await log(writing, project, release="shop@1", dist=dist, stackTrace=STACK)
    assert [file for file, _ in await places(writing)] == ["seven.ts", "eight.ts", "any.ts", "any.ts"]


async def test_what_was_uploaded_for_a_dist_is_for_no_other(writing: Resources, project: Project, actor: Actor):
    await upload_source_map(writing, actor, RAW, release="shop@1", dist="7", url="~/app.js")
    for dist in ("8", None, "7"):
        await log(writing, project, release="shop@1", dist=dist, stackTrace=STACK)
    assert [file for file, _ in await places(writing)] == ["/app.js", "/app.js", "src/pay.ts"]
    assert [event.payload.get("dist") for event in sorted(await rows(writing, Event), key=lambda event: event.id)] == [
        *("8", None, "7")
    ]


async def test_a_map_of_another_project_is_not_used(writing: Resources, project: Project, actor: Actor):
    other = await make_project(writing)
    await upload_source_map(writing, actor, RAW, release="shop@1", url="~/app.js")
    await log(writing, other, release="shop@1", stackTrace=STACK)
    assert await places(writing) == [("/app.js", 1)]


async def test_a_debug_id_in_the_map_is_enough(writing: Resources, actor: Actor):
    kept = await upload_source_map(writing, actor, a_map([[(0,)]], debugId=ID))
    assert (kept.debug_id, kept.release, kept.mapping_count) == (ID.replace("-", ""), None, 1)


async def test_an_ingest_key_may_not_upload_nor_one_who_may_only_read(writing: Resources, project: Project):
    reader = Actor(ActorKind.TOKEN, id=project.id, scopes=frozenset({Scope.READ}), project_ids=None)
    for refused in (reporter(project), reader):
        with pytest.raises(PermissionDenied):
            await upload_source_map(writing, refused, RAW, release="shop@1", url="~/app.js")
        with pytest.raises(PermissionDenied):
            await put_chunks(writing, refused, {})


async def test_nobody_uploads_to_a_project_out_of_sight(writing: Resources, actor: Actor):
    other = await make_project(writing)
    with pytest.raises(InvalidInput, match="no such project"):
        await upload_source_map(writing, actor, RAW, project=other.slug, release="shop@1", url="~/app.js")


async def test_a_project_holds_so_many_bytes_and_a_replaced_map_gives_its_room_back(
    database_url: str, redis_url: str, clock: ManualClock
):
    settings = make_settings(database_url, redis_url, sourcemap_project_bytes=2**20, sourcemap_cache_bytes=0)
    noise = "".join(Random(7).choices(ascii_letters, k=900_000))
    raw = a_map([[(0, 0, 0, 0)]], sourcesContent=[noise])
    async with open_resources(settings, clock) as res:
        actor = acting(await make_developer(res), await make_project(res))
        first = await upload_source_map(res, actor, raw, release="1", url="app.js")
        assert 2**19 < first.stored_bytes < 2**20
        await upload_source_map(res, actor, raw, release="1", url="app.js")
        with pytest.raises(Conflict, match="1,048,576 bytes"):
            await upload_source_map(res, actor, raw, release="2", url="app.js")
        assert [row.release for row in await rows(res, SourceMap)] == ["1"]


async def test_a_map_goes_when_it_was_long_of_no_use(
    writing: Resources, clock: ManualClock, actor: Actor, project: Project
):
    for name in ("app", "unused"):
        await upload_source_map(writing, actor, RAW, release="shop@1", url=f"~/{name}.js")
    await log(writing, project, release="shop@1", stackTrace=STACK)
    await clock.advance(timedelta(days=80))
    await make_partitions(writing)
    await log(writing, project, release="shop@1", stackTrace=STACK)
    assert await prune_source_maps(writing) == 0
    await clock.advance(timedelta(days=20))
    assert await prune_source_maps(writing) == 1
    assert [row.name for row in await rows(writing, SourceMap)] == ["~/app.js"]


async def test_a_bundle_comes_in_pieces_and_is_stored_once_it_is_whole(
    writing: Resources, actor: Actor, project: Project
):
    content = a_shops_bundle()
    pieces = {checksum_of(part): part for part in (content[:100], content[100:])}
    destinations = [await find_uploaders_project(writing, actor, project.slug)]
    whole = {"bundle": checksum_of(content), "checksums": list(pieces), "release": None}
    first, second = pieces
    await put_chunks(writing, actor, {first: pieces[first]})
    assert await missing_chunks(writing, actor, [first, second]) == [second]
    with pytest.raises(InvalidInput, match="has not come"):
        await assemble(writing, actor, destinations, **whole)
    await put_chunks(writing, actor, pieces)
    assert not await is_stored(writing, actor, destinations, whole["bundle"])
    (kept,) = await assemble(writing, actor, destinations, **whole)
    assert (kept.release, kept.place) == ("shop@1", "/app.js")
    assert await is_stored(writing, actor, destinations, whole["bundle"])
    assert await rows(writing, UploadChunk) == []
    await log(writing, project, release="shop@1", stackTrace=STACK)
    assert await places(writing) == [("src/pay.ts", 10)]


async def test_pieces_are_those_of_who_sent_them(writing: Resources, actor: Actor, project: Project):
    other = acting(await make_developer(writing), project)
    await put_chunks(writing, actor, {checksum_of(b"x"): b"x"})
    assert await missing_chunks(writing, other, [checksum_of(b"x")]) == [checksum_of(b"x")]


async def test_a_piece_that_is_not_what_it_is_called_is_refused(writing: Resources, actor: Actor):
    with pytest.raises(InvalidInput, match="another checksum"):
        await put_chunks(writing, actor, {checksum_of(b"x"): b"y"})


async def test_of_a_bundle_with_one_broken_map_nothing_is_stored(writing: Resources, actor: Actor, project: Project):
    content = a_shops_bundle(broken=b"{}")
    checksum = checksum_of(content)
    await put_chunks(writing, actor, {checksum: content})
    destinations = [await find_uploaders_project(writing, actor, project.slug)]
    with pytest.raises(InvalidInput, match=r"~/broken\.js: A source map must say `version` 3"):
        await assemble(writing, actor, destinations, bundle=checksum, checksums=[checksum], release=None)
    assert await rows(writing, SourceMap) == []


async def test_pieces_that_nobody_puts_together_are_forgotten_after_a_day(
    writing: Resources, actor: Actor, clock: ManualClock
):
    await put_chunks(writing, actor, {checksum_of(b"x"): b"x"})
    assert await prune_chunks(writing) == 0
    await clock.advance(timedelta(days=1, seconds=1))
    assert await prune_chunks(writing) == 1


async def test_an_event_is_stored_as_it_came_where_its_map_cannot_be_read(
    writing: Resources, actor: Actor, project: Project
):
    await upload_source_map(writing, actor, RAW, release="shop@1", url="~/app.js")
    writing.writer.destinations.forget()
    await writing.writer.destinations.find(actor, project.slug)  # which reads the table as well
    await writing.db.raw.execute("ALTER TABLE source_map RENAME TO away")
    await log_error(writing, reporter(project), a_report(release="shop@1", stackTrace=STACK))
    (event,) = await rows(writing, Event)
    assert event.ingest_notes == ["source maps: they could not be read, the frames stand as they came"]


def a_shops_bundle(**more: bytes) -> bytes:
    files = {"app": RAW, **more}
    manifest = {
        "release": "shop@1",
        "files": {f"{name}.map": {"type": "source_map", "url": f"~/{name}.js.map"} for name in files},
    }
    return bundle(json.dumps(manifest), {f"{name}.map": content for name, content in files.items()})
