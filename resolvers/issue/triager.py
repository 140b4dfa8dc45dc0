"""May that person be given an issue?"""

from uuid import UUID

from sqlmodel import select

from domain.errors import InvalidInput, NotFound
from models import Developer
from resolvers.developer.sight import developer_in_sight
from resolvers.issue.hold import Hold
from resolvers.routing import can_be_assigned


async def get_triager(held: Hold, developer_id: UUID, field: str) -> Developer:
    """The developer named in that field of the input, who may triage the issue that is held.

    Raises: NotFound, InvalidInput.
    """
    query = select(Developer).where(Developer.id == developer_id, developer_in_sight(held.actor))
    developer = (await held.tx.session.exec(query)).first()
    if developer is None:
        raise NotFound("No such Developer.")
    if not await can_be_assigned(held.tx, developer_id=developer_id, project_id=held.issue.project_id):
        message = f"{developer.name} may not triage this project: a DEVELOPER needs to be in one of its teams."
        raise InvalidInput(message, (field,))
    return developer
