"""What SQLAlchemy compiled for the database of one test serves for those of all.

It keeps what it compiled by engine, and each test has one of its own: of what the tests of resolvers take, a fifth was to
compile the same statements anew. In a process that serves for long they are compiled once, too.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.util import LRUCache

# More than there are, as a thousand tests may be between two that ask the same.
_compiled: LRUCache[Any, Any] = LRUCache(4_000)


class Alike(PGDialect_asyncpg):
    """It is equal to any other that reads and writes JSON as it does: that is all in which ours differ."""

    supports_statement_cache = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alike) and self._json() == other._json()

    def __hash__(self) -> int:
        return hash(self._json())

    def _json(self) -> tuple[object, object]:
        writes = self._json_serializer
        return getattr(writes, "__code__", writes), self._json_deserializer


registry.register("postgresql.asyncpg", __name__, Alike.__name__)
