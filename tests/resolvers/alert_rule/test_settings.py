from datetime import timedelta
from uuid import UUID

import pytest

from core.clock import ManualClock
from domain.access import Role
from domain.alert import AlertTrigger
from domain.contact import QuietHours
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.policy import Target, TargetKind
from models import AlertRule, AlertRuleFiring, AuditEntry
from resolvers.alert_rule import settings
from resolvers.alert_rule.checking import check_next_rule
from resolvers.alert_rule.listing import last_fired_by_rule_id, list_alert_rules
from resolvers.alert_rule.settings import create_alert_rule, delete_alert_rule, update_alert_rule
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.alert_rule import make_alert_rule
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_issue
from tests.support.factories.policy import a_step, make_policy
from tests.support.factories.project import make_project
from tests.support.on_call import make_on_call
from tests.support.rows import all_rows, only_row

MINUTE = timedelta(minutes=1)
NOBODY = UUID(int=1)
COUNT = {"trigger": AlertTrigger.EVENT_COUNT, "threshold": 5, "window": MINUTE}


@pytest.fixture
async def owner(res: Resources):
    return acting(await make_developer(res, role=Role.OWNER))


async def test_a_rule_is_made_changed_and_taken_away_and_each_is_audited(res: Resources, owner):
    project = await make_project(res)
    policy = await make_policy(res, a_step(0, await make_developer(res)))
    made = await create_alert_rule(
        res, owner, name="Many", project=project.slug, policy_id=policy.id,
        active_hours=QuietHours("08:00", "18:00"), **COUNT,
    )  # fmt: skip
    changed = await update_alert_rule(res, owner, rule_id=made.id, threshold=7, policy_id=None, active_hours=None)
    assert (made.project_id, changed.threshold, changed.window_s, changed.policy_id) == (project.id, 7, 60, None)
    await delete_alert_rule(res, owner, rule_id=made.id)
    assert await all_rows(res, AlertRule) == []
    entries = await all_rows(res, AuditEntry)
    assert [entry.action for entry in entries] == ["createAlertRule", "updateAlertRule", "deleteAlertRule"]
    assert (entries[1].before["threshold"], entries[1].after["threshold"]) == (5, 7)


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"project": "nowhere"}, "project"),
        ({"policy_id": NOBODY}, "policyId"),
        (
            {"recipients": [Target(TargetKind.TEAM, NOBODY)]},
            "recipients",
        ),
        ({"threshold": None}, "threshold"),
        ({"template": " "}, "template"),
        ({"template": "{{ titel }}"}, "template"),
        ({"template": "{% for x in title %}{% endfor %}"}, "template"),
    ],
)
async def test_what_is_not_there_is_named(res: Resources, owner, facts, path):
    with pytest.raises(InvalidInput) as refused:
        await create_alert_rule(res, owner, **{"name": "Many", **COUNT, **facts})
    assert refused.value.path == (path,)


async def test_words_of_its_own_are_set_kept_and_taken_away(res: Resources, owner):
    rule = await create_alert_rule(res, owner, name="Many", template="{{ title }}!\n", **COUNT)
    assert rule.template == "{{ title }}!"
    assert (await update_alert_rule(res, owner, rule_id=rule.id, threshold=7)).template == "{{ title }}!"
    with pytest.raises(InvalidInput, match="`template` is no template"):
        await update_alert_rule(res, owner, rule_id=rule.id, template="{{ title")
    assert (await update_alert_rule(res, owner, rule_id=rule.id, template=None)).template is None
    entries = await all_rows(res, AuditEntry, AuditEntry.action == "updateAlertRule")
    assert (entries[-1].before["template"], entries[-1].after["template"]) == ("{{ title }}!", None)


async def test_a_name_is_one_rules(res: Resources, owner):
    await create_alert_rule(res, owner, name="Many", **COUNT)
    with pytest.raises(Conflict, match="name"):
        await create_alert_rule(res, owner, name="Many", **COUNT)


async def test_there_may_be_only_so_many(res: Resources, owner, monkeypatch):
    monkeypatch.setattr(settings, "MOST_RULES", 1)
    await make_alert_rule(res)
    with pytest.raises(Conflict, match="no more"):
        await create_alert_rule(res, owner, name="Many", **COUNT)


async def test_only_administrators_of_everything_set_rules(res: Resources):
    project, ada = await make_on_call(res)
    rule = await make_alert_rule(res, project=project)
    actor = acting(ada, project)
    with pytest.raises(PermissionDenied):
        await create_alert_rule(res, actor, name="Many", **COUNT)
    with pytest.raises(PermissionDenied):
        await update_alert_rule(res, actor, rule_id=rule.id, name="Other")
    with pytest.raises(PermissionDenied):
        await delete_alert_rule(res, actor, rule_id=rule.id)


async def test_a_rule_that_is_not_there_is_not_found(res: Resources, owner):
    rule = await make_alert_rule(res)
    await delete_alert_rule(res, owner, rule_id=rule.id)
    with pytest.raises(NotFound):
        await update_alert_rule(res, owner, rule_id=rule.id, name="Other")


async def test_rules_are_seen_where_their_project_is(res: Resources):
    project, ada = await make_on_call(res)
    await make_alert_rule(res, name="a", project=project)
    await make_alert_rule(res, name="b")
    other = await make_project(res)
    await make_alert_rule(res, name="c", project=other)
    actor = acting(ada, project)
    assert [rule.name for rule in await list_alert_rules(res, actor)] == ["a", "b"]
    assert [rule.name for rule in await list_alert_rules(res, actor, project=other.slug)] == ["b"]


async def test_a_change_is_about_what_happens_from_then_on_and_is_looked_at_at_once(
    res: Resources, owner, clock: ManualClock
):
    rule = await make_alert_rule(res, trigger=AlertTrigger.EVENT_COUNT, threshold=9, window=60 * MINUTE)
    await make_issue(res, await make_project(res), events=5)
    assert await check_next_rule(res)
    await clock.advance(MINUTE / 6)
    assert not await check_next_rule(res)
    changed = await update_alert_rule(res, owner, rule_id=rule.id, threshold=5)
    assert changed.since == clock.now()
    assert await check_next_rule(res)
    fired = await only_row(res, AlertRuleFiring)
    assert await last_fired_by_rule_id(res, owner, [rule.id]) == [fired.at]
