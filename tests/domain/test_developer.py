from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.access import Actor, ActorKind, Role, system
from domain.developer import DutySpan, change_duty, check_manager, check_role, check_settings
from domain.errors import Conflict, InvalidInput, PermissionDenied
from tests.support.clock import START

HOUR = timedelta(hours=1)
ANN, BOB, CAT, DAN = (UUID(int=number) for number in range(4))


@pytest.mark.parametrize(
    "email", ["owner@localhost", "ann.lee+on-call@mail.example.com", "o'neil@example.com", "ünal@example.org"]
)
def test_a_mail_address_is_kept(email):
    assert check_settings({"email": f" {email} "}) == {"email": email}


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "@example.com",
        "ann@",
        "a b@c.d",
        "a@b@c.d",
        "Ann <a@b.c>",
        "a@b.c,d@e.f",
        "a\n@b.c",
        "a" * 65 + "@b.c",
        "a@" + "b" * 260,
    ],
)
def test_what_cannot_take_mail_is_refused(email):
    with pytest.raises(InvalidInput) as failure:
        check_settings({"email": email})
    assert failure.value.path == ("email",)


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"name": " "}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "America"}, "timezone"),
        ({"max_load": -1}, "maxLoad"),
        ({"max_load": 1001}, "maxLoad"),
        ({"services": ["x" * 101]}, "services"),
        ({"services": [f"service-{number}" for number in range(201)]}, "services"),
    ],
)
def test_a_wrong_setting_is_named(settings, path):
    with pytest.raises(InvalidInput) as failure:
        check_settings(settings)
    assert failure.value.path == (path,)


def test_settings_are_trimmed_and_what_is_left_out_stays_out():
    given = {"name": " Ann ", "timezone": "Europe/Berlin", "services": ["web", " api ", "web"], "manager_id": None}
    assert check_settings(given) == {**given, "name": "Ann", "services": ["api", "web"]}
    assert check_settings({}) == {}


def acting_as(role: Role) -> Actor:
    return Actor(ActorKind.DEVELOPER, id=uuid4(), role=role)


@pytest.mark.parametrize(
    ("actor", "before", "after"),
    [
        (acting_as(Role.ADMIN), None, Role.ADMIN),
        (acting_as(Role.ADMIN), Role.VIEWER, Role.ADMIN),
        (acting_as(Role.OWNER), Role.OWNER, Role.OWNER),
        (acting_as(Role.OWNER), None, Role.OWNER),
        (system(), None, Role.OWNER),
    ],
)
def test_a_role_up_to_ones_own_can_be_given(actor, before, after):
    check_role(actor, before, after, other_owners=0)


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, Role.OWNER), (Role.DEVELOPER, Role.OWNER), (Role.OWNER, Role.VIEWER), (Role.OWNER, Role.OWNER)],
)
def test_an_admin_makes_no_owner_and_changes_none(before, after):
    with pytest.raises(PermissionDenied):
        check_role(acting_as(Role.ADMIN), before, after, other_owners=3)


def test_the_last_owner_stays_owner():
    check_role(acting_as(Role.OWNER), Role.OWNER, Role.ADMIN, other_owners=1)
    with pytest.raises(Conflict):
        check_role(acting_as(Role.OWNER), Role.OWNER, Role.ADMIN, other_owners=0)


@pytest.mark.parametrize("manager", [None, BOB, DAN])
def test_a_manager_who_is_not_below_can_be_set(manager):
    check_manager(ANN, manager, {BOB: CAT, CAT: None, DAN: BOB})


@pytest.mark.parametrize("manager", [ANN, BOB, DAN])
def test_nobody_comes_to_stand_above_their_own_manager(manager):
    with pytest.raises(InvalidInput):
        check_manager(ANN, manager, {BOB: ANN, CAT: BOB, DAN: CAT})


def test_a_circle_that_is_there_already_does_not_hang_the_check():
    check_manager(ANN, BOB, {BOB: CAT, CAT: BOB})


@pytest.mark.parametrize(
    ("current", "on_call", "until", "after", "changed"),
    [
        (None, True, None, DutySpan(START), True),
        (None, True, START + HOUR, DutySpan(START, START + HOUR), True),
        (None, False, None, None, False),
        (DutySpan(START - HOUR), True, None, DutySpan(START - HOUR), False),
        (DutySpan(START - HOUR), True, START + HOUR, DutySpan(START - HOUR, START + HOUR), True),
        (DutySpan(START - HOUR, START + HOUR), True, START + HOUR, DutySpan(START - HOUR, START + HOUR), False),
        (DutySpan(START - HOUR, START + HOUR), True, None, DutySpan(START - HOUR), True),
        (DutySpan(START - HOUR), False, None, DutySpan(START - HOUR, START), True),
        (DutySpan(START - HOUR, START + HOUR), False, None, DutySpan(START - HOUR, START), True),
        (DutySpan(START), False, None, None, True),
    ],
)
def test_duty_begins_ends_and_is_moved(current, on_call, until, after, changed):
    assert change_duty(current, on_call=on_call, until=until, at=START) == (after, changed)


@pytest.mark.parametrize(("on_call", "until"), [(False, START + HOUR), (True, START), (True, START - HOUR)])
def test_an_end_lies_ahead_and_belongs_to_a_beginning(on_call, until):
    with pytest.raises(InvalidInput) as failure:
        change_duty(None, on_call=on_call, until=until, at=START)
    assert failure.value.path == ("until",)
