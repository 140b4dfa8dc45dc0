from datetime import timedelta

import pytest

from domain.access import ANONYMOUS, system
from domain.errors import InvalidInput, Unauthenticated
from domain.search.reading import EVENTS, ISSUES
from models import Release
from resolvers.resources import Resources
from resolvers.search import tags
from resolvers.search.suggest import suggest
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import count_events, make_facets, make_issue
from tests.support.factories.project import make_project


async def texts(res: Resources, actor, search: str, subject=ISSUES, most: int = 10) -> list[str]:
    return [one.text for one in await suggest(res, actor, search=search, cursor=None, subject=subject, most=most)]


async def test_names_in_sight_are_suggested_those_first_that_begin_so(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    for project, word in ((mine, "shop"), (other, "hidden")):
        issue = await make_issue(res, project, service=word, error_type=f"{word}ReadTimeout", culprit=f"{word}.total()")
        await count_events(res, issue, START, 1, environment=f"{word}-eu")
        await count_events(res, issue, START - timedelta(days=31), 1, environment="long-ago")
        async with res.db.transaction() as tx:
            for number in (1, 10, 9):
                at = START + timedelta(hours=number)
                tx.session.add(Release(project_id=project.id, version=f"{word}@{number}", first_seen_at=at))
    await make_issue(res, mine, service="shop", error_type="Timeout 50%", culprit=None)
    me = await make_developer(res, name="Ada L")
    await make_developer(res, name="Adam")
    await make_team(res, slug="shop-team", members=(me,), projects=(mine,))
    await make_team(res, slug="hidden-team", projects=(other,))
    actor = acting(me, mine)
    for search, found in {
        "service:": ["shop"],
        "a !service:SH": ["shop"],
        "environment:": ["shop-eu"],
        "release:": ["shop@10", "shop@9", "shop@1"],
        "release:op@1": ["shop@10", "shop@1"],
        "type:time": ['"Timeout 50%"', "shopReadTimeout"],
        "type:0%": ['"Timeout 50%"'],
        "type:%": ['"Timeout 50%"'],
        "culprit:": ['"shop.total()"'],
        "assignee:": ["me", "none", '"Ada L"'],
        'assignee:"ada L': ['"Ada L"'],
        "team:": ["none", "shop-team"],
        "service:hid": [],
        "user:": [],
        "servce:": [],
    }.items():
        assert await texts(res, actor, search) == found, search
        if not search.startswith("user"):
            assert await texts(res, actor, search, EVENTS) == found, search
    assert await texts(res, system(), "service:") == ["hidden", "shop"]
    assert await texts(res, system(), "service:", most=1) == ["hidden"]


async def test_tags_in_sight_are_suggested_with_their_values(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    for project, word in ((mine, "shop"), (other, "hidden")):
        for number in range(2):
            issue = await make_issue(res, project)
            await make_facets(res, issue, "tag.region", f"{word}-{number}", f"{word} west")
            await make_facets(res, issue, f"tag.{word}.Kind", "a*b", "me")
            await make_facets(res, issue, "tag.no key", "x")
            await make_facets(res, issue, "environment", "tag.eu")
    actor = acting(await make_developer(res), mine)
    for search, found in {
        "ta": ["tag.region:", "tag.shop.Kind:"],
        "a !tag.": ["tag.region:", "tag.shop.Kind:"],
        "tag.KI": ["tag.shop.Kind:"],
        "tag.r": ["tag.region:"],
        "t": ["type:", "team:", "tag.region:", "tag.shop.Kind:"],
        "has:t": ["team", '"tag.no key"', "tag.region", "tag.shop.Kind"],
        "has:tag.s": ["tag.shop.Kind"],
        "tag.region:": ['"shop west"', "shop-0", "shop-1"],
        "tag.region:SHOP-": ["shop-0", "shop-1"],
        'tag.region:"shop w': ['"shop west"'],
        "tag.shop.Kind:": ['"a*b"', '"me"'],
        "tag.shop.kind:": [],
        "tag.hidden.Kind:": [],
        "taggy": [],
        '"tag.': [],
    }.items():
        assert await texts(res, actor, search) == found, search
        assert await texts(res, actor, search, EVENTS) == found, search
    assert "tag.hidden.Kind:" in await texts(res, system(), "tag.")
    assert await texts(res, acting(await make_developer(res)), "tag.") == []
    assert await texts(res, actor, "") == await texts(res, system(), "")


async def test_no_more_steps_are_taken_than_the_bound(res: Resources, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tags, "MOST_STEPS", 2)
    for project in (await make_project(res), await make_project(res)):
        issue = await make_issue(res, project)
        await make_facets(res, issue, "tag.a", *(f"{project.slug}-{number}" for number in range(3)))
    values = await texts(res, system(), "tag.a:")
    assert len(values) == 4
    assert not any(value.endswith("-2") for value in values)


async def test_who_is_nobody_and_what_is_out_of_bounds_is_refused(res: Resources):
    with pytest.raises(Unauthenticated):
        await texts(res, ANONYMOUS, "a")
    for search, most in (("a", 51), ("a", -1), ("a\0", 1), ("a" * 1001, 1)):
        with pytest.raises(InvalidInput):
            await texts(res, system(), search, most=most)
