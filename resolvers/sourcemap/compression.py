"""How a decoded map is kept: packed, and compressed with zstd."""

import sys

from domain.sourcemap.original import SourceMap, pack, unpack

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LEVEL = 9


def compressed(source_map: SourceMap) -> bytes:
    """The map as it is stored; work for a thread."""
    return zstd.compress(pack(source_map), _LEVEL)


def restored(content: bytes) -> SourceMap:
    """The map of what is stored; work for a thread."""
    return unpack(zstd.decompress(content))
