from uuid import uuid4

from core.ids import uuid7
from domain.project import Plan
from models import Project
from resolvers.resources import Resources


async def make_project(res: Resources, **overrides: object) -> Project:
    at = res.clock.now()
    slug = f"project-{uuid4().hex[:8]}"
    values = {
        "id": uuid7(at),
        "slug": slug,
        "name": slug,
        "plan": Plan.ENTERPRISE,
        "retention_days": 90,
        "created_at": at,
    }
    async with res.db.transaction() as tx:
        project = Project(**{**values, **overrides})
        tx.session.add(project)
    return project
