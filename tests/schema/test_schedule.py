from datetime import timedelta

import pytest

from domain.access import ANONYMOUS, Role
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.graphql import ask, ask_for_codes, counted_statements

SPAN = {"from": "2026-03-02T03:00:00Z", "to": "2026-03-04T03:00:00Z"}
LIST = """
query ($from: DateTime!, $to: DateTime!) {
  schedules {
    name services team { slug } onCall { name } rotations { name kind length participants { name } }
    overrides(from: $from, to: $to) { note add { name } remove { name } }
    shifts(from: $from, to: $to) { developer { name } start end isOverride } gaps(from: $from, to: $to) { developer { name } start end }
  }
}
"""
CREATE = """
mutation ($schedule: CreateScheduleInput!) {
  createSchedule(input: $schedule) { ... on Schedule { id name timezone } ... on Failure { code path } }
}
"""
ROTATE = """
mutation ($input: CreateRotationInput!) {
  createRotation(input: $input) { ... on Rotation { id activeDays activeFrom activeUntil } ... on Failure { code path } }
}
"""
CHANGE_ROTATION = """
mutation ($input: UpdateRotationInput!) {
  updateRotation(input: $input) { ... on Rotation { length activeFrom activeUntil } ... on Failure { code path } }
}
"""
OVERRIDE = """
mutation ($input: CreateOverrideInput!) {
  createOverride(input: $input) { ... on Override { id add { name } remove { name } } ... on Failure { code path } }
}
"""
CHANGE_OVERRIDE = """
mutation ($input: UpdateOverrideInput!) {
  updateOverride(input: $input) { ... on Override { note add { name } remove { name } } ... on Failure { code path } }
}
"""


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, name="Root", role=Role.ADMIN))


def id_of(row) -> str:
    return global_id(type(row).__name__, row.id)


def at(hours: int) -> str:
    return (START + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


async def test_a_schedule_shows_who_is_on_call_and_when_nobody_is(res: Resources, admin):
    ann, bob = await make_developer(res, name="Ann"), await make_developer(res, name="Bob")
    team = await make_team(res, slug="pay")
    schedule = await make_schedule(res, ann, bob, team=team, name="Pay", services=["pay"])
    gone = {"scheduleId": id_of(schedule), "start": at(6), "end": at(12), "removeId": id_of(ann), "note": "ill"}
    assert (await ask(res, admin, OVERRIDE, input=gone))["createOverride"]["remove"] == {"name": "Ann"}
    (shown,) = (await ask(res, admin, LIST, **SPAN))["schedules"]
    assert shown == {
        "name": "Pay", "services": ["pay"], "team": {"slug": "pay"}, "onCall": [{"name": "Ann"}],
        "rotations": [{"name": "turns", "kind": "DAILY", "length": 1, "participants": [{"name": "Ann"}, {"name": "Bob"}]}],
        "overrides": [{"note": "ill", "add": None, "remove": {"name": "Ann"}}],
        "shifts": [
            {"developer": {"name": name}, "start": at(start), "end": at(end), "isOverride": False}
            for name, start, end in (("Ann", 0, 6), ("Ann", 12, 24), ("Bob", 24, 48))
        ],
        "gaps": [{"developer": None, "start": at(6), "end": at(12)}],
    }  # fmt: skip


async def test_on_call_is_asked_of_any_time(res: Resources, admin):
    ann, bob = await make_developer(res, name="Ann"), await make_developer(res, name="Bob")
    await make_schedule(res, ann, bob)
    query = "query ($at: DateTime) { onCall(at: $at) { developer { name isOnCall onCallUntil } start end isOverride } }"
    (now,) = (await ask(res, admin, query))["onCall"]
    assert now == {
        "developer": {"name": "Ann", "isOnCall": True, "onCallUntil": at(24)}, "start": at(0), "end": at(24), "isOverride": False,
    }  # fmt: skip
    (later,) = (await ask(res, admin, query, at=at(30)))["onCall"]
    assert (later["developer"]["name"], later["end"]) == ("Bob", at(48))


async def test_more_schedules_cost_no_more_statements(res: Resources, admin):
    async def cost() -> int:
        with counted_statements(res) as statements:
            await ask(res, admin, LIST, **SPAN)
        return len(statements)

    await make_schedule(res, await make_developer(res), team=await make_team(res))
    one = await cost()
    for _ in range(5):
        await make_schedule(res, await make_developer(res), team=await make_team(res))
    assert await cost() == one


async def test_a_schedule_is_made_and_changed(res: Resources, admin):
    ann, bob = await make_developer(res, name="Ann"), await make_developer(res, name="Bob")
    made = (await ask(res, admin, CREATE, schedule={"name": "Pay", "timezone": "Asia/Tokyo"}))["createSchedule"]
    assert (made["name"], made["timezone"]) == ("Pay", "Asia/Tokyo")
    new = {
        "scheduleId": made["id"], "name": "Nights", "kind": "WEEKLY", "startsAt": at(0), "participantIds": [id_of(ann)],
        "activeDays": [5, 1], "activeFrom": "22:00", "activeUntil": "06:00",
    }  # fmt: skip
    rotation = (await ask(res, admin, ROTATE, input=new))["createRotation"]
    assert rotation["activeDays"] == [1, 5]
    change = {"rotationId": rotation["id"], "length": 2, "activeFrom": None, "activeUntil": None}
    changed = (await ask(res, admin, CHANGE_ROTATION, input=change))["updateRotation"]
    assert changed == {"length": 2, "activeFrom": None, "activeUntil": None}
    swap = {"scheduleId": made["id"], "start": at(1), "end": at(2), "addId": id_of(bob), "removeId": id_of(ann)}
    override = (await ask(res, admin, OVERRIDE, input=swap))["createOverride"]
    change = {"overrideId": override["id"], "note": "ill", "addId": None}
    changed = (await ask(res, admin, CHANGE_OVERRIDE, input=change))["updateOverride"]
    assert changed == {"note": "ill", "add": None, "remove": {"name": "Ann"}}


async def test_failures_are_answers_and_what_is_forbidden_an_error(res: Resources, admin):
    ann, project = await make_developer(res), await make_project(res)
    await make_team(res, members=(ann,), projects=(project,))
    schedule = await make_schedule(res, name="Pay")
    taken = await ask(res, admin, CREATE, schedule={"name": "Pay"})
    assert taken["createSchedule"] == {"code": "CONFLICT", "path": None}
    new = {
        "scheduleId": id_of(schedule),
        "name": "x",
        "kind": "DAILY",
        "startsAt": at(0),
        "participantIds": [],
        "length": 0,
    }
    wrong = await ask(res, admin, ROTATE, input=new)
    assert wrong["createRotation"] == {"code": "INVALID_INPUT", "path": ["input", "length"]}
    gone = {"scheduleId": id_of(schedule), "start": at(-2), "end": at(-1), "addId": id_of(ann)}
    wrong = await ask(res, admin, OVERRIDE, input=gone)
    assert wrong["createOverride"] == {"code": "INVALID_INPUT", "path": ["input", "end"]}
    assert await ask_for_codes(res, acting(ann, project), CREATE, schedule={"name": "New"}) == ["FORBIDDEN"]
    assert await ask_for_codes(res, ANONYMOUS, LIST, **SPAN) == ["UNAUTHENTICATED"]
    assert set(await ask_for_codes(res, admin, LIST, **{**SPAN, "to": at(24 * 400)})) == {"INVALID_INPUT"}
