from uuid import UUID

import pytest

from domain.access import Role
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.notification import Channel, NotificationKind
from models import AuditEntry, NotificationTemplate
from resolvers.notification_template import settings
from resolvers.notification_template.listing import list_notification_templates
from resolvers.notification_template.settings import (
    create_notification_template,
    delete_notification_template,
    update_notification_template,
)
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.factories.notification_template import make_template
from tests.support.factories.project import make_project
from tests.support.rows import all_rows

NOBODY = UUID(int=1)
MAIL = {"channel": Channel.EMAIL, "text": "{{ title }}"}


@pytest.fixture
async def owner(res: Resources):
    return acting(await make_developer(res, role=Role.OWNER))


async def test_a_template_is_made_changed_and_taken_away_and_each_is_audited(res: Resources, owner):
    project = await make_project(res)
    made = await create_notification_template(
        res, owner, subject="{{ short_id }}", kind=NotificationKind.ALERT, project=project.slug, **MAIL
    )
    changed = await update_notification_template(res, owner, template_id=made.id, text="New: {{ title }}")
    assert (changed.project_id, changed.subject, changed.text) == (project.id, "{{ short_id }}", "New: {{ title }}")
    assert (await update_notification_template(res, owner, template_id=made.id, subject=None)).subject is None
    await delete_notification_template(res, owner, template_id=made.id)
    assert await all_rows(res, NotificationTemplate) == []
    entries = await all_rows(res, AuditEntry)
    assert [entry.action.removesuffix("NotificationTemplate") for entry in entries] == [
        "create", "update", "update", "delete",
    ]  # fmt: skip
    assert (entries[1].before["text"], entries[1].after["text"]) == ("{{ title }}", "New: {{ title }}")


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"project": "nowhere"}, "project"),
        ({"channel": Channel.WEBHOOK}, "channel"),
        ({"kind": NotificationKind.TEST}, "kind"),
        ({"kind": NotificationKind.HANDOFF}, "text"),
        ({"kind": NotificationKind.HANDOFF, "text": "{{ turn }}", "subject": "{{ title }}"}, "subject"),
        ({"kind": NotificationKind.WARNING, "text": "{{ wrong }}", "channel": Channel.SMS}, "channel"),
        ({"kind": NotificationKind.WARNING, "text": "{{ wrong }}", "project": "nowhere"}, "project"),
        ({"text": "{{ turn }}"}, "text"),
        ({"subject": "{{ titel }}"}, "subject"),
        ({"text": "{% for x in title %}{% endfor %}"}, "text"),
        ({"text": ""}, "text"),
    ],
)
async def test_what_is_wrong_is_named(res: Resources, owner, facts, path):
    with pytest.raises(InvalidInput) as refused:
        await create_notification_template(res, owner, **{**MAIL, **facts})
    assert refused.value.path == (path,)


async def test_a_change_is_checked_as_a_new_one_is(res: Resources, owner):
    row = await make_template(res, channel=Channel.SMS)
    with pytest.raises(InvalidInput, match="no template"):
        await update_notification_template(res, owner, template_id=row.id, text="{{ titel }}")
    handoff = await make_template(res, kind=NotificationKind.HANDOFF)
    assert (await update_notification_template(res, owner, template_id=handoff.id, text="{{ turn }}")).kind == "HANDOFF"
    with pytest.raises(InvalidInput, match="no template"):
        await update_notification_template(res, owner, template_id=handoff.id, text="{{ title }}")
    with pytest.raises(InvalidInput, match="EMAIL only"):
        await update_notification_template(res, owner, template_id=row.id, subject="{{ title }}")


async def test_there_is_one_for_the_same_messages_and_only_so_many(res: Resources, owner, monkeypatch):
    await create_notification_template(res, owner, **MAIL)
    with pytest.raises(Conflict, match="already"):
        await create_notification_template(res, owner, **MAIL)
    await create_notification_template(res, owner, kind=NotificationKind.ALERT, **MAIL)
    monkeypatch.setattr(settings, "MOST_TEMPLATES", 2)
    with pytest.raises(Conflict, match="no more"):
        await create_notification_template(res, owner, **{**MAIL, "channel": Channel.SMS})


async def test_only_administrators_of_everything_set_them_and_people_see_those_of_their_projects(res: Resources, owner):
    shop, other = await make_project(res), await make_project(res)
    row = await make_template(res, project=shop)
    await make_template(res, project=other)
    everywhere = await make_template(res)
    dev = acting(await make_developer(res), shop)
    assert [one.id for one in await list_notification_templates(res, dev)] == [row.id, everywhere.id]
    for act in (
        create_notification_template(res, dev, **MAIL),
        update_notification_template(res, dev, template_id=row.id, text="New"),
        delete_notification_template(res, dev, template_id=row.id),
    ):
        with pytest.raises(PermissionDenied):
            await act


async def test_what_is_not_there_is_not_found(res: Resources, owner):
    with pytest.raises(NotFound):
        await update_notification_template(res, owner, template_id=NOBODY, text="New")
    with pytest.raises(NotFound):
        await delete_notification_template(res, owner, template_id=NOBODY)
