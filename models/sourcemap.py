"""Source maps that were uploaded, and the pieces of uploads that are not whole yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from models.columns import digest, instant


class SourceMap(SQLModel, table=True):
    """One map of a project. It is found by its debug id, by its release, dist and place, or by both.

    `size` counts the bytes that came, `stored_bytes` those that are kept; `checksum` is the SHA-256 of what came, and
    `bundle` the SHA-1 of the bundle that it came in, where it did.
    """

    __tablename__ = "source_map"
    __table_args__ = (
        CheckConstraint("debug_id IS NOT NULL OR (release IS NOT NULL AND place IS NOT NULL)", name="found_by"),
        CheckConstraint("dist IS NULL OR release IS NOT NULL", name="dist_of_release"),
        Index(
            "source_map_debug_id", "project_id", "debug_id", unique=True, postgresql_where=text("debug_id IS NOT NULL")
        ),
        Index(
            "source_map_place",
            "project_id",
            "release",
            "place",
            "dist",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("release IS NOT NULL AND place IS NOT NULL"),
        ),
        Index("source_map_project", "project_id", "id"),
        Index("source_map_used", "last_used_at"),
    )

    id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    release: str | None = None
    dist: str | None = None
    place: str | None = None
    debug_id: str | None = None
    name: str
    checksum: bytes = Field(sa_column=digest())
    bundle: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    size: int
    stored_bytes: int
    source_count: int
    mapping_count: int
    uploaded_at: datetime = Field(sa_column=instant())
    last_used_at: datetime = Field(sa_column=instant())


class SourceMapContent(SQLModel, table=True):
    """The decoded map, packed and compressed (zstd): apart, so that listing maps does not read them."""

    __tablename__ = "source_map_content"

    source_map_id: UUID = Field(
        sa_column=Column(ForeignKey("source_map.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class UploadChunk(SQLModel, table=True):
    """A piece of a bundle, by its SHA-1, kept for who sent it until the bundle is whole, or a day."""

    __tablename__ = "upload_chunk"
    __table_args__ = (Index("upload_chunk_received", "received_at"),)

    owner_id: UUID = Field(primary_key=True)
    checksum: bytes = Field(sa_column=digest(primary_key=True))
    size: int
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    received_at: datetime = Field(sa_column=instant())
