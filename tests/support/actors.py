from domain.access import SCOPES_BY_ROLE, Actor, ActorKind, Role
from models import Developer, Project


def acting(developer: Developer, *projects: Project) -> Actor:
    """A developer who acts, in these projects (or in all, by role)."""
    sees_all = developer.role in (Role.ADMIN, Role.OWNER)
    return Actor(
        ActorKind.DEVELOPER,
        id=developer.id,
        developer_id=developer.id,
        role=developer.role,
        scopes=SCOPES_BY_ROLE[developer.role],
        project_ids=None if sees_all else frozenset(project.id for project in projects),
        name=developer.name,
    )
