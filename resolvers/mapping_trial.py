"""What would a generic webhook leave, by a mapping that may not be saved yet?"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from domain.access import Actor, Scope
from domain.dialects.webhooks import generic
from domain.dialects.webhooks.reading import report_from_webhook
from domain.errors import InvalidInput
from domain.report import IngestSource, Report
from domain.webhook import FieldMapping, check_mapping
from models import IngestKey, Project
from models.access import read_mapping
from resolvers.resources import Resources
from resolvers.sight import in_sight


async def try_mapping(
    res: Resources, actor: Actor, *, key_id: UUID, payload: Any, mapping: Sequence[FieldMapping] | None = None
) -> Report | None:
    """The report that the payload would become if it were sent with that key; without a mapping, by the key's own.

    Nothing is stored. None where the key is out of sight.

    Raises: PermissionDenied, InvalidInput.
    """
    actor.require(Scope.READ)
    if not isinstance(payload, Mapping):
        raise InvalidInput("`payload` must be a JSON object.", ("payload",))
    query = (
        select(IngestKey, Project)
        .join(Project, col(Project.id) == col(IngestKey.project_id))
        .where(IngestKey.id == key_id, in_sight(actor, col(IngestKey.project_id)))
    )
    async with res.db.reading() as session:
        found = (await session.exec(query)).first()
    if found is None:
        return None
    key, project = found
    checked = read_mapping(key.webhook_mapping) if mapping is None else check_mapping(mapping)
    return report_from_webhook(
        generic.reader(checked),
        dict(payload),
        source=IngestSource.GENERIC,
        service=project.slug,
        received_at=res.clock.now(),
        redact_keys=frozenset(project.redact_keys),
    )
