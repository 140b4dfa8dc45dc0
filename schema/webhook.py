"""How webhooks are set: which field comes from where in a payload, and by what secret they are signed."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from domain import webhook
from domain.report import Report
from domain.shown import shown_fields
from resolvers import access_key, access_signing, mapping_trial
from schema.access import IngestKey, IngestKeyResult
from schema.argument import Input
from schema.changes import given
from schema.context import Info
from schema.failure import Conflict, InvalidInput, NotFound
from schema.node import ID, read_id


@strawberry.input(description="Where a field of an event comes from in the payload of a generic webhook.")
class FieldMappingInput:
    """Where a field of an event comes from in the payload of a generic webhook."""

    field: str = strawberry.field(
        description="A field of `LogErrorInput` but `project`, or a part of `user`, `request`, `response`, `tags` "
        "or `contexts`, as in `user.email` or `tags.region`."
    )
    path: str | None = strawberry.field(
        default=None,
        description="Names and indexes joined by dots, as in `data.errors.0.title`; at most 20, 500 characters in all. "
        "A dot in a name has a backslash before it.",
    )
    constant: str | None = strawberry.field(
        default=None, description="What it always is, at most 1,000 characters. Give either this or `path`."
    )


@strawberry.input(description="What is to change of an ingest key; what is left out stays.")
class UpdateIngestKeyInput:
    """What is to change of an ingest key."""

    ingest_key_id: ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="One line of at most 200 characters.")
    rate_limit_per_minute: strawberry.Maybe[int | None] = strawberry.field(
        default=None, description="How many events a minute it may log, from 1; null for any number."
    )
    mapping: list[FieldMappingInput] | None = strawberry.field(
        default=None,
        description="All of its mapping for `/webhook/generic/`, at most 100 entries; of several for a field the first "
        "counts that finds something.",
    )

    def settings(self) -> access_key.IngestKeySettings:
        """What was given."""
        some: access_key.IngestKeySettings = given(name=self.name, mapping=_mapping(self.mapping))
        if self.rate_limit_per_minute is not None:
            some["rate_limit_per_minute"] = self.rate_limit_per_minute.value
        return some


@strawberry.input(description="A new signing secret.")
class CreateSigningSecretInput:
    """A new signing secret."""

    ingest_key_id: ID = strawberry.field(description="The key whose webhooks are to be signed.")


@strawberry.input(description="A signing secret that is to go.")
class DeleteSigningSecretInput:
    """A signing secret that is to go."""

    ingest_key_id: ID = strawberry.field(description="The key whose webhooks need not be signed any more.")


@strawberry.type(description="An ingest key, and the secret by which its webhooks are signed.")
class CreatedSigningSecret:
    """An ingest key, and the secret by which its webhooks are signed."""

    ingest_key: IngestKey = strawberry.field(description="The key.")
    secret: str = strawberry.field(description="What the sender signs with. Shown this once.")


@strawberry.type(description="What a payload would become.")
class MappedError:
    """What a payload would become."""

    fields: JSON = strawberry.field(description="What would be stored, by the names of `LogErrorInput`.")
    ingest_notes: list[str] = strawberry.field(description="What had to be mended, and which fields found nothing.")

    @classmethod
    def from_report(cls, report: Report) -> "MappedError":
        """The report as it is shown."""
        return cls(fields=shown_fields(report), ingest_notes=report.notes)  # type: ignore[arg-type]  # any JSON


CreateSigningSecretResult = Annotated[
    CreatedSigningSecret | NotFound | InvalidInput | Conflict,
    strawberry.union("CreateSigningSecretResult", description="The secret with its key, or why not."),
]
DeleteSigningSecretResult = Annotated[
    IngestKey | NotFound | InvalidInput,
    strawberry.union("DeleteSigningSecretResult", description="The key as it is now, or why not."),
]


@strawberry.type
class WebhookQuery:
    """Questions about webhooks."""

    @strawberry.field(
        description="What `/webhook/generic/` would make of a payload sent with that key; nothing is stored. Null "
        "where you see no such key."
    )
    async def try_mapping(
        self,
        info: Info,
        ingest_key_id: Annotated[ID, strawberry.argument(description="The key.")],
        payload: Annotated[JSON, strawberry.argument(description="What would be sent: an object.")],
        mapping: Annotated[
            list[FieldMappingInput] | None,
            strawberry.argument(description="A mapping to try; left out, the one that the key has."),
        ] = None,
    ) -> MappedError | None:
        """What a generic webhook would become."""
        report = await mapping_trial.try_mapping(
            info.context.resources,
            info.context.actor,
            key_id=read_id(ingest_key_id, "IngestKey", "ingestKeyId"),
            payload=payload,
            mapping=_mapping(mapping),
        )
        return MappedError.from_report(report) if report else None


@strawberry.type
class WebhookMutation:
    """What can be set of webhooks."""

    @strawberry.mutation(
        description="Change the name or the limit of an ingest key, or how its generic webhooks are read. Needs ADMIN."
    )
    async def update_ingest_key(self, info: Info, input: Input[UpdateIngestKeyInput]) -> IngestKeyResult | None:
        """Change what is set of an ingest key."""
        id = read_id(input.ingest_key_id, "IngestKey", "ingestKeyId")
        row = await access_key.update_ingest_key(
            info.context.resources, info.context.actor, key_id=id, **input.settings()
        )
        return IngestKey.from_row(row)

    @strawberry.mutation(
        description="Let an ingest key be good for signed webhooks only. A secret that it had is replaced, within 5 "
        "seconds everywhere. Needs ADMIN."
    )
    async def create_signing_secret(
        self, info: Info, input: Input[CreateSigningSecretInput]
    ) -> CreateSigningSecretResult | None:
        """Make a signing secret."""
        id = read_id(input.ingest_key_id, "IngestKey", "ingestKeyId")
        new = await access_signing.create_signing_secret(info.context.resources, info.context.actor, key_id=id)
        return CreatedSigningSecret(ingest_key=IngestKey.from_row(new.key), secret=new.secret)

    @strawberry.mutation(
        description="Let an ingest key be good without signatures again, within 5 seconds everywhere. Needs ADMIN."
    )
    async def delete_signing_secret(
        self, info: Info, input: Input[DeleteSigningSecretInput]
    ) -> DeleteSigningSecretResult | None:
        """Take a signing secret away."""
        id = read_id(input.ingest_key_id, "IngestKey", "ingestKeyId")
        row = await access_signing.delete_signing_secret(info.context.resources, info.context.actor, key_id=id)
        return IngestKey.from_row(row)


def _mapping(entries: Sequence[FieldMappingInput] | None) -> Any:
    """The entries as the rules know them, none where none were given."""
    if entries is None:
        return None
    return [webhook.FieldMapping(entry.field, entry.path, entry.constant) for entry in entries]
