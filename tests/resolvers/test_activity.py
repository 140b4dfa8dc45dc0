from uuid import uuid4

from resolvers.activity import activities_by_id
from resolvers.issue.comment import comment_on_issue
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.triage import make_scene


async def test_no_step_out_of_sight_is_read(res: Resources):
    scene = await make_scene(res)
    step = await comment_on_issue(res, scene.actor, issue_id=scene.issue.id, body="Secret.")
    stranger = acting(await make_developer(res), await make_project(res))
    assert await activities_by_id(res, stranger, [step.id]) == [None]
    assert await activities_by_id(res, scene.actor, [uuid4(), step.id]) == [None, step]
