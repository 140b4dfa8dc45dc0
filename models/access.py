"""Ingest keys, which are public, and API tokens, of which only a digest is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Column, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.webhook import FieldMapping
from models.columns import digest, instant, json, texts


class IngestKey(SQLModel, table=True):
    """Lets a program log to one project, and nothing else. It sits in browsers, so it is no secret.

    What is: `signing_secret`, by which its webhooks must then be signed.
    """

    __tablename__ = "ingest_key"

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    name: str
    public_key: str = Field(unique=True)
    rate_limit_per_minute: int | None = None
    created_at: datetime = Field(sa_column=instant())
    revoked_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    last_used_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    signing_secret: str | None = Field(default=None, repr=False)
    webhook_mapping: Any = Field(default=None, sa_column=json())


def stored_mapping(mapping: Sequence[FieldMapping]) -> list[dict[str, str]]:
    """The mapping as it is stored, in its order."""
    return [
        {name: value for name in ("field", "path", "constant") if (value := getattr(entry, name)) is not None}
        for entry in mapping
    ]


def read_mapping(stored: Any) -> tuple[FieldMapping, ...]:
    """The mapping that was stored, none where none was; asyncpg hands it over as text."""
    entries = orjson.loads(stored) if isinstance(stored, str) else stored
    return tuple(FieldMapping(**entry) for entry in entries or ())


class ApiToken(SQLModel, table=True):
    """Lets a program act for its owner, within scopes and projects. `digest` is the SHA-256 of the secret."""

    __tablename__ = "api_token"
    __table_args__ = (Index("api_token_owner", "owner_id"),)

    id: UUID = Field(primary_key=True)
    owner_id: UUID = Field(foreign_key="developer.id")
    name: str
    prefix: str
    digest: bytes = Field(sa_column=digest(unique=True))
    scopes: list[str] = Field(sa_column=texts())
    project_ids: list[UUID] | None = Field(default=None, sa_column=Column(ARRAY(Uuid), nullable=True))
    created_at: datetime = Field(sa_column=instant())
    expires_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    last_used_at: datetime | None = Field(default=None, sa_column=instant(nullable=True))
    # The one GraphQL document that it may run, as `print` lays it out; none for any.
    document: str | None = None
