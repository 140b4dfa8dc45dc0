"""What may be set of schedules, and by whom."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.access import Role, system
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from domain.schedule.definition import RotationKind
from models import Developer, Project, Rotation, Schedule, ScheduleOverride, Team
from resolvers.resources import Resources
from resolvers.schedule import override as overrides
from resolvers.schedule import rotation as rotations
from resolvers.schedule import settings
from resolvers.schedule.listing import (
    find_schedule,
    list_schedules,
    overrides_by_id,
    participants_by_rotation_id,
    rotations_by_id,
    rotations_by_schedule_id,
    schedules_by_id,
)
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.audit import audit_trail
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.factories.schedule import make_schedule
from tests.support.rows import all_rows, only_row

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPAN = {"starts_at": START, "ends_at": START + DAY}


@pytest.fixture
async def admin(res: Resources):
    return acting(await make_developer(res, role=Role.ADMIN))


@pytest.fixture
async def project(res: Resources) -> Project:
    return await make_project(res)


@pytest.fixture
async def people(res: Resources) -> list[Developer]:
    """A lead, and two more."""
    return [await make_developer(res, name=name) for name in ("lead", "ann", "bob")]


@pytest.fixture
async def team(res: Resources, project, people) -> Team:
    return await make_team(res, members=tuple(people), projects=(project,), lead_id=people[0].id)


async def test_a_schedule_is_made_changed_and_deleted(res: Resources, admin, team):
    made = await settings.create_schedule(
        res, admin, name=" Pay ", timezone="Europe/Berlin", services=["b", "a", "b"], team_id=team.id
    )
    assert await find_schedule(res, admin, schedule_id=made.id) == made
    assert (made.name, made.timezone, made.services, made.team_id) == ("Pay", "Europe/Berlin", ["a", "b"], team.id)
    changed = await settings.update_schedule(res, admin, schedule_id=made.id, services=[], team_id=None)
    assert (changed.name, changed.services, changed.team_id) == ("Pay", [], None)
    await settings.delete_schedule(res, admin, schedule_id=made.id)
    assert await list_schedules(res, admin) == []
    trail = await audit_trail(res, made.id)
    assert [entry.action for entry in trail] == ["createSchedule", "updateSchedule", "deleteSchedule"]
    assert set(trail[1].after) == {"services", "teamId"}


async def test_a_name_belongs_to_one_schedule(res: Resources, admin):
    await make_schedule(res, name="pay")
    other = await make_schedule(res)
    with pytest.raises(Conflict):
        await settings.create_schedule(res, admin, name="pay")
    with pytest.raises(Conflict):
        await settings.update_schedule(res, admin, schedule_id=other.id, name="pay")


async def test_a_rotation_is_made_changed_and_deleted(res: Resources, admin, people):
    schedule, (lead, ann, bob) = await make_schedule(res), people
    made = await rotations.create_rotation(
        res, admin, schedule_id=schedule.id, name="nights", kind=RotationKind.WEEKLY, starts_at=START, active_days=[5, 1, 5],
        active_from="22:00", active_until="06:00", participant_ids=[ann.id, bob.id, ann.id],
    )  # fmt: skip
    assert (made.kind, made.length, made.active_days) == (RotationKind.WEEKLY, 1, [1, 5])
    assert await rotations_by_schedule_id(res, admin, [schedule.id, uuid4()]) == [[made], []]
    assert await participants_by_rotation_id(res, admin, [made.id]) == [[ann, bob, ann]]
    changed = await rotations.update_rotation(
        res, admin, rotation_id=made.id, length=2, active_from=None, active_until=None, participant_ids=[lead.id]
    )
    assert (changed.name, changed.length, changed.active_from) == ("nights", 2, None)
    assert await participants_by_rotation_id(res, admin, [made.id]) == [[lead]]
    await rotations.delete_rotation(res, admin, rotation_id=made.id)
    assert await rotations_by_id(res, admin, [made.id]) == [None]
    trail = await audit_trail(res, made.id)
    assert [entry.action for entry in trail] == ["createRotation", "updateRotation", "deleteRotation"]
    assert set(trail[1].after) == {"length", "activeFrom", "activeUntil", "participantIds"}


async def test_active_hours_keep_two_ends(res: Resources, admin, people):
    await make_schedule(res, people[0])
    rotation = (await only_row(res, Rotation)).id
    with pytest.raises(InvalidInput) as refused:
        await rotations.update_rotation(res, admin, rotation_id=rotation, active_from="08:00")
    assert refused.value.path == ("activeUntil",)


async def test_who_or_what_is_not_there_is_named(res: Resources, admin, people):
    schedule = await make_schedule(res, people[0])
    new = {"schedule_id": schedule.id, "name": "x", "kind": RotationKind.DAILY, "starts_at": START}
    for call, path in (
        (settings.create_schedule(res, admin, name="x", team_id=uuid4()), "teamId"),
        (settings.update_schedule(res, admin, schedule_id=schedule.id, team_id=uuid4()), "teamId"),
        (rotations.create_rotation(res, admin, participant_ids=[uuid4()], **new), "participantIds"),
        (overrides.create_override(res, admin, schedule_id=schedule.id, add_id=uuid4(), **SPAN), "addId"),
        (overrides.create_override(res, admin, schedule_id=schedule.id, remove_id=uuid4(), **SPAN), "removeId"),
        (overrides.create_override(res, admin, schedule_id=schedule.id, **SPAN), "addId"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await call
        assert refused.value.path == (path,)
    for call in (
        settings.delete_schedule(res, admin, schedule_id=uuid4()),
        rotations.create_rotation(res, admin, participant_ids=[], **{**new, "schedule_id": uuid4()}),
        rotations.delete_rotation(res, admin, rotation_id=uuid4()),
        overrides.delete_override(res, admin, override_id=uuid4()),
    ):
        with pytest.raises(NotFound):
            await call


async def test_a_schedule_has_room_for_so_many(res: Resources, admin, monkeypatch):
    schedule = await make_schedule(res, await make_developer(res))
    monkeypatch.setattr(settings, "MOST_SCHEDULES", 1)
    monkeypatch.setattr(rotations, "MOST_ROTATIONS", 1)
    monkeypatch.setattr(overrides, "MOST_OVERRIDES", 0)
    for call in (
        settings.create_schedule(res, admin, name="x"),
        rotations.create_rotation(
            res, admin, schedule_id=schedule.id, name="x", kind=RotationKind.DAILY, starts_at=START, participant_ids=[]
        ),
        overrides.create_override(res, admin, schedule_id=schedule.id, add_id=admin.id, **SPAN),
    ):
        with pytest.raises(Conflict):
            await call


async def test_the_lead_of_the_team_sets_its_schedules_and_others_do_not(res: Resources, project, people, team):
    lead, ann = acting(people[0], project), acting(people[1], project)
    schedule = await settings.create_schedule(res, lead, name="ours", team_id=team.id)
    new = {"schedule_id": schedule.id, "name": "x", "kind": RotationKind.DAILY, "starts_at": START}
    rotation = await rotations.create_rotation(res, lead, participant_ids=[people[2].id], **new)
    for call in (
        settings.create_schedule(res, lead, name="nobodys"),
        settings.update_schedule(res, lead, schedule_id=schedule.id, team_id=None),
        settings.create_schedule(res, ann, name="anns", team_id=team.id),
        settings.update_schedule(res, ann, schedule_id=schedule.id, name="anns"),
        settings.delete_schedule(res, ann, schedule_id=schedule.id),
        rotations.create_rotation(res, ann, participant_ids=[], **new),
        rotations.update_rotation(res, ann, rotation_id=rotation.id, name="anns"),
        rotations.delete_rotation(res, ann, rotation_id=rotation.id),
    ):
        with pytest.raises(PermissionDenied):
            await call
    assert (await settings.update_schedule(res, lead, schedule_id=schedule.id, name="still")).name == "still"


async def test_a_viewer_who_leads_sets_nothing(res: Resources, project):
    viewer = await make_developer(res, role=Role.VIEWER)
    team = await make_team(res, projects=(project,), members=(viewer,), lead_id=viewer.id)
    schedule = await make_schedule(res, team=team)
    with pytest.raises(PermissionDenied):
        await settings.update_schedule(res, acting(viewer, project), schedule_id=schedule.id, name="x")


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (("ann", "ann", None), True),
        (("ann", "ann", "bob"), True),
        (("ann", None, "ann"), True),
        (("ann", "bob", "ann"), False),
        (("ann", "bob", None), False),
        (("ann", None, "bob"), False),
        (("lead", "bob", "ann"), True),
        (("stranger", "stranger", None), False),
    ],
)
async def test_people_of_the_team_add_themselves_and_take_themselves_out(res: Resources, project, team, who, may):
    actor, add, remove = who
    stranger = await make_developer(res)
    await make_team(res, members=(stranger,), projects=(project,))
    people = {**{person.name: person for person in await all_rows(res, Developer)}, "stranger": stranger}
    schedule = await make_schedule(res, people["ann"], people["bob"], team=team)
    ids = {"add_id": add and people[add].id, "remove_id": remove and people[remove].id}
    call = overrides.create_override(
        res, acting(people[actor], project), schedule_id=schedule.id, note=" ill ", **ids, **SPAN
    )
    if may:
        made = await call
        assert (made.add_id, made.remove_id, made.note) == (ids["add_id"], ids["remove_id"], "ill")
        return
    with pytest.raises(PermissionDenied):
        await call


async def test_an_override_of_others_is_not_changed_nor_ones_own_made_anothers(res: Resources, project, people, team):
    lead, ann, bob = people
    schedule = await make_schedule(res, ann, bob, team=team)
    of_bob = await overrides.create_override(res, acting(bob, project), schedule_id=schedule.id, add_id=bob.id, **SPAN)
    of_ann = await overrides.create_override(res, acting(ann, project), schedule_id=schedule.id, add_id=ann.id, **SPAN)
    for call in (
        overrides.update_override(res, acting(ann, project), override_id=of_bob.id, note="mine"),
        overrides.delete_override(res, acting(ann, project), override_id=of_bob.id),
        overrides.update_override(res, acting(ann, project), override_id=of_ann.id, add_id=bob.id),
    ):
        with pytest.raises(PermissionDenied):
            await call
    changed = await overrides.update_override(res, acting(ann, project), override_id=of_ann.id, note="mine")
    assert (changed.note, changed.add_id) == ("mine", ann.id)
    await overrides.delete_override(res, acting(lead, project), override_id=of_ann.id)
    assert await only_row(res, ScheduleOverride) == of_bob
    with pytest.raises(InvalidInput) as refused:
        await overrides.update_override(res, acting(bob, project), override_id=of_bob.id, ends_at=START)
    assert refused.value.path == ("end",)


async def test_schedules_are_seen_by_those_who_see_their_team(res: Resources, admin, project, people, team):
    ann = acting(people[1], project)
    other = await make_developer(res)
    far = await make_team(res, members=(other,), projects=(await make_project(res),))
    ours, everybodys = await make_schedule(res, other, team=team, name="a"), await make_schedule(res, name="b")
    theirs = await make_schedule(res, other, team=far, name="c")
    made = await overrides.create_override(res, system(), schedule_id=theirs.id, add_id=other.id, **SPAN)
    ids = [ours.id, everybodys.id, theirs.id]
    assert await list_schedules(res, ann) == await _named(res, "a", "b")
    assert await list_schedules(res, admin) == await _named(res, "a", "b", "c")
    assert [bool(row) for row in await schedules_by_id(res, ann, ids)] == [True, True, False]
    (of_ours,), (of_theirs,) = await rotations_by_schedule_id(res, admin, [ours.id, theirs.id])
    assert await rotations_by_schedule_id(res, ann, ids) == [[of_ours], [], []]
    assert await rotations_by_id(res, ann, [of_ours.id, of_theirs.id]) == [of_ours, None]
    assert await participants_by_rotation_id(res, ann, [of_ours.id]) == [[]]
    assert await overrides_by_id(res, ann, [made.id]) == [None]
    assert await overrides_by_id(res, admin, [made.id]) == [made]
    with pytest.raises(NotFound):
        await settings.delete_schedule(res, ann, schedule_id=theirs.id)
    with pytest.raises(NotFound):
        await rotations.delete_rotation(res, ann, rotation_id=of_theirs.id)
    with pytest.raises(NotFound):
        await overrides.delete_override(res, ann, override_id=made.id)


async def _named(res: Resources, *names: str) -> list[Schedule]:
    return [await only_row(res, Schedule, Schedule.name == name) for name in names]
