"""How the large parts of an event are stored: JSON, compressed, behind a byte that says which format it is.

Most of a stack trace is words that every trace of its framework has. A dictionary of such words, learnt once and kept
beside this module, is what makes a single event small. A format is never changed, only followed by another.
"""

import sys
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# The first byte.
_AS_IT_IS, _ZSTD_BY_WORDS_1 = b"\x00", b"\x01"
# docs: the level and the dictionary are weighed in ADR 0018.
_LEVEL = 1
_WORDS = zstd.ZstdDict(Path(__file__).with_name("payload_words_1.zdict").read_bytes())
_WORDS_TO_WRITE, _WORDS_TO_READ = _WORDS.as_digested_dict, _WORDS.as_digested_dict
# One for all: making one costs more than most payloads, and it locks itself.
_compressor = zstd.ZstdCompressor(level=_LEVEL, zstd_dict=_WORDS_TO_WRITE)


def pack(json: bytes) -> bytes:
    """The stored form of a JSON object."""
    packed = _compressor.compress(json, zstd.ZstdCompressor.FLUSH_FRAME)
    return _ZSTD_BY_WORDS_1 + packed if len(packed) < len(json) else _AS_IT_IS + json


def unpack(stored: bytes) -> bytes:
    """The JSON object that was stored.

    Raises: ValueError for a format of a later version.
    """
    kind, body = stored[:1], stored[1:]
    if kind == _ZSTD_BY_WORDS_1:
        return zstd.decompress(body, zstd_dict=_WORDS_TO_READ)
    if kind == _AS_IT_IS:
        return body
    raise ValueError(f"A payload of format {kind.hex() or 'none'}, which this version does not know.")


class PayloadColumn(TypeDecorator[dict[str, Any]]):
    """A column that holds a payload packed, and shows it as a dict."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """What is stored."""
        return None if value is None else pack(orjson.dumps(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        """What was stored."""
        return None if value is None else orjson.loads(unpack(value))
