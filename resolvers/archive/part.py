"""One archived file: written under another name, read back, and only then there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pyarrow as pa
from pyarrow import parquet

from core.files import Files
from domain.archive import ArchiveName
from domain.errors import Unavailable
from models.archived_event import PAYLOAD, REPEATED, SCHEMA, to_batch

# docs: rows are grouped until they have so many bytes, so that no reader needs more memory than a few times that.
GROUP_BYTES, GROUP_ROWS = 8 * 2**20, 10_000
_OTHER_COLUMNS = 500
READ_ROWS = 200


class Part:
    """A file under way; `finish` leaves it whole, and whoever dies before that leaves nothing."""

    def __init__(self, files: Files, name: ArchiveName, notes: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.rows = self.bytes = 0
        self._files = files
        self._notes = dict(notes or {})
        self._waiting: list[Mapping[str, Any]] = []
        self._waiting_bytes = 0
        # A name of its own, should another process have taken over while this one was cut off from the database.
        self._temporary = f"{name.while_written}-{uuid4().hex}"
        self._stream = files.create(self._temporary)
        self._writer = parquet.ParquetWriter(
            self._stream, SCHEMA, compression="zstd", use_dictionary=REPEATED, write_page_checksum=True
        )

    def add(self, row: Mapping[str, Any]) -> None:
        """Write an event, as it stands in a file; they must come in the order of their ids."""
        size = len(row[PAYLOAD]) + _OTHER_COLUMNS
        self._waiting.append(row)
        self.rows, self.bytes, self._waiting_bytes = self.rows + 1, self.bytes + size, self._waiting_bytes + size
        if self._waiting_bytes >= GROUP_BYTES or len(self._waiting) >= GROUP_ROWS:
            self._write_group()

    def finish(self) -> None:
        """Leave the file in its place, once it was read back and has all its rows.

        Raises: Unavailable, OSError.
        """
        self._write_group()
        self._writer.add_key_value_metadata(self._notes)
        self._writer.close()
        self._stream.close()
        found = sum(batch.num_rows for batch in batches(self._files, self._temporary))
        if found != self.rows:
            raise Unavailable(f"{self.name} was written with {self.rows} events, and has {found}.")
        self._files.settle(self._temporary, str(self.name))

    def _write_group(self) -> None:
        if self._waiting:
            self._writer.write_batch(to_batch(self._waiting))
            self._waiting, self._waiting_bytes = [], 0


@contextmanager
def opened(files: Files, name: str) -> Iterator[parquet.ParquetFile]:
    """A file whose pages are checked as they are read."""
    # Without `pre_buffer` a group is read when it is its turn, else the whole file is held.
    with (
        files.open(name) as stream,
        parquet.ParquetFile(stream, page_checksum_verification=True, pre_buffer=False) as file,
    ):
        yield file


def batches(files: Files, name: str) -> Iterator[pa.RecordBatch]:
    """All events of a file, some at a time."""
    with opened(files, name) as file:
        yield from file.iter_batches(batch_size=READ_ROWS)
