from datetime import UTC, datetime, timedelta

import pytest

from domain.configuration import Kind
from domain.errors import InvalidInput
from domain.policy import TargetKind
from resolvers.configuration.file import read_configuration

ADA = {"email": "Ada@example.com", "name": "Ada"}
WEEKS = {"name": "Weeks", "kind": "WEEKLY", "startsAt": "2026-01-05T08:00:00", "participants": ["ADA@example.com"]}


def test_an_empty_file_says_nothing():
    assert read_configuration(None).things == []


def test_only_what_is_said_is_wanted_and_what_is_nested_is_whole():
    file = read_configuration({"developers": [ADA], "schedules": [{"name": "Shop", "rotations": [WEEKS]}]})
    developer, schedule = file.things
    assert (developer.kind, developer.name, developer.fields) == (Kind.DEVELOPER, "ada@example.com", {"name": "Ada"})
    (rotation,) = schedule.fields["rotations"]
    assert (rotation["length"], rotation["active_days"], rotation["participants"]) == (1, [], ["ada@example.com"])
    assert rotation["starts_at"] == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert "timezone" not in schedule.fields


def test_words_become_what_they_mean():
    step = {"delay": "PT5M", "targets": [{"team": "shop"}, {"developer": "ADA@example.com"}]}
    (policy,) = read_configuration({"policies": [{"name": "Shop", "repeat": "2", "steps": [step]}]}).things
    assert policy.fields["repeat"] == 2
    assert policy.fields["steps"][0]["delay"] == timedelta(minutes=5)
    assert policy.fields["steps"][0]["targets"] == [
        (TargetKind.TEAM, "shop"), (TargetKind.DEVELOPER, "ada@example.com"),
    ]  # fmt: skip


def test_a_phone_number_is_compared_as_it_is_stored():
    method = {"channel": "SMS", "value": "+49 151 1234567"}
    (ada,) = read_configuration({"developers": [{**ADA, "contactMethods": [method]}]}).things
    assert ada.fields["contact_methods"] == [{"channel": "SMS", "value": "+491511234567"}]


def test_all_that_is_named_is_known_with_its_place():
    target = {"targets": [{"schedule": "Shop"}], "delay": "PT0S"}
    file = read_configuration(
        {
            "developers": [{**ADA, "manager": "olive@example.com"}],
            "projects": [{"slug": "shop", "name": "Shop", "owner": "olive@example.com"}],
            "teams": [{"slug": "shop", "name": "Shop", "members": ["ada@example.com"], "projects": ["shop"]}],
            "schedules": [{"name": "Shop", "team": "shop", "rotations": [WEEKS]}],
            "policies": [{"name": "Shop", "steps": [target]}],
            "alertRules": [
                {"name": "New", "trigger": "NEW_ISSUE", "project": "shop", "policy": "Shop", "recipients": [{"team": "shop"}]}
            ],
        }
    )  # fmt: skip
    assert [(reference.path, reference.kind, reference.name) for reference in file.references] == [
        ("developers.0.manager", Kind.DEVELOPER, "olive@example.com"),
        ("projects.0.owner", Kind.DEVELOPER, "olive@example.com"),
        ("teams.0.members", Kind.DEVELOPER, "ada@example.com"),
        ("teams.0.projects", Kind.PROJECT, "shop"),
        ("schedules.0.team", Kind.TEAM, "shop"),
        ("schedules.0.rotations.0.participants", Kind.DEVELOPER, "ada@example.com"),
        ("policies.0.steps.0.targets", Kind.SCHEDULE, "Shop"),
        ("alertRules.0.project", Kind.PROJECT, "shop"),
        ("alertRules.0.policy", Kind.POLICY, "Shop"),
        ("alertRules.0.recipients", Kind.TEAM, "shop"),
    ]


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
        ({"policies": [{"name": "a", "steps": [{"delay": "PT1M", "targets": [{}]}]}]}, "policies.0.steps.0.targets.0: Value error, name a"),
        ({"policies": [{"name": "a", "steps": [{"delay": "soon", "targets": []}]}]}, "policies.0.steps.0.delay"),
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
