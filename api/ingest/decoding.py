"""How does a compressed body become bytes, without ever holding more of them than were asked for?

A decoder gives its output in pieces of a bounded size, so that what a body costs is decided by who reads it: a bomb of
a kilobyte that would be a gigabyte is left behind at the byte too many.
"""

import sys
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from api.body import TooLarge
from domain.errors import InvalidInput

PIECE_BYTES = 64 * 1024
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15
_GZIP_MAGIC = b"\x1f\x8b"
_LARGEST_WINDOW_LOG = 23  # 8 MiB, which RFC 9659 sets as the most for zstd over HTTP


class _Decompressor(Protocol):
    """What the three libraries have in common, once they are made alike: behind its end each takes all for nothing."""

    @property
    def needs_input(self) -> bool: ...

    @property
    def is_finished(self) -> bool: ...

    def decompress(self, data: bytes) -> bytes: ...


class _Zlib:
    """gzip of any number of members (RFC 1952), zlib (RFC 1950), and raw deflate (RFC 1951)."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)
        self._rest = b""

    @property
    def needs_input(self) -> bool:
        return not self._rest or (self.is_finished and not self._rest.startswith(_GZIP_MAGIC))

    @property
    def is_finished(self) -> bool:
        return self._inner.eof

    def decompress(self, data: bytes) -> bytes:
        data = self._rest + data
        if self.is_finished:
            if not data.startswith(_GZIP_MAGIC):
                self._rest = data[:1] if data == _GZIP_MAGIC[:1] else b""
                return b""
            self._inner = zlib.decompressobj(self._wbits)  # another member
        piece = self._inner.decompress(data, PIECE_BYTES)
        self._rest = self._inner.unconsumed_tail or self._inner.unused_data
        return piece


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    @property
    def needs_input(self) -> bool:
        return self.is_finished or bool(self._inner.can_accept_more_data())

    @property
    def is_finished(self) -> bool:
        return bool(self._inner.is_finished())

    def decompress(self, data: bytes) -> bytes:
        return b"" if self.is_finished else bytes(self._inner.process(data, output_buffer_limit=PIECE_BYTES))


class _Zstd:
    """Zstandard (RFC 8878)."""

    def __init__(self) -> None:
        self._inner = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW_LOG})

    @property
    def needs_input(self) -> bool:
        return self.is_finished or self._inner.needs_input

    @property
    def is_finished(self) -> bool:
        return self._inner.eof

    def decompress(self, data: bytes) -> bytes:
        return b"" if self.is_finished else self._inner.decompress(data, PIECE_BYTES)


_BROKEN = (zlib.error, brotli.error, zstd.ZstdError, EOFError)
_BY_NAME: dict[str, Callable[[bytes], _Decompressor]] = {
    "gzip": lambda _: _Zlib(_GZIP),
    "x-gzip": lambda _: _Zlib(_GZIP),
    "deflate": lambda start: _Zlib(_ZLIB if _begins_as_zlib(start) else _RAW_DEFLATE),
    "br": lambda _: _Brotli(),
    "zstd": lambda _: _Zstd(),
}


async def decoded(body: AsyncIterator[bytes], encoding: str, most_bytes: int) -> AsyncIterator[bytes]:
    """The bytes of a body, in pieces; `encoding` is what `Content-Encoding` says.

    An encoding that nobody knows counts as none, since SDKs have sent `""` and `UTF-8`; and gzip is known by its first
    bytes, since proxies lose the header.

    Raises: InvalidInput where it cannot be decompressed; TooLarge at the byte too many.
    """
    decompressor: _Decompressor | None = None
    is_first, total = True, 0
    async for data in _with_a_start(body):
        if is_first:
            decompressor, is_first = _decompressor(encoding, data), False
        for piece in _pieces(decompressor, data):
            total += len(piece)
            if total > most_bytes:
                raise TooLarge(f"The body is larger than {most_bytes:,} bytes, decompressed.")
            yield piece
    if decompressor is not None and not decompressor.is_finished:
        raise InvalidInput("The compressed body ends too early.", ("body",))


async def _with_a_start(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The body as it comes, but no first piece so short that it does not show its kind."""
    start: bytes | None = b""
    async for data in body:
        if start is None:
            yield data
        elif len(start + data) < len(_GZIP_MAGIC):
            start += data
        else:
            yield start + data
            start = None
    if start:
        yield start


def _decompressor(encoding: str, start: bytes) -> _Decompressor | None:
    name = encoding.strip().lower()
    if name not in _BY_NAME and start.startswith(_GZIP_MAGIC):
        name = "gzip"
    make = _BY_NAME.get(name)
    return make(start) if make else None


def _pieces(decompressor: _Decompressor | None, data: bytes) -> Iterator[bytes]:
    if decompressor is None:
        yield data
        return
    try:
        is_full = False  # then a library may hold output back, though it would take more input
        while data or is_full or not decompressor.needs_input:
            piece = decompressor.decompress(data)
            yield piece
            data, is_full = b"", len(piece) >= PIECE_BYTES
    except _BROKEN as error:
        raise InvalidInput(f"The body cannot be decompressed: {error}.", ("body",)) from error


def _begins_as_zlib(start: bytes) -> bool:
    """Whether it has zlib's header (RFC 1950, 2.2), which the standard asks for and some clients leave out."""
    return len(start) > 1 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0  # noqa: PLR2004
