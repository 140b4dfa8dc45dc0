from datetime import timedelta

import pytest
from sqlalchemy.dialects.postgresql import asyncpg
from sqlmodel import select

from domain.access import system
from domain.errors import InvalidInput
from domain.event import Severity
from domain.issue import IssueFilter, IssueOrder, IssueOrderField
from domain.page import PageRequest
from domain.search.expression import HappenedTo
from models import Issue
from resolvers.issue.list import count_issues, list_issues
from resolvers.issue.search import search_condition
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_issue
from tests.support.factories.project import make_project


async def found(res: Resources, actor, search: str, **arguments) -> set[str]:
    page = await list_issues(res, actor, search=search, page=PageRequest(200), **arguments)
    assert await count_issues(res, actor, search=search, **arguments) == len(page.items), search
    return {issue.short_id for issue, _ in page.items}


async def test_words_are_found_stemmed_begun_quoted_and_inside_of_identifiers(res: Resources):
    project = await make_project(res)
    await make_issue(
        res,
        project,
        short_id="CHECKOUT-1F",
        title="CardDeclinedError: card 17 was declined",
        error_type="CardDeclinedError",
        message="card 17 was declined while reading settings of payments.gateway (HTTPServer at db.internal:5432)",
        culprit="checkout.views.charge_card",
    )
    await make_issue(
        res, project, short_id="CHECKOUT-2", title="Ошибка", error_type="E", message="ЖЮРИ отклонён", culprit=None
    )
    for search in (
        "declined", "decline", "declining", "DECLINED", "decl*", "CardDecl*", "carddecl*", "CardDeclinedError", "carddeclinederror",
        "error", "Errors", '"card 17 was declined"', '"was declined while reading"', "setting", "HTTPServer", "http", "server",
        "charge_card", "charge", "cards", "checkout.views.charge_card", "views.charge", "5432", "db.internal:54*", '"localhost" OR card',
        "CHECKOUT-1F", "checkout-1f", "1f", "card !order", "the OR card", "card settings", '"CardDeclinedError: card 17"', "card -> 17",
    ):  # fmt: skip
        assert await found(res, system(), search) == {"CHECKOUT-1F"}, search
    for search in ("ошибка", "жюри", "ЖЮРИ отклонён", "отклон*", "Checkout-2"):
        assert await found(res, system(), search) == {"CHECKOUT-2"}, search
    for search in (
        "clined",
        '"decline"',
        '"declined was"',
        '"card was"',
        "card refund",
        "!checkout",
        "CHECKOUT-1",
        "the",
        "decli",
    ):
        assert await found(res, system(), search) == set(), search
    for search in ("", "checkout", "!refund", "check*", "card OR жюри", "is:unresolved"):
        assert len(await found(res, system(), search)) == 2, search


async def test_of_a_long_message_the_beginning_is_searched(res: Resources):
    project = await make_project(res)
    await make_issue(res, project, short_id="LONG-1", message="early " + "x" * 980 + " within " + "y " * 100 + "late")
    assert await found(res, system(), "early within") == {"LONG-1"}
    assert await found(res, system(), "late") == set()


async def test_a_text_that_is_changed_is_found_as_it_is_now(res: Resources):
    issue = await make_issue(res, await make_project(res), short_id="SHOP-1", message="Ada cannot pay")
    assert await found(res, system(), "Ada") == {"SHOP-1"}
    async with res.db.transaction() as tx:
        row = await tx.session.get(Issue, issue.id)
        row.message = "somebody cannot pay"
    assert await found(res, system(), "Ada") == set()
    assert await found(res, system(), "somebody") == {"SHOP-1"}


async def test_a_search_reveals_nothing_of_projects_people_and_teams_out_of_sight(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    dev, mate, stranger = [await make_developer(res, name=name) for name in ("Dev", "Mate", "Stranger")]
    await make_team(res, slug="ours", members=(dev, mate), projects=(mine,))
    theirs = await make_team(res, slug="theirs", projects=(other,))
    await make_issue(res, mine, short_id="MINE-1", assignee_id=stranger.id, team_id=theirs.id)
    await make_issue(res, mine, short_id="MINE-2", assignee_id=mate.id)
    await make_issue(res, mine, short_id="MINE-3", assignee_id=dev.id)
    await make_issue(res, other, short_id="OTHER-1", assignee_id=stranger.id, team_id=theirs.id)
    actor = acting(dev, mine)
    every = {"MINE-1", "MINE-2", "MINE-3"}
    for search, seen in {
        "total": every,
        "OTHER-1": set(),
        "total OR OTHER*": every,
        "!nothing": every,
        "assignee:stranger": set(),
        "!assignee:stranger": every,
        "team:theirs": set(),
        "assignee:MATE": {"MINE-2"},
        f"assignee:{mate.email.upper()}": {"MINE-2"},
        "assignee:me": {"MINE-3"},
        "!assignee:me": {"MINE-1", "MINE-2"},
        "assignee:none": set(),
    }.items():
        assert await found(res, actor, search) == seen, search
    assert await found(res, system(), "team:theirs assignee:stranger") == {"MINE-1", "OTHER-1"}
    with pytest.raises(InvalidInput, match="Column 10: `me` is for developers"):
        await list_issues(res, system(), search="assignee:me")


async def test_search_and_filter_must_both_hold_in_every_order_and_page(res: Resources):
    project = await make_project(res)
    for number in range(12):
        await make_issue(
            res,
            project,
            short_id=f"SHOP-{number}",
            message="timeout" if number % 3 else "refused",
            title="it failed",
            severity=Severity.HIGH if number % 2 else Severity.LOW,
            first_seen_at=START - timedelta(hours=number // 2),
            counter={"event_count": number // 4, "last_seen_at": START - timedelta(hours=number // 5)},
        )
    filter = IssueFilter(severity=(Severity.HIGH,))
    assert await found(res, system(), "timeout", filter=filter) == {"SHOP-1", "SHOP-5", "SHOP-7", "SHOP-11"}
    for field in IssueOrderField:
        order = IssueOrder(field)
        whole = await list_issues(res, system(), search="timeouts OR events:>1", order=order)
        seen: list[str] = []
        while len(seen) < len(whole.cursors):
            page = PageRequest(3, after=seen[-1] if seen else None)
            seen += (await list_issues(res, system(), search="timeouts OR events:>1", order=order, page=page)).cursors
        assert seen == whole.cursors


async def test_an_issue_that_was_merged_away_is_not_found(res: Resources):
    project = await make_project(res)
    leading = await make_issue(res, project, short_id="SHOP-1")
    await make_issue(res, project, short_id="SHOP-2", merged_into_id=leading.id, merged_at=START)
    assert await found(res, system(), "total") == {"SHOP-1"}


async def test_where_nothing_is_found_slips_are_mended_by_words_in_sight_the_same_on_each_page(res: Resources):
    mine, other = await make_project(res), await make_project(res)
    for number in range(5):
        await make_issue(res, mine, short_id=f"SHOP-{number}", error_type="ConnectionTimeoutError")
    await make_issue(res, other, short_id="OTHER-1", message="it failed", title="unmistakable")
    actor = acting(await make_developer(res), mine)
    assert len(await found(res, actor, "tiemout !refused")) == 5
    assert await found(res, system(), "unmistakeable") == {"OTHER-1"}
    for search in ("unmistakeable", '"tiemout"', "tiemout service:nowhere", "tiemo*"):
        assert await found(res, actor, search) == set(), search
    first = await list_issues(res, actor, search="tiemout", page=PageRequest(3))
    second = await list_issues(res, actor, search="tiemout", page=PageRequest(3, after=first.cursors[-1]))
    assert len({issue.id for issue, _ in [*first.items, *second.items]}) == 5
    last = await list_issues(res, actor, search="timeout", page=PageRequest(3, after=second.cursors[-1]))
    assert last.items == []


async def test_nothing_is_mended_where_the_words_as_they_are_find_something(res: Resources):
    project = await make_project(res)
    await make_issue(res, project, short_id="SHOP-1", title="tiemout")
    for number in range(3):
        await make_issue(res, project, short_id=f"SHOP-1{number}", title="timeout")
    assert await found(res, system(), "tiemout") == {"SHOP-1"}


@pytest.mark.parametrize("unit", ["🙂", "aA", "a.", "1e", "a ", "\u0301", "'", "\\", "<a b=", "http://a/", "a@b.c "])
async def test_any_message_can_be_stored_and_the_issue_be_found(res: Resources, unit: str):
    hostile = unit * (8192 // len(unit))
    await make_issue(res, await make_project(res), short_id="SHOP-1", message=hostile, title=hostile, culprit=hostile)
    assert await found(res, system(), "SHOP-1") == {"SHOP-1"}


async def test_whom_it_happened_to_is_found_by_the_index_of_users(res: Resources):
    await make_issue(res, await make_project(res))
    async with res.db.raw.acquire() as connection:
        await connection.execute(_MANY_USERS)
        await connection.execute("ANALYZE key_user")
    query = select(Issue.id).where(search_condition(system(), HappenedTo("ada")))
    asked = query.compile(dialect=asyncpg.dialect(), compile_kwargs={"render_postcompile": True})
    values = [asked.params[name] for name in asked.positiontup]
    plan = "\n".join(line for (line,) in await res.db.raw.fetch(f"EXPLAIN {asked}", *values))
    assert "key_user_by_user" in plan, plan


_MANY_USERS = """
INSERT INTO key_user (project_id, key_id, user_hash)
SELECT k.project_id, k.id, sha256(n::text::bytea) FROM grouping_key k, generate_series(1, 5000) n
"""
