"""How bodies are packed on their way: by `Content-Encoding`, and in the wrapping of Sentry's old clients."""

import base64
import gzip
import zlib
from collections.abc import Callable

import brotli

from api.ingest.decoding import zstd


def raw_deflate(data: bytes) -> bytes:
    """As some clients write `deflate`: without the header of zlib."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def wrapped(event: bytes) -> bytes:
    """As raven's clients sent it to `/store/`."""
    return base64.b64encode(zlib.compress(event))


# The empty one is that of a proxy which lost the header.
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "": gzip.compress,
}
