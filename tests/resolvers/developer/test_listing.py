from datetime import timedelta
from uuid import uuid4

import pytest

from core.clock import ManualClock
from domain.access import ANONYMOUS, Role
from domain.developer import DeveloperFilter
from domain.errors import Unauthenticated
from domain.issue import IssueStatus
from domain.page import page_request
from models import Duty
from resolvers.access import authenticate
from resolvers.developer.listing import (
    count_developers,
    find_developer,
    find_developer_by_email,
    list_developers,
)
from resolvers.developer.loaders import (
    developers_by_id,
    developers_by_team_id,
    duties_by_developer_id,
    loads_by_developer_id,
    services_by_developer_id,
)
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.access import make_api_token
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project

ALL = DeveloperFilter()


async def names(res: Resources, actor, filter: DeveloperFilter = ALL) -> list[str]:
    page = await list_developers(res, actor, filter=filter, page=page_request())
    assert await count_developers(res, actor, filter=filter) == len(page.items)
    return [developer.name for developer in page.items]


async def test_people_see_themselves_those_who_share_a_project_and_those_who_answer_for_all(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    ann, bob, eve = [await make_developer(res, name=name) for name in ("Ann", "Bob", "Eve")]
    await make_developer(res, name="Owner", role=Role.OWNER)
    await make_developer(res, name="Loner")
    await make_team(res, members=(ann,), projects=(ours,))
    await make_team(res, members=(bob,), projects=(ours, theirs))
    hidden = await make_team(res, members=(eve, ann), projects=(theirs,))
    actor = acting(ann, ours)
    assert await names(res, actor) == ["Ann", "Bob", "Owner"]
    assert await find_developer(res, actor, developer_id=eve.id) is None
    assert (await find_developer(res, actor, developer_id=bob.id)).name == "Bob"
    assert await developers_by_id(res, actor, [eve.id, bob.id, uuid4()]) == [None, bob, None]
    assert await developers_by_team_id(res, actor, [hidden.id]) == [[ann]]


async def test_an_admin_sees_everybody_but_through_a_token_only_those_of_its_projects(res: Resources):
    project, other = await make_project(res), await make_project(res)
    ann, bob = await make_developer(res, name="Ann"), await make_developer(res, name="Bob")
    admin = await make_developer(res, name="Root", role=Role.ADMIN)
    await make_team(res, members=(ann,), projects=(project,))
    await make_team(res, members=(bob,), projects=(other,))
    assert await names(res, acting(admin)) == ["Ann", "Bob", "Root"]
    confined = await authenticate(res, (await make_api_token(res, admin, project_ids=[project.id])).secret)
    assert await names(res, confined) == ["Ann", "Root"]


async def test_somebody_is_found_by_mail_address_whatever_its_case(res: Resources):
    ann, eve = await make_developer(res, email="Ann@example.com"), await make_developer(res, email="eve@example.com")
    assert await find_developer_by_email(res, acting(ann), email="ann@EXAMPLE.com") == ann
    assert await find_developer_by_email(res, acting(ann), email=eve.email) is None


async def test_those_of_a_team_that_has_no_project_yet_see_each_other(res: Resources):
    ann, bob = await make_developer(res, name="Ann"), await make_developer(res, name="Bob")
    await make_team(res, members=(ann, bob))
    assert await names(res, acting(ann)) == ["Ann", "Bob"]


async def test_developers_are_found_by_what_they_know_and_whether_they_are_on_call(res: Resources, clock: ManualClock):
    admin = acting(await make_developer(res, name="Root", role=Role.ADMIN))
    await make_developer(res, name="Ann", services=("api", "web"), on_call=True)
    await make_developer(res, name="Bob", services=("api",))
    bob_was = await make_developer(res, name="Cat", services=("web",))
    async with res.db.transaction() as tx:
        tx.session.add(Duty(id=uuid4(), developer_id=bob_was.id, starts_at=START - timedelta(1), ends_at=START))
    assert await names(res, admin, DeveloperFilter(service="api")) == ["Ann", "Bob"]
    assert await names(res, admin, DeveloperFilter(on_call=True)) == ["Ann"]
    assert await names(res, admin, DeveloperFilter(service="web", on_call=False)) == ["Cat"]
    assert await names(res, admin, DeveloperFilter(service="none")) == []


async def test_pages_follow_each_other_by_name_and_then_id(res: Resources):
    admin = acting(await make_developer(res, name="Zed", role=Role.ADMIN))
    for name in ("Bob", "Ann", "Ann", "Cat"):
        await make_developer(res, name=name)
    seen, after = [], None
    while True:
        page = await list_developers(res, admin, filter=ALL, page=page_request(2, after))
        seen += page.items
        if not page.has_next:
            break
        after = page.cursors[-1]
    assert [developer.name for developer in seen] == ["Ann", "Ann", "Bob", "Cat", "Zed"]
    assert len({developer.id for developer in seen}) == 5


async def test_load_counts_unresolved_issues_in_all_projects(res: Resources):
    ours, theirs = await make_project(res), await make_project(res)
    ann, bob = await make_developer(res), await make_developer(res)
    for project in (ours, theirs):
        await make_issue(res, project, assignee_id=ann.id)
        await make_issue(res, project, assignee_id=ann.id, status=IssueStatus.RESOLVED)
    await make_issue(res, ours, assignee_id=bob.id)
    assert await loads_by_developer_id(res, acting(ann, ours), [bob.id, ann.id, uuid4()]) == [0, 2, 0]


async def test_nothing_is_told_of_those_out_of_sight(res: Resources):
    ann, eve = await make_developer(res), await make_developer(res, services=("api",), on_call=True)
    await make_issue(res, await make_project(res), assignee_id=eve.id)
    actor = acting(ann)
    assert await services_by_developer_id(res, actor, [eve.id]) == [[]]
    assert await duties_by_developer_id(res, actor, [eve.id]) == [None]
    assert await loads_by_developer_id(res, actor, [eve.id]) == [0]


async def test_of_duties_that_overlap_the_one_that_ends_last_counts(res: Resources):
    ann = await make_developer(res)
    ends = (timedelta(hours=1), timedelta(hours=3), timedelta(hours=2))
    async with res.db.transaction() as tx:
        tx.session.add_all(
            [Duty(id=uuid4(), developer_id=ann.id, starts_at=START, ends_at=START + end) for end in ends]
        )
    (duty,) = await duties_by_developer_id(res, acting(ann), [ann.id])
    assert duty.until == START + timedelta(hours=3)


async def test_the_nameless_see_nobody(res: Resources):
    for question in (
        list_developers(res, ANONYMOUS, filter=ALL, page=page_request()),
        count_developers(res, ANONYMOUS, filter=ALL),
        find_developer(res, ANONYMOUS, developer_id=uuid4()),
        developers_by_id(res, ANONYMOUS, [uuid4()]),
    ):
        with pytest.raises(Unauthenticated):
            await question
