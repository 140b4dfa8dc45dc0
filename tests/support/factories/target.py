from datetime import timedelta

from domain.access import system
from domain.event import Severity
from domain.target import Target
from models import Project
from resolvers.resources import Resources
from resolvers.target.settings import set_response_targets


async def make_target(res: Resources, project: Project) -> Target:
    """A target of the project for what is HIGH."""
    targets = [Target(Severity.HIGH, timedelta(hours=1), timedelta(days=1))]
    (target,) = await set_response_targets(res, system(), targets=targets, project_id=project.id)
    return target
