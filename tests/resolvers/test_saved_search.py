import pytest

from domain.access import ANONYMOUS, Role, system
from domain.errors import Conflict, InvalidInput, NotFound, PermissionDenied, Unauthenticated
from domain.issue import IssueOrder, IssueOrderField
from domain.search import saved as rules
from domain.search.reading import SearchSubject
from models import AuditEntry
from resolvers.resources import Resources
from resolvers.search import saved
from resolvers.search.saved import (
    create_saved_search,
    delete_saved_search,
    list_saved_searches,
    saved_searches_by_id,
    update_saved_search,
)
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.project import make_project
from tests.support.rows import all_rows

ISSUES, EVENTS = SearchSubject.ISSUES, SearchSubject.EVENTS
ORDER = IssueOrder(IssueOrderField.EVENT_COUNT, descending=False)


async def keep(res: Resources, actor, name: str, search: str = "is:unresolved", subject=ISSUES, **more):
    return await create_saved_search(res, actor, name=name, search=search, subject=subject, **more)


async def names(res: Resources, actor, **arguments) -> list[str]:
    return [row.name for row in await list_saved_searches(res, actor, **arguments)]


async def test_a_search_is_seen_by_whom_it_is_for_and_changed_by_whose_it_is(res: Resources):
    project, other = await make_project(res, slug="shop"), await make_project(res)
    ada, bob, eve = [await make_developer(res, name=name) for name in ("ada", "bob", "eve")]
    boss = await make_developer(res, name="boss", role=Role.ADMIN)
    team = await make_team(res, slug="payments", members=(ada, bob), projects=(project,))
    by_ada, by_bob, by_eve = acting(ada, project), acting(bob, project), acting(eve, project)
    admin, stranger = acting(boss), acting(await make_developer(res), other)
    own = await keep(res, by_ada, " mine ")
    of_team = await keep(res, by_ada, "the team's", team_id=team.id)
    of_project = await keep(res, by_ada, "the project's", "4711", EVENTS, project="shop")
    assert await names(res, by_ada) == ["mine", "the project's", "the team's"]
    assert await names(res, by_ada, subject=EVENTS) == ["the project's"]
    for actor in (by_bob, by_eve, admin):
        assert await names(res, actor) == ["the project's", "the team's"]
    assert await names(res, stranger) == []
    assert await saved_searches_by_id(res, by_bob, [own.id, of_team.id]) == [None, of_team]
    may_change = {own.id: [by_ada], of_team.id: [by_ada, by_bob, admin], of_project.id: [by_ada, admin]}
    for row in (own, of_team, of_project):
        for actor in (by_ada, by_bob, by_eve, admin, stranger):
            change = update_saved_search(res, actor, saved_search_id=row.id, name=f"{row.name}, changed")
            if actor in may_change[row.id]:
                assert (await change).name == f"{row.name}, changed"
                continue
            with pytest.raises((NotFound, PermissionDenied)) as refusal:
                await change
            is_seen = (await saved_searches_by_id(res, actor, [row.id])) != [None]
            assert isinstance(refusal.value, PermissionDenied) == is_seen
            with pytest.raises((NotFound, PermissionDenied)):
                await delete_saved_search(res, actor, saved_search_id=row.id)
    await delete_saved_search(res, by_bob, saved_search_id=of_team.id)
    assert await names(res, by_ada) == ["mine, changed", "the project's, changed"]


async def test_what_is_changed_is_changed_alone_and_audited(res: Resources):
    ada = acting(await make_developer(res), await make_project(res))
    row = await keep(res, ada, "open", order=ORDER)
    assert (row.order_field, row.is_descending) == (IssueOrderField.EVENT_COUNT, False)
    row = await update_saved_search(res, ada, saved_search_id=row.id, search="is:resolved")
    assert (row.name, row.search, row.order_field) == ("open", "is:resolved", IssueOrderField.EVENT_COUNT)
    row = await update_saved_search(res, ada, saved_search_id=row.id, order=None)
    assert (row.search, row.order_field, row.is_descending) == ("is:resolved", None, None)
    await update_saved_search(res, ada, saved_search_id=row.id, search="is:resolved")
    await delete_saved_search(res, ada, saved_search_id=row.id)
    entries = sorted(await all_rows(res, AuditEntry), key=lambda entry: entry.id)
    assert [(entry.action, entry.target_id) for entry in entries] == [
        (action, row.id)
        for action in ("createSavedSearch", "updateSavedSearch", "updateSavedSearch", "deleteSavedSearch")
    ]
    assert (entries[1].before, entries[1].after) == ({"search": "is:unresolved"}, {"search": "is:resolved"})


@pytest.mark.parametrize(
    ("settings", "path", "said"),
    [
        ({"search": "a servce:b"}, "search", "Column 3: there is no key `servce:`"),
        ({"search": "a first:7d", "subject": EVENTS}, "search", "Column 3: `first:` says nothing of an event"),
        ({"search": "a" * 1001}, "search", "Column 1001:"),
        ({"name": " "}, "name", "`name` is empty."),
        ({"name": "a" * 101}, "name", "`name` has 101 characters"),
        ({"order": ORDER, "subject": EVENTS}, "orderBy", "Events are listed newest first"),
        ({"team_id": "payments", "project": "shop"}, "project", "Share it with a team or with a project."),
    ],
)
async def test_what_cannot_be_kept_is_refused_where_it_is(res: Resources, settings, path: str, said: str):
    ada = acting(await make_developer(res), await make_project(res))
    with pytest.raises(InvalidInput) as refusal:
        await create_saved_search(res, ada, **{"name": "open", "search": "", "subject": ISSUES, **settings})
    assert refusal.value.path == (path,)
    assert refusal.value.message.startswith(said)
    if "search" in settings:
        row = await keep(res, ada, "open", "", settings.get("subject", ISSUES))
        with pytest.raises(InvalidInput):
            await update_saved_search(res, ada, saved_search_id=row.id, search=settings["search"])


async def test_it_is_shared_only_with_teams_of_ones_own_and_in_projects_in_sight(res: Resources):
    mine, other = await make_project(res), await make_project(res, slug="hidden")
    ada = acting(await make_developer(res), mine)
    beside = await make_team(res, slug="beside", projects=(mine,))
    hidden = await make_team(res, slug="hidden", projects=(other,))
    with pytest.raises(PermissionDenied):
        await keep(res, ada, "a", team_id=beside.id)
    for more in ({"team_id": hidden.id}, {"project": "hidden"}, {"project": "nowhere"}):
        with pytest.raises(NotFound):
            await keep(res, ada, "a", **more)
    assert (await keep(res, acting(await make_developer(res, role=Role.ADMIN)), "a", team_id=beside.id)).team_id


async def test_nobody_keeps_too_many_or_without_being_somebody(res: Resources, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(saved, "MOST_SAVED", 1)
    assert rules.MOST_SAVED == 200
    person = await make_developer(res)
    await keep(res, acting(person), "a")
    with pytest.raises(Conflict):
        await keep(res, acting(person), "b")
    with pytest.raises(InvalidInput):
        await keep(res, system(), "a")
    with pytest.raises(PermissionDenied):
        await keep(res, acting(await make_developer(res, role=Role.VIEWER)), "a")
    for refused in (keep(res, ANONYMOUS, "a"), list_saved_searches(res, ANONYMOUS)):
        with pytest.raises(Unauthenticated):
            await refused
