"""How keys, tokens and actors look from outside, and how access is given and taken."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

import models
from domain.access import ActorKind, Scope
from models.access import read_mapping
from resolvers import access_key, access_token
from schema.argument import Input
from schema.bound import read_document
from schema.changes import read_ids
from schema.context import Info
from schema.developer import Developer
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, Node, read_id


@strawberry.type(description="Where a field of an event comes from in the payload of a generic webhook.")
class FieldMapping:
    """Where a field of an event comes from in the payload of a generic webhook."""

    field: str = strawberry.field(description="A field of `LogErrorInput`, or a part of one, as in `user.email`.")
    path: str | None = strawberry.field(description="Names and indexes joined by dots, as in `data.errors.0.title`.")
    constant: str | None = strawberry.field(description="What it always is.")


@strawberry.type(description="Lets a program log to one project, and nothing else: public, it sits in browsers.")
class IngestKey(Node):
    """Lets a program log to one project, and nothing else."""

    project_id: strawberry.Private[UUID]

    name: str = strawberry.field(description="What it is for.")
    public_key: str = strawberry.field(description="What a program sends: `Authorization: Bearer …`.")
    is_active: bool = strawberry.field(description="Whether it is of use: false once it was revoked.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to the minute.")
    is_signed: bool = strawberry.field(
        description="Whether it has a signing secret: then it is good for signed webhooks only."
    )
    mapping: list[FieldMapping] = strawberry.field(
        description="How payloads of `/webhook/generic/` are read; of several entries for a field the first counts."
    )
    rate_limit_per_minute: int | None = strawberry.field(
        description="How many events a minute it may log; null for any number."
    )

    @strawberry.field(description="The address that Sentry's SDKs are given.")
    async def dsn(self, info: Info) -> str:
        """The address that Sentry's SDKs are given."""
        project = await info.context.loaders.project_by_id.load(self.project_id)
        scheme, rest = info.context.resources.settings.base_url.split("://", 1)
        return f"{scheme}://{self.public_key}@{rest}/{project.number if project else ''}"

    @classmethod
    def from_row(cls, row: models.IngestKey) -> Self:
        """The key of a row."""
        return cls(
            uuid=row.id,
            project_id=row.project_id,
            name=row.name,
            public_key=row.public_key,
            is_active=row.revoked_at is None,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            is_signed=row.signing_secret is not None,
            mapping=[
                FieldMapping(field=entry.field, path=entry.path, constant=entry.constant)
                for entry in read_mapping(row.webhook_mapping)
            ],
            rate_limit_per_minute=row.rate_limit_per_minute,
        )


@strawberry.type(description="Lets a program act for its owner, within scopes and projects.")
class ApiToken(Node):
    """Lets a program act for its owner, within scopes and projects."""

    owner_id: strawberry.Private[UUID]
    project_ids: strawberry.Private[list[UUID] | None]

    name: str = strawberry.field(description="What it is for.")
    prefix: str = strawberry.field(description="How its secret begins, to tell tokens apart.")
    scopes: list[Scope] = strawberry.field(description="What it may be used for, as far as its owner's role allows.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it stops working; null for never.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to the minute.")
    document: str | None = strawberry.field(description="The one document that it may run; null for any.")

    @strawberry.field(description="For whom it acts; null where you may not see them.")
    async def owner(self, info: Info) -> Developer | None:
        """For whom it acts."""
        row = await info.context.loaders.developer_by_id.load(self.owner_id)
        return Developer.from_row(row) if row else None

    @strawberry.field(description="The projects it is for, of those that you see; null for all that its owner sees.")
    async def projects(self, info: Info) -> list[Annotated["Project", strawberry.lazy("schema.project")]] | None:  # type: ignore[name-defined]  # noqa: F821 - it leads back
        """The projects it is for."""
        if self.project_ids is None:
            return None
        rows = await info.context.loaders.project_by_id.load_many(self.project_ids)
        return [Node.of("Project", row) for row in rows if row]

    @classmethod
    def from_row(cls, row: models.ApiToken) -> Self:
        """The token of a row."""
        return cls(
            uuid=row.id,
            owner_id=row.owner_id,
            project_ids=row.project_ids,
            name=row.name,
            prefix=row.prefix,
            scopes=[Scope(scope) for scope in row.scopes],
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            document=row.document,
        )


@strawberry.type(description="Tocsin itself.")
class SystemActor:
    """Tocsin itself."""

    name: str = strawberry.field(description="Which part of it.")


Actor = Annotated[
    Developer | ApiToken | IngestKey | SystemActor,
    strawberry.union("Actor", description="Who acts: a person, a program for a person, a reporter, or Tocsin itself."),
]


async def actor_of(
    info: Info, kind: ActorKind, id: UUID | None
) -> Developer | ApiToken | IngestKey | SystemActor | None:
    """Who acted, as far as the caller may see them."""
    if kind is ActorKind.SYSTEM:
        return SystemActor(name="Tocsin")
    if id is None:
        return None
    loaders = info.context.loaders
    if kind is ActorKind.DEVELOPER:
        developer = await loaders.developer_by_id.load(id)
        return Developer.from_row(developer) if developer else None
    if kind is ActorKind.TOKEN:
        token = await loaders.api_token_by_id.load(id)
        return ApiToken.from_row(token) if token else None
    key = await loaders.ingest_key_by_id.load(id)
    return IngestKey.from_row(key) if key else None


@strawberry.input(description="A new ingest key.")
class CreateIngestKeyInput:
    """A new ingest key."""

    project_id: ID = strawberry.field(description="The project to which it lets programs log.")
    name: str = strawberry.field(description="What it is for: one line of at most 200 characters.")
    rate_limit_per_minute: int | None = strawberry.field(
        default=None, description="How many events a minute it may log, from 1; left out, any number."
    )


@strawberry.input(description="An ingest key that is to stop working.")
class RevokeIngestKeyInput:
    """An ingest key that is to stop working."""

    ingest_key_id: ID = strawberry.field(description="Which.")


@strawberry.input(description="A new API token.")
class CreateApiTokenInput:
    """A new API token."""

    name: str = strawberry.field(description="What it is for: one line of at most 200 characters.")
    scopes: list[Scope] = strawberry.field(description="What it may be used for: nothing that you may not do.")
    project_ids: list[ID] | None = strawberry.field(
        default=None, description="The projects it is for; left out, all that its owner sees."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When it stops working; left out, never.")
    owner_id: ID | None = strawberry.field(default=None, description="For whom it acts; left out, you. Others: ADMIN.")
    document: str | None = strawberry.field(
        default=None, description="The one GraphQL document that it may run, with whatever variables; left out, any."
    )


@strawberry.input(description="An API token that is to stop working.")
class RevokeApiTokenInput:
    """An API token that is to stop working."""

    api_token_id: ID = strawberry.field(description="Which.")


@strawberry.type(description="A token, and the secret that goes with it.")
class CreatedApiToken:
    """A token, and the secret that goes with it."""

    api_token: ApiToken = strawberry.field(description="The token.")
    secret: str = strawberry.field(description="What a program sends. Shown this once, and kept nowhere.")


IngestKeyResult = Annotated[
    IngestKey | NotFound | InvalidInput | Conflict,
    strawberry.union("IngestKeyResult", description="The key as it is now, or why not."),
]
CreateApiTokenResult = Annotated[
    CreatedApiToken | NotFound | InvalidInput | Conflict,
    strawberry.union("CreateApiTokenResult", description="The token with its secret, or why not."),
]
ApiTokenResult = Annotated[
    ApiToken | NotFound | InvalidInput,
    strawberry.union("ApiTokenResult", description="The token as it is now, or why not."),
]


@strawberry.type
class AccessMutation:
    """Giving and taking access."""

    @strawberry.mutation(description="Make a key with which programs log to a project. Needs ADMIN.")
    async def create_ingest_key(self, info: Info, input: Input[CreateIngestKeyInput]) -> IngestKeyResult | None:
        """Make a key with which programs log to a project."""
        row = await access_key.create_ingest_key(
            info.context.resources,
            info.context.actor,
            project_id=read_id(input.project_id, "Project", "projectId"),
            name=input.name,
            rate_limit_per_minute=input.rate_limit_per_minute,
        )
        return IngestKey.from_row(row)

    @strawberry.mutation(description="Let an ingest key stop working, within 5 seconds everywhere. Needs ADMIN.")
    async def revoke_ingest_key(self, info: Info, input: Input[RevokeIngestKeyInput]) -> IngestKeyResult | None:
        """Let an ingest key stop working."""
        id = read_id(input.ingest_key_id, "IngestKey", "ingestKeyId")
        row = await access_key.revoke_ingest_key(info.context.resources, info.context.actor, key_id=id)
        return IngestKey.from_row(row)

    @strawberry.mutation(description="Make a token for yourself, or as ADMIN for another; it may do no more than you.")
    async def create_api_token(self, info: Info, input: Input[CreateApiTokenInput]) -> CreateApiTokenResult | None:
        """Make a token."""
        new = await access_token.create_api_token(
            info.context.resources,
            info.context.actor,
            name=input.name,
            scopes=input.scopes,
            project_ids=read_ids(input.project_ids, "Project", "projectIds"),
            expires_at=input.expires_at,
            owner_id=read_id(input.owner_id, "Developer", "ownerId") if input.owner_id else None,
            document=read_document(info._raw_info.schema, input.document) if input.document is not None else None,  # noqa: SLF001
        )
        return CreatedApiToken(api_token=ApiToken.from_row(new.token), secret=new.secret)

    @strawberry.mutation(
        description="Let a token of yours, or as ADMIN any, stop working, within 5 seconds everywhere."
    )
    async def revoke_api_token(self, info: Info, input: Input[RevokeApiTokenInput]) -> ApiTokenResult | None:
        """Let a token stop working."""
        id = read_id(input.api_token_id, "ApiToken", "apiTokenId")
        row = await access_token.revoke_api_token(info.context.resources, info.context.actor, token_id=id)
        return ApiToken.from_row(row)
