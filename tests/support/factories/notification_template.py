from core.ids import uuid7
from domain.notification import Channel
from models import NotificationTemplate, Project
from resolvers.resources import Resources


async def make_template(
    res: Resources, *, channel: Channel = Channel.EMAIL, project: Project | None = None, **values: object
) -> NotificationTemplate:
    """A template of these words for mail of every kind, of that project or of all."""
    at = res.clock.now()
    async with res.db.transaction() as tx:
        row = NotificationTemplate(
            **{
                "id": uuid7(at),
                "channel": channel,
                "project_id": project.id if project else None,
                "text": "{{ title }}",
                "created_at": at,
                **values,
            }
        )
        tx.session.add(row)
    return row
