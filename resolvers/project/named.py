"""The project that a setting is for, by its slug."""

from uuid import UUID

from sqlmodel import select

from core.db import Transaction
from domain.errors import InvalidInput
from models import Project


async def project_id_of(tx: Transaction, slug: str | None) -> UUID | None:
    """The id of the project with that slug; none for none, which stands for all.

    Raises: InvalidInput.
    """
    if slug is None:
        return None
    found = (await tx.session.exec(select(Project.id).where(Project.slug == slug))).first()
    if found is None:
        raise InvalidInput("There is no such project.", ("project",))
    return found
