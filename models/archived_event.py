"""How an event stands in an archived file: one typed column for each of the database's, and its issue.

Ids are texts, so that every reader of Parquet knows them; their order is that of the ids. Not imported with the other
tables: its library is for commands that end.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
import pyarrow as pa

from models.payload import unpack

ID, PAYLOAD = "id", "payload"
_UUIDS = ("project_id", ID, "grouping_key_id")
_INSTANT = pa.timestamp("us", tz="UTC")
# `issue` is the short id that the event's key led to on the day it was archived; all else is as it was logged.
SCHEMA = pa.schema(
    [
        pa.field("project_id", pa.string(), nullable=False),
        pa.field(ID, pa.string(), nullable=False),
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("grouping_key_id", pa.string(), nullable=False),
        pa.field("issue", pa.string()),
        pa.field("service", pa.string(), nullable=False),
        pa.field("environment", pa.string(), nullable=False),
        pa.field("release", pa.string()),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("error_type", pa.string(), nullable=False),
        pa.field("error_code", pa.string()),
        pa.field("message", pa.string(), nullable=False),
        pa.field("culprit", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("occurred_at", _INSTANT, nullable=False),
        pa.field("received_at", _INSTANT, nullable=False),
        pa.field(PAYLOAD, pa.string(), nullable=False),
        pa.field("ingest_notes", pa.list_(pa.string()), nullable=False),
    ]
)
# Ids and payloads are all different, a dictionary of them would be for nothing.
REPEATED = [name for name in SCHEMA.names if name not in {ID, "event_id", PAYLOAD, "occurred_at", "received_at"}]


def archived(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event of the database as it stands in a file.

    Raises: ValueError for a payload that cannot be read.
    """
    try:
        payload = unpack(row[PAYLOAD])
        orjson.loads(payload)
    except Exception as error:
        raise ValueError(f"The payload of event {row[ID]} cannot be read: {error}") from error
    return {**row, **{name: str(row[name]) for name in _UUIDS}, PAYLOAD: payload.decode()}


def to_batch(rows: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """Rows as they stand in a file."""
    return pa.RecordBatch.from_pylist(list(rows), schema=SCHEMA)


def id_of(row: Mapping[str, Any]) -> UUID:
    """The id of a row of a file."""
    return UUID(row[ID])
