from datetime import UTC, datetime, timedelta

import pytest

from domain.configuration import Kind
from domain.errors import InvalidInput
from domain.policy import TargetKind
from resolvers.configuration.file import read_configuration

AT = datetime(2026, 3, 2, tzinfo=UTC)
ADA = {"email": "Ada@example.com", "name": "Ada"}
WEEKS = {"name": "Weeks", "kind": "WEEKLY", "startsAt": "2026-01-05T08:00:00Z", "participants": ["ADA@example.com"]}
ADDS = {"add": "Eve@example.com"}
OVERRIDE = {"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z", **ADDS}
HIGH = {"severity": "HIGH", "resolveWithin": "PT4H"}
ALERTS = {"channel": "EMAIL", "kind": "ALERT", "project": "shop", "text": "{{ title }}"}


def schedule_of(*overrides, **more):
    return {"schedules": [{"name": "Shop", "timezone": "Europe/Berlin", **more, "overrides": [*overrides]}]}


def test_an_empty_file_says_nothing():
    assert read_configuration(None).things(AT) == []


def test_only_what_is_said_is_wanted_and_what_is_nested_is_whole():
    file = read_configuration({"developers": [ADA], "schedules": [{"name": "Shop", "rotations": [WEEKS]}]})
    developer, schedule = file.things(AT)
    assert (developer.kind, developer.name, developer.fields) == (Kind.DEVELOPER, "ada@example.com", {"name": "Ada"})
    (rotation,) = schedule.fields["rotations"]
    assert (rotation["length"], rotation["active_days"], rotation["participants"]) == (1, [], ["ada@example.com"])
    assert rotation["starts_at"] == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert "timezone" not in schedule.fields


def test_words_become_what_they_mean():
    step = {"delay": "PT5M", "targets": [{"team": "shop"}, {"developer": "ADA@example.com"}]}
    (policy,) = read_configuration({"policies": [{"name": "Shop", "repeat": "2", "steps": [step]}]}).things(AT)
    assert policy.fields["repeat"] == 2
    assert policy.fields["steps"][0]["delay"] == timedelta(minutes=5)
    assert policy.fields["steps"][0]["targets"] == [
        (TargetKind.TEAM, "shop"), (TargetKind.DEVELOPER, "ada@example.com"),
    ]  # fmt: skip


def test_a_phone_number_is_compared_as_it_is_stored():
    method = {"channel": "SMS", "value": "+49 151 1234567"}
    (ada,) = read_configuration({"developers": [{**ADA, "contactMethods": [method]}]}).things(AT)
    assert ada.fields["contact_methods"] == [{"channel": "SMS", "value": "+491511234567"}]


def test_all_that_is_named_is_known_with_its_place():
    target = {"targets": [{"schedule": "Shop"}], "delay": "PT0S"}
    file = read_configuration(
        {
            "developers": [{**ADA, "manager": "olive@example.com"}],
            "projects": [{"slug": "shop", "name": "Shop", "owner": "olive@example.com"}],
            "teams": [{"slug": "shop", "name": "Shop", "members": ["ada@example.com"], "projects": ["shop"]}],
            "schedules": [
                {"name": "Shop", "team": "shop", "rotations": [WEEKS], "overrides": [{**OVERRIDE, "remove": "BOB@example.com"}]}
            ],
            "policies": [{"name": "Shop", "steps": [target]}],
            "alertRules": [
                {"name": "New", "trigger": "NEW_ISSUE", "project": "shop", "policy": "Shop", "recipients": [{"team": "shop"}]}
            ],
            "templates": [ALERTS],
            "responseTargets": [{"targets": []}, {"project": "shop", "targets": []}],
        }
    )  # fmt: skip
    assert [(reference.path, reference.kind, reference.name) for reference in file.references(AT)] == [
        ("developers.0.manager", Kind.DEVELOPER, "olive@example.com"),
        ("projects.0.owner", Kind.DEVELOPER, "olive@example.com"),
        ("teams.0.members", Kind.DEVELOPER, "ada@example.com"),
        ("teams.0.projects", Kind.PROJECT, "shop"),
        ("schedules.0.team", Kind.TEAM, "shop"),
        ("schedules.0.rotations.0.participants", Kind.DEVELOPER, "ada@example.com"),
        ("schedules.0.overrides.0.add", Kind.DEVELOPER, "eve@example.com"),
        ("schedules.0.overrides.0.remove", Kind.DEVELOPER, "bob@example.com"),
        ("policies.0.steps.0.targets", Kind.SCHEDULE, "Shop"),
        ("alertRules.0.project", Kind.PROJECT, "shop"),
        ("alertRules.0.policy", Kind.POLICY, "Shop"),
        ("alertRules.0.recipients", Kind.TEAM, "shop"),
        ("templates.0.project", Kind.PROJECT, "shop"),
        ("responseTargets.1.project", Kind.PROJECT, "shop"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("2026-12-24T08:00", "2026-12-27", "2026-12-24 07:00 to 2026-12-26 23:00"),
        ("2026-12-24T08:00:30Z", "2026-12-24T10:00", "2026-12-24 08:00:30 to 2026-12-24 09:00"),
        # Clocks go forward between the two, and back: 02:30 is there twice.
        ("2026-03-28T08:00", "2026-03-29T08:00", "2026-03-28 07:00 to 2026-03-29 06:00"),
        ("2026-10-25T02:30", "2026-10-25T08:00", "2026-10-25 00:30 to 2026-10-25 07:00"),
    ],
)
def test_a_time_without_an_offset_is_by_the_clocks_of_the_schedule(start, end, span):
    file = read_configuration(schedule_of({"start": start, "end": end, "add": "Eve@example.com"}))
    _, override = file.things(AT)
    assert (override.kind, override.name) == (Kind.OVERRIDE, f"Shop from {span} UTC: eve@example.com besides")
    rotation = {**WEEKS, "startsAt": start}
    (schedule,) = read_configuration(schedule_of(rotations=[rotation])).things(AT)
    assert schedule.fields["rotations"][0]["starts_at"] == override.place["starts_at"]


def test_an_override_that_is_over_is_as_if_it_were_not_there():
    file = read_configuration(schedule_of({**OVERRIDE, "end": AT.isoformat()}, {**OVERRIDE, "note": ""}))
    assert [thing.fields for thing in file.things(AT)] == [{"timezone": "Europe/Berlin"}, {"note": None}]
    assert [reference.path for reference in file.references(AT)] == ["schedules.0.overrides.1.add"]


def test_a_template_is_known_by_its_place():
    file = read_configuration({"templates": [ALERTS, {"channel": "SMS", "text": " {{ title }}\n"}]})
    assert [(thing.name, thing.fields) for thing in file.things(AT)] == [
        ("EMAIL of ALERT in shop", {"text": "{{ title }}"}), ("SMS", {"text": "{{ title }}"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([], "the file: Input should be"),
        ({"people": []}, "people: Extra inputs"),
        ({"developers": [{"email": "a@example.com"}]}, "developers.0.name: Field required"),
        ({"developers": [{**ADA, "role": "KING"}]}, "developers.0.role: Input should be"),
        ({"developers": [{**ADA, "contactMethods": [{"channel": "SMS", "value": "1"}]}]}, "phone number with its country"),
        ({"developers": [ADA, {**ADA, "name": "Other"}]}, "developers.1: the developer 'ada@example.com' is in developers.0"),
        ({"schedules": [{"name": "Shop", "rotations": [WEEKS, WEEKS]}]}, "two rotations have the same name"),
        ({"policies": [{"name": "a", "steps": [{"delay": "PT1M", "targets": [{}]}]}]}, "policies.0.steps.0.targets.0: name a"),
        ({"policies": [{"name": "a", "steps": [{"delay": "soon", "targets": []}]}]}, "policies.0.steps.0.delay"),
        ({"schedules": [{"name": "a", "timezone": "Berlin"}]}, "schedules.0.timezone: `timezone` must be a name"),
        (schedule_of({**OVERRIDE, "end": "2026-02-01T00:00:00Z"}), "schedules.0.overrides.0.end: `end` must be after"),
        (schedule_of({**OVERRIDE, "end": "2028-02-01T00:00:00Z"}), "schedules.0.overrides.0.end: An override lasts at most 366"),
        (schedule_of({**OVERRIDE, "start": "2026-03-29T02:30", "end": "2026-03-29T03:00"}), "overrides.0.end: `end` must be after"),
        (schedule_of({**OVERRIDE, "add": None}), "schedules.0.overrides.0: name whom to `add`"),
        (schedule_of({**OVERRIDE, "remove": "EVE@example.com"}), "schedules.0.overrides.0: name whom to `add`"),
        (schedule_of({**OVERRIDE, "note": "x" * 201}), "schedules.0.overrides.0.note: `note` must be one line"),
        (schedule_of({**OVERRIDE, "start": "0001-01-01T00:00:00+14:00"}), "schedules.0.overrides.0.start: must be from 2000"),
        (schedule_of(OVERRIDE, {**OVERRIDE, "start": "2026-03-01T01:00:00+01:00"}), "schedules.0.overrides.1: the override 'Shop from"),
        ({"schedules": [{"name": "a", "overrides": [{"start": "2026-03-01", "end": "2026-03-02"} | ADDS]}]}, "schedules.0.overrides.0.start: without an offset"),
        ({"schedules": [{"name": "a", "rotations": [{**WEEKS, "startsAt": "2026-03-01"}]}]}, "schedules.0.rotations.0.startsAt: without an offset"),
        ({"templates": [{**ALERTS, "text": "a {{ nothing }}"}]}, "templates.0.text: `text` is no template. There is no `nothing` (line 1)"),
        ({"templates": [{**ALERTS, "subject": "{% if"}]}, "templates.0.subject: `subject` is no template"),
        ({"templates": [{**ALERTS, "channel": "SMS", "subject": "a"}]}, "templates.0.subject: `subject` goes with EMAIL only"),
        ({"templates": [{**ALERTS, "channel": "WEBHOOK"}]}, "templates.0.channel: `channel` of ALERT must be one of"),
        ({"templates": [{**ALERTS, "kind": "WARNING"}]}, "templates.0.project: `project` goes not with WARNING"),
        ({"templates": [ALERTS, {**ALERTS, "text": "b"}]}, "templates.1: the template 'EMAIL of ALERT in shop' is in templates.0"),
        ({"alertRules": [{"name": "a", "trigger": "NEW_ISSUE", "template": "{{ no }}"}]}, "alertRules.0.template: `template` is no"),
        ({"responseTargets": [{}]}, "responseTargets.0.targets: Field required"),
        ({"responseTargets": [{"targets": [HIGH, HIGH]}]}, "responseTargets.0.targets.1.severity: `targets` has HIGH twice"),
        ({"responseTargets": [{"targets": [{"severity": "LOW"}]}]}, "responseTargets.0.targets.0: Give `acknowledgeWithin`"),
        ({"responseTargets": [{"targets": [HIGH | {"warnAt": 2}]}]}, "responseTargets.0.targets.0.warnAt: `warnAt` must be above"),
        ({"responseTargets": [{"targets": []}, {"targets": [HIGH]}]}, "responseTargets.1: the response targets 'of all projects' is in"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_said_with_its_place(value, says):
    with pytest.raises(InvalidInput) as refused:
        read_configuration(value)
    assert says in refused.value.message


def test_all_that_is_wrong_is_said_at_once_up_to_a_bound():
    with pytest.raises(InvalidInput) as refused:
        read_configuration({"developers": [{}] * 30})
    lines = refused.value.message.splitlines()
    assert (len(lines), lines[-1]) == (21, "and 40 more")
