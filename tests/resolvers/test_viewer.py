from uuid import uuid4

import pytest

from domain.access import ANONYMOUS, system
from domain.errors import Unauthenticated
from domain.notification import Channel, NotificationKind, NotificationStatus
from models import Notification
from resolvers.resources import Resources
from resolvers.viewer import count_unread_notifications
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project


def notification(recipient, project=None, **overrides) -> Notification:
    values = {
        "id": uuid4(), "project_id": project and project.id, "kind": NotificationKind.TEST, "channel": Channel.DASHBOARD,
        "recipient_id": recipient.id, "destination": recipient.email, "subject": "Test", "content": {},
        "status": NotificationStatus.SENT, "reason": "A test.", "idempotency_key": uuid4().hex, "created_at": START,
    }  # fmt: skip
    return Notification(**{**values, **overrides})


async def test_ones_own_unread_notifications_of_projects_in_sight_are_counted(res: Resources):
    ann, bob, ours, theirs = (
        await make_developer(res),
        await make_developer(res),
        await make_project(res),
        await make_project(res),
    )
    async with res.db.transaction() as tx:
        tx.session.add_all(
            [
                notification(ann),
                notification(ann, ours),
                notification(ann, theirs),
                notification(ann, ours, channel=Channel.EMAIL),
                notification(ann, ours, read_at=START),
                notification(bob, ours),
            ]
        )
    assert await count_unread_notifications(res, acting(ann, ours)) == 2
    assert await count_unread_notifications(res, system()) == 0
    with pytest.raises(Unauthenticated):
        await count_unread_notifications(res, ANONYMOUS)
