"""A file is made to stand by the use cases; the same file again changes nothing."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from sqlmodel import col

from core.settings import ROOT
from domain.access import Role, system
from domain.configuration import Kind
from domain.errors import Conflict, InvalidInput, PermissionDenied
from domain.event import Severity
from domain.notification import Channel, NotificationKind
from domain.target import Target
from models import (
    AlertRule,
    AuditEntry,
    ContactMethod,
    Developer,
    EscalationPolicy,
    NotificationRule,
    NotificationTemplate,
    Project,
    Rotation,
    Schedule,
    ScheduleOverride,
    Team,
)
from resolvers.configuration.applying import apply_configuration, plan_configuration
from resolvers.configuration.file import read_configuration
from resolvers.contact.methods import create_contact_method
from resolvers.notification_template.settings import create_notification_template
from resolvers.resources import Resources
from resolvers.schedule.override import create_override
from resolvers.target.holding import list_targets
from resolvers.target.settings import set_response_targets
from tests.support.actors import acting
from tests.support.factories.developer import make_developer
from tests.support.rows import all_rows, only_row

EXAMPLE = ROOT / "examples" / "oncall.yaml"
OVERRIDE = "Checkout from 2027-12-24 07:00 to 2027-12-27 07:00 UTC: bob@example.com in place of ada@example.com"


@pytest.fixture
def wanted():
    return deepcopy(yaml.safe_load(EXAMPLE.read_text()))


@pytest.fixture
def put(res: Resources):
    """Make it stand, and say what was to be done, by kind and name, with the fields that changed."""

    async def make(value):
        plan = await plan_configuration(res, system(), read_configuration(value))
        await apply_configuration(res, system(), plan)
        return [
            (change.kind, change.name, sorted(change.after)) for change in plan.changes if change.before is not None
        ]

    return make


async def test_the_example_is_made_and_once_more_changes_nothing(res: Resources, wanted, put):
    plan = await plan_configuration(res, system(), read_configuration(wanted))
    assert (len(plan.changes), plan.unchanged) == (16, 0)
    assert await all_rows(res, Developer) == []
    await put(wanted)
    tables = (Developer, Project, Team, Schedule, Rotation, EscalationPolicy, AlertRule)
    assert [len(await all_rows(res, table)) for table in tables] == [4, 1, 2, 1, 1, 1, 2]
    entries = len(await all_rows(res, AuditEntry))
    again = await plan_configuration(res, system(), read_configuration(wanted))
    assert (again.changes, again.unchanged) == ([], 16)
    await put(wanted)
    assert len(await all_rows(res, AuditEntry)) == entries


async def test_a_way_by_apprise_is_made_and_once_more_changes_nothing(res: Resources, wanted, put):
    wanted["developers"][1]["contactMethods"].append({"channel": "APPRISE", "value": " ntfys://ntfy.example.com/topic"})
    await put(wanted)
    assert [row.value for row in await all_rows(res, ContactMethod, ContactMethod.channel == Channel.APPRISE)] == [
        "ntfys://ntfy.example.com/topic"
    ]
    assert (await plan_configuration(res, system(), read_configuration(wanted))).changes == []


async def test_what_is_written_carelessly_changes_nothing_the_second_time(res: Resources, wanted, put):
    wanted["developers"][1]["services"] = [" checkout", "api", "checkout "]
    rotation = wanted["schedules"][0]["rotations"][0]
    rotation |= {"activeDays": [7, 1, 1], "name": " Weeks "}
    wanted["policies"][0]["steps"][2]["channels"] = ["SMS", "EMAIL", "SMS"]
    rule = wanted["alertRules"][0]
    rule["channels"], rule["recipients"] = ["SMS", "EMAIL", "SMS"], rule["recipients"] * 2
    rule["filter"] = {"services": ["web ", "checkout"], "severities": ["HIGH", "LOW", "HIGH"]}
    rule["template"] = "\n {{ title }}\n\nSee run book 7.\n\n"
    wanted["templates"][0]["text"] = "\n {{ title }}\n\n"
    wanted["schedules"][0]["overrides"] += [
        {"start": "2026-03-02T09:00+01:00", "end": "2026-03-02T09:00:00Z", "add": " BOB@example.com", "note": " "},
        {"start": "2026-03-29T02:30", "end": "2026-03-29T05:00:59.25", "remove": "Ada@example.com"},
    ]
    await put(wanted)
    assert await put(wanted) == []


async def test_only_what_differs_is_changed_and_what_is_not_said_stays(res: Resources, wanted, put):
    await put(wanted)
    ada = wanted["developers"][1]
    ada["maxLoad"], ada["services"] = 3, ["billing", "checkout"]
    del ada["timezone"]
    wanted["schedules"][0]["rotations"][0]["kind"] = "DAILY"
    wanted["policies"][0]["steps"].pop()
    wanted["alertRules"][0] |= {"threshold": 50, "template": None}
    wanted["alertRules"].pop()
    assert await put(wanted) == [
        (Kind.DEVELOPER, "ada@example.com", ["max_load", "services"]),
        (Kind.SCHEDULE, "Checkout", ["rotations"]),
        (Kind.POLICY, "Checkout", ["steps"]),
        (Kind.ALERT_RULE, "Checkout burns", ["template", "threshold"]),
    ]
    assert (await only_row(res, Developer, Developer.email == "ada@example.com")).timezone == "Europe/Berlin"
    assert (await only_row(res, Rotation)).kind == "DAILY"
    assert [rule.template for rule in await all_rows(res, AlertRule)] == [None, None]
    assert await put(wanted) == []


async def test_an_override_stands_in_its_schedule_and_is_made_once(res: Resources, wanted, put):
    await put(wanted)
    made = await only_row(res, ScheduleOverride)
    people = {row.id: row.name for row in await all_rows(res, Developer)}
    assert (made.starts_at, made.ends_at) == (
        datetime(2027, 12, 24, 7, tzinfo=UTC),
        datetime(2027, 12, 27, 7, tzinfo=UTC),
    )
    assert (people[made.add_id], people[made.remove_id], made.note) == ("Bob", "Ada", "Holidays")
    said = wanted["schedules"][0]["overrides"][0]
    said |= {"start": "2027-12-24T07:00:00Z", "end": "2027-12-27T02:00-05:00"}
    del said["note"]
    assert await put(wanted) == []
    said["note"] = None
    assert await put(wanted) == [(Kind.OVERRIDE, OVERRIDE, ["note"])]
    assert (await only_row(res, ScheduleOverride)).note is None


async def test_overrides_are_added_to_those_that_people_made(res: Resources, wanted, put, clock):
    await put(wanted)
    schedule, ada = await only_row(res, Schedule), await only_row(res, Developer, Developer.name == "Ada")
    start, end = clock.now(), clock.now() + timedelta(days=1)
    await create_override(
        res, system(), schedule_id=schedule.id, starts_at=start, ends_at=end, add_id=ada.id, note="ill"
    )
    assert await put(wanted) == []
    said = wanted["schedules"][0]["overrides"]
    theirs = {"start": start.isoformat(), "end": end.isoformat(), "add": "ada@example.com"}
    said[:] = [theirs, {**said[0], "end": "2027-12-26T08:00"}]
    assert await put(wanted) == []  # nothing that stood was changed
    assert len(await all_rows(res, ScheduleOverride)) == 3
    assert await all_rows(res, ScheduleOverride, col(ScheduleOverride.note) == "ill") != []


async def test_an_override_that_is_over_is_skipped_whether_it_was_made_or_not(res: Resources, wanted, put, clock):
    was = {"start": "2026-03-01T08:00", "end": "2026-03-02T04:00", "add": "somebody@example.com"}
    wanted["schedules"][0]["overrides"].append(was)
    await put(wanted)
    assert len(await all_rows(res, ScheduleOverride)) == 1
    await clock.move_to(datetime(2027, 12, 26, tzinfo=UTC))  # it has begun
    assert await put(wanted) == []
    await clock.move_to(datetime(2027, 12, 27, 7, tzinfo=UTC))
    wanted["schedules"][0]["overrides"][0]["note"] = "Other"
    plan = await plan_configuration(res, system(), read_configuration(wanted))
    assert (plan.changes, plan.unchanged) == ([], 15)


async def test_a_template_is_one_for_its_place_whoever_made_it(res: Resources, wanted, put):
    sms, mail = wanted["templates"]
    await create_notification_template(res, system(), channel=Channel.SMS, text=sms["text"])
    await create_notification_template(res, system(), channel=Channel.EMAIL, subject="Mine", text=mail["text"].strip())
    await put(wanted)
    assert len(await all_rows(res, NotificationTemplate)) == 3
    mail |= {"subject": None, "text": "{{ title }}"}
    sms["text"] = "{{ headline }}"
    assert await put(wanted) == [
        (Kind.TEMPLATE, "SMS", ["text"]),
        (Kind.TEMPLATE, "EMAIL of ALERT in shop", ["subject", "text"]),
    ]
    shop = await only_row(res, Project)
    changed = await only_row(res, NotificationTemplate, NotificationTemplate.project_id == shop.id)
    assert (changed.kind, changed.subject, changed.text) == (NotificationKind.ALERT, None, "{{ title }}")
    del wanted["templates"]
    assert await put(wanted) == []


async def test_response_targets_are_all_of_a_project_in_any_order_whoever_set_them(res: Resources, wanted, put):
    await put(wanted)
    everywhere, shop = wanted["responseTargets"]
    critical = Target(Severity.CRITICAL, timedelta(minutes=5), timedelta(hours=2))
    high = Target(Severity.HIGH, timedelta(hours=1), timedelta(days=2), 0.5)
    assert await list_targets(res, system(), project="shop") == [critical, high]
    shop["targets"].reverse()
    assert await put(wanted) == []
    project = await only_row(res, Project)
    await set_response_targets(res, system(), targets=[critical], project_id=project.id)
    everywhere["targets"] = []
    changed = [(Kind.TARGETS, "of all projects", ["targets"]), (Kind.TARGETS, "of shop", ["targets"])]
    assert await put(wanted) == changed
    assert await list_targets(res, system()) == []
    assert await list_targets(res, system(), project="shop") == [critical, high]
    del wanted["responseTargets"]
    assert await put(wanted) == []
    assert await put({"responseTargets": [{"project": "shop", "targets": []}]}) == changed[1:]
    assert await put({"responseTargets": [{"targets": []}]}) == []


async def test_managers_who_name_each_others_people_are_no_riddle(res: Resources, put):
    people = [{"email": f"{name}@example.com", "name": name} for name in ("ada", "bob")]
    people[0]["manager"] = "bob@example.com"
    await put({"developers": people})
    ada, bob = await all_rows(res, Developer)
    assert ada.manager_id == bob.id


async def test_rotations_are_all_of_a_schedule(res: Resources, wanted, put):
    await put(wanted)
    weeks = wanted["schedules"][0]["rotations"][0]
    wanted["schedules"][0]["rotations"] = [{**weeks, "name": "Days", "kind": "DAILY"}]
    await put(wanted)
    assert (await only_row(res, Rotation)).name == "Days"
    assert await put(wanted) == []


async def test_rules_of_a_person_are_all_and_ways_are_added_to_those_they_have(res: Resources, wanted, put):
    await put(wanted)
    ada = await only_row(res, Developer, Developer.email == "ada@example.com")
    await create_contact_method(res, acting(ada), channel="SLACK", value="U12345678")
    part = wanted["developers"][1]
    part["notificationRules"] = part["notificationRules"][1:]
    assert await put(wanted) == [(Kind.DEVELOPER, "ada@example.com", ["notification_rules"])]
    assert (await only_row(res, NotificationRule)).channel == "SMS"
    digest = {"channel": "EMAIL", "minSeverity": "LOW", "digestEvery": "PT1H"}
    part["notificationRules"] = [digest]
    assert await put(wanted) == [(Kind.DEVELOPER, "ada@example.com", ["notification_rules"])]
    assert (await only_row(res, NotificationRule)).digest_s == 3600
    assert await put(wanted) == []
    part["contactMethods"].append({"channel": "SMS", "value": "+4915100000000"})
    assert await put(wanted) == [(Kind.DEVELOPER, "ada@example.com", ["contact_methods"])]
    assert len(await all_rows(res, ContactMethod)) == 3
    assert all(method.verified_at is None for method in await all_rows(res, ContactMethod))


async def test_what_is_named_and_is_nowhere_stops_all_before_anything_is_done(res: Resources, wanted):
    wanted["teams"][0]["lead"] = "nobody@example.com"
    with pytest.raises(InvalidInput, match=r"teams\.0\.lead names the developer 'nobody@example.com'"):
        await plan_configuration(res, system(), read_configuration(wanted))


async def test_what_a_rule_keeps_for_good_is_not_changed(res: Resources, wanted, put):
    await put(wanted)
    wanted["alertRules"][0]["trigger"] = "CRITICAL_COUNT"
    with pytest.raises(InvalidInput, match="trigger"):
        await plan_configuration(res, system(), read_configuration(wanted))


async def test_what_was_done_before_a_refusal_stays_and_the_rest_is_done_the_next_time(res: Resources, wanted, put):
    wanted["alertRules"][0]["threshold"] = -1
    with pytest.raises(InvalidInput, match="threshold"):
        await put(wanted)
    assert len(await all_rows(res, Team)) == 2
    wanted["alertRules"][0]["threshold"] = 1
    await put(wanted)
    assert len(await all_rows(res, AlertRule)) == 2


async def test_the_last_owner_stays_one(res: Resources, put):
    await make_developer(res, role=Role.OWNER, email="olive@example.com", name="Olive")
    with pytest.raises(Conflict):
        await put({"developers": [{"email": "olive@example.com", "name": "Olive", "role": "VIEWER"}]})


async def test_only_administrators_of_everything_plan(res: Resources):
    with pytest.raises(PermissionDenied):
        await plan_configuration(res, acting(await make_developer(res)), read_configuration({}))
