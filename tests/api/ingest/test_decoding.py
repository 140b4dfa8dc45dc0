import gzip
import tracemalloc
import zlib
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.body import TooLarge
from api.ingest.decoding import PIECE_BYTES, decoded, zstd
from domain.errors import InvalidInput
from tests.support.fuzz.packing import raw_deflate

TEXT = b'{"message": "it broke"}\n' * 400


ENCODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZip ": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "": bytes,
    "identity": bytes,
    "UTF-8": bytes,
}


async def read(data: bytes, encoding: str, *, most: int = 10**6, pieces: int = 1000) -> bytes:
    async def body():
        yield b""
        for start in range(0, len(data), pieces):
            yield data[start : start + pieces]

    return b"".join([piece async for piece in decoded(body(), encoding, most)])


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("pieces", [1, 2, 50, 10**6])
async def test_each_encoding_is_read_however_the_bytes_arrive(encoding, pieces):
    assert await read(ENCODINGS[encoding](TEXT), encoding, pieces=pieces) == TEXT


async def test_deflate_is_read_with_and_without_its_header():
    assert await read(raw_deflate(TEXT), "deflate") == TEXT


@pytest.mark.parametrize("pieces", range(1, 60))
async def test_gzip_of_several_members_is_read_to_its_end(pieces):
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert await read(packed, "gzip", pieces=pieces) == b"one two"
    assert await read(packed + b"\x1f rest", "gzip", pieces=pieces) == b"one two"


async def test_gzip_is_known_where_the_header_was_lost():
    assert await read(gzip.compress(TEXT), "") == TEXT


@pytest.mark.parametrize("pack", [raw_deflate, zlib.compress, gzip.compress, brotli.compress, zstd.compress])
async def test_nothing_stays_behind_where_a_piece_is_just_full(pack):
    encoding = {gzip.compress: "gzip", brotli.compress: "br", zstd.compress: "zstd"}.get(pack, "deflate")
    for length in range(PIECE_BYTES * 2 - 300, PIECE_BYTES * 2 + 300, 7):
        assert len(await read(pack(bytes(length)), encoding)) == length


async def test_what_stands_behind_the_end_means_nothing():
    for encoding in ("gzip", "deflate", "zstd"):
        assert await read(ENCODINGS[encoding](TEXT) + b"rest", encoding) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_body_that_is_cut_off_or_no_such_thing_is_said(encoding):
    with pytest.raises(InvalidInput, match="ends too early"):
        await read(ENCODINGS[encoding](TEXT)[:-9], encoding)
    with pytest.raises(InvalidInput, match=r"cannot be decompressed|ends too early"):
        await read(b"\xff\xfe nothing of the sort", encoding)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", ""])
async def test_a_bomb_is_left_at_the_byte_too_many(encoding):
    bomb = ENCODINGS[encoding](bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        await read(bomb, encoding, most=2_000_000, pieces=10**6)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


async def test_exactly_the_limit_passes():
    assert len(await read(gzip.compress(bytes(1000)), "gzip", most=1000)) == 1000


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", ""]))
async def test_any_bytes_are_read_or_refused(data, encoding):
    with suppress(InvalidInput, TooLarge):
        await read(data, encoding, most=10_000, pieces=13)
