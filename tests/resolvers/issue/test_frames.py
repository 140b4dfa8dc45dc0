"""Issues and events are found by words of their frames, wherever their grouping keys lead."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlmodel import select

from domain.access import system
from domain.page import PageRequest
from domain.report import IngestOutcome
from domain.search.expression import All, Either
from domain.search.words import Words
from models import Event, GroupingKey, Issue, KeyFrames, Project
from resolvers.event.kept import keep_telling
from resolvers.event.list import count_events, list_events
from resolvers.event.search import event_condition
from resolvers.intake.incoming import Stored
from resolvers.intake.log import log_errors
from resolvers.issue import noting
from resolvers.issue.frames import MOST_KEYS, note_frames_of
from resolvers.issue.list import count_issues, list_issues
from resolvers.issue.merge import merge_issues
from resolvers.issue.noting import note_frames
from resolvers.issue.search import search_condition
from resolvers.issue.split import split_issue
from resolvers.resources import Resources
from tests.support.actors import acting
from tests.support.factories.developer import make_developer, make_team
from tests.support.factories.issue import make_event, make_frames, make_issue, make_key
from tests.support.factories.project import make_project
from tests.support.rows import all_rows
from tests.support.writing import a_report, log, reporter

CART = {"function": "addItem", "module": "shop.cart", "filename": "shop/cart.py"}
PAY = {"function": "charge_card", "module": "shop.payments.gateway", "filename": "shop/payments/gateway.py"}
BANK = {"function": "transfer", "filename": "bank/LedgerEntry.py"}
FOREIGN = {"function": "_get_response", "module": "django.core.handlers.base", "inApp": False}


# Where it is thrown, which the culprit names: what is found by others is found by frames.
THROWN = {"function": "refuse", "module": "shop.rules"}


def thrown(*frames: dict) -> list[dict]:
    return [{"type": "ValueError", "frames": [*frames, THROWN]}]


async def issues(res: Resources, search: str) -> set[UUID]:
    page = await list_issues(res, system(), search=search, page=PageRequest(100))
    assert await count_issues(res, system(), search=search) == len(page.items), search
    return {issue.id for issue, _ in page.items}


async def events(res: Resources, search: str) -> set[UUID]:
    page = await list_events(res, system(), search=search, page=PageRequest(100))
    assert await count_events(res, system(), search=search) == len(page.items), search
    return {event.id for event in page.items}


async def logged(res: Resources, project: Project, *frames: dict, **fields) -> Stored:
    return await log(res, project, exceptions=thrown(*frames), **fields)


async def test_frames_are_found_in_any_form_begun_quoted_and_inside_of_identifiers(writing: Resources):
    project = await make_project(writing)
    one = await logged(writing, project, FOREIGN, PAY, BANK, CART)
    two = await logged(writing, project, FOREIGN, BANK, BANK | {"function": "close"}, service="bank")
    for search in (
        "charge_card", "charge", "CHARGING", "cards", "payments", "payments.gateway", "shop.payments.gateway.charge_card",
        "gateway.py", "additem", "items", "addIt*", "shop.payments.gate*", '"gateway charge"', '"cart.addItem cart.py"',
        "charge !close", "charge close OR payment cart", "total django charge", '"bank/LedgerEntry.py in transfer" cart',
    ):  # fmt: skip
        assert await issues(writing, search) == {one.issue_id}, search
        assert await events(writing, search) == {one.row_id}, search
    for search in ("ledger", "LedgerEntry.py", "ledgerentry", "transfers", "django.core", "get_response", "ledg*"):
        assert await issues(writing, search) == {one.issue_id, two.issue_id}, search
        assert await events(writing, search) == {one.row_id, two.row_id}, search
    for search in ('"harge_card"', '"charging"', '"transfer shop"', '"cart.py bank"', "frame0border", "refund"):
        assert await issues(writing, search) == set(), search
        assert await events(writing, search) == set(), search
    assert await issues(writing, "!charge") == await issues(writing, "close") == {two.issue_id}
    assert await events(writing, "!charge") == {two.row_id}


async def test_a_slip_is_mended_by_the_words_of_frames(writing: Resources):
    project = await make_project(writing)
    one = await logged(writing, project, CART, PAY)
    assert await issues(writing, "pyaments") == {one.issue_id}
    assert await events(writing, "pyaments") == {one.row_id}


# Where a module is named the file does not count, so that both have a key of the same calls.
SAME = CART | {"filename": "shop/basket.py", "inApp": False}


async def test_an_issue_is_found_by_the_frames_of_a_key_that_comes_later_too(writing: Resources):
    project = await make_project(writing)
    first = await logged(writing, project, FOREIGN, CART, PAY)
    assert await issues(writing, "basket.py") == set()
    again = await logged(writing, project, FOREIGN, SAME, PAY)
    assert (again.issue_id, again.is_new) == (first.issue_id, False)
    for search in ("charge", "basket.py", "cart.py", "basket.py cart.py"):
        assert await issues(writing, search) == {first.issue_id}, search
    assert await events(writing, "basket.py") == {again.row_id}
    assert await events(writing, "cart.py") == {first.row_id}
    assert len(await all_rows(writing, KeyFrames)) == 2


async def test_the_keys_that_come_with_a_new_issue_are_all_noted(writing: Resources):
    project = await make_project(writing)
    reports = [a_report(exceptions=thrown(FOREIGN, frame, PAY)) for frame in (CART, SAME)]
    logged = [one.stored for one in await log_errors(writing, reporter(project), reports)]
    assert len({one.issue_id for one in logged}) == 1
    for search in ("basket.py", "cart.py", "basket.py cart.py"):
        assert await issues(writing, search) == {logged[0].issue_id}, search


async def test_a_key_that_comes_to_an_issue_waits_for_who_changes_it(writing: Resources, database_url: str):
    project = await make_project(writing)
    first = await logged(writing, project, FOREIGN, CART, PAY)
    person = await asyncpg.connect(database_url)
    async with person.transaction():
        await person.execute("UPDATE issue SET message = 'it is changed'")
        logging = asyncio.create_task(logged(writing, project, FOREIGN, SAME, PAY))
        while not await person.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            await asyncio.sleep(0.01)
    await person.close()
    assert (await logging).issue_id == first.issue_id
    assert await issues(writing, "basket.py changed") == {first.issue_id}


@pytest.mark.parametrize("severity", ["MEDIUM", "CRITICAL"])
async def test_an_event_that_a_duplicate_would_have_led_elsewhere_is_stored(writing: Resources, severity: str):
    """Also one that makes its issue worse, which nobody knew was to be locked."""
    project = await make_project(writing)
    mine = [
        {"function": name, "filename": "a.py", "inApp": name.endswith("*")}
        for name in ("m", "n", "l*", "k*", "m*", "n*")
    ]
    m, n, last, other, our_m, our_n = [frame | {"function": frame["function"].strip("*")} for frame in mine]
    foreign = THROWN | {"inApp": False}

    def calls(*frames: dict) -> list[dict]:
        return [{"type": "ValueError", "frames": [*frames, foreign]}]

    await log(writing, project, exceptions=calls(m, n, last), eventId="once")
    second = await log(writing, project, exceptions=calls(m, n, other))
    reports = [
        a_report(exceptions=calls(our_m, our_n, last | {"inApp": False}), eventId="once"),
        a_report(exceptions=calls(our_m, our_n, other | {"inApp": False}), severity=severity),
    ]
    again, joined = [one.stored for one in await log_errors(writing, reporter(project), reports)]
    assert again.outcome is IngestOutcome.DUPLICATE
    assert (joined.outcome, joined.issue_id) == (IngestOutcome.STORED, second.issue_id)
    assert {issue.id: issue.severity for issue in await all_rows(writing, Issue)}[second.issue_id] == severity
    assert len(await all_rows(writing, KeyFrames)) == 3


async def test_merges_and_splits_take_the_frames_with_the_keys(writing: Resources):
    project, ann = await make_project(writing), await make_developer(writing)
    await make_team(writing, members=(ann,), projects=(project,))
    actor = acting(ann, project)
    cart, pay = await logged(writing, project, CART), await logged(writing, project, PAY)
    merged = await merge_issues(writing, actor, into_issue_id=cart.issue_id, issue_ids=[pay.issue_id])
    for search in ("charge", "additem", "charge additem"):
        assert await issues(writing, search) == {merged.id}, search
    assert await events(writing, "charge") == {pay.row_id}
    assert await events(writing, "additem") == {cart.row_id}
    key = next(key for key in await all_rows(writing, GroupingKey) if key.merged_from_id is not None)
    other = await split_issue(writing, actor, issue_id=merged.id, grouping_keys=[key.hash.hex()])
    assert other.id == pay.issue_id
    assert await issues(writing, "charge") == {pay.issue_id}
    assert await issues(writing, "additem") == {cart.issue_id}
    assert await issues(writing, "charge additem") == set()


async def test_an_issue_is_found_by_the_frames_of_its_newest_keys(res: Resources):
    issue = await make_issue(res, await make_project(res), events=0)
    await make_frames(res, issue, "oldest.call")
    for number in range(MOST_KEYS):
        await make_frames(res, issue, f"call{number}.here", key=await make_key(res, issue))
    assert await issues(res, "oldest") == set()
    assert await issues(res, "call0") == await issues(res, f"call{MOST_KEYS - 1}") == {issue.id}
    event = await make_event(res, issue)
    assert await events(res, "oldest") == {event.id}


async def test_one_without_frames_has_none_to_be_found_by(writing: Resources):
    project = await make_project(writing)
    await log(writing, project)
    assert await all_rows(writing, KeyFrames) == []
    assert len(await issues(writing, "!charge")) == len(await events(writing, "!charge")) == 1


@pytest.mark.parametrize("unit", ["🙂", "aA", "a.", "1e", "é", "'", "\\", "<a b=", ":*&", "ß"])
async def test_any_frames_of_many_keys_can_be_stored(res: Resources, unit: str):
    issue = await make_issue(res, await make_project(res), events=0)
    for _ in range(MOST_KEYS + 1):
        lines = [(unit + uuid4().hex[:3]) * (200 // (len(unit) + 3)) for _ in range(5)]
        await make_frames(res, issue, *lines, key=await make_key(res, issue))
    async with res.db.transaction() as tx:
        await note_frames_of(tx, [issue.id])
    assert await issues(res, issue.short_id) == {issue.id}


async def test_indexes_of_one_table_find_issues_and_one_finds_keys(res: Resources):
    issue = await make_issue(res, await make_project(res))
    async with res.db.raw.acquire() as connection:
        await connection.execute(_MANY)
        await connection.execute("ANALYZE issue, grouping_key, key_frames")
    await make_frames(res, issue, "shop.rare")
    meant = All((Words("rare call"), Either((Words("call"), Words("bad")))))
    plan = await explained(res, select(Issue.id).where(search_condition(system(), meant)))
    assert {"issue_frames", "issue_search"} <= set(plan.split()), plan
    assert "Seq Scan" not in plan, plan
    plan = await explained(res, select(Event.id).where(event_condition(system(), Words("rare"))))
    assert "key_frames_search" in plan.split(), plan
    assert await issues(res, "rare") == {issue.id}


async def explained(res: Resources, query) -> str:
    asked = query.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})
    values = [asked.params[name] for name in asked.positiontup]
    async with res.db.raw.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")  # of a table that is small it would be quicker
        return "\n".join(line for (line,) in await connection.fetch(f"EXPLAIN {asked}", *values))


_MANY = """
WITH made AS (
  INSERT INTO issue (id, project_id, short_id, title, error_type, message, service, severity, severity_is_set, status,
                     is_regression, first_seen_at, version, frames)
  SELECT gen_random_uuid(), project_id, 'MANY-' || n, 'It failed ' || n, 'E', 'm', 's', 'LOW', false, 'UNRESOLVED',
         false, first_seen_at, 1, to_tsvector('simple', 'shop call' || n % 50)
    FROM issue, generate_series(1, 5000) n
  RETURNING id, project_id, first_seen_at
)
INSERT INTO key_frames (key_id, words, identifiers) SELECT id, 'shop call' || row_number() OVER () % 50, '' FROM made
"""


async def test_what_came_before_frames_were_searched_is_noted_by_its_newest_event(
    writing: Resources, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(noting, "_STEP", 2)
    project = await make_project(writing)
    cart, pay = await logged(writing, project, FOREIGN, CART), await logged(writing, project, PAY)
    bank, plain = await logged(writing, project, BANK), await log(writing, project)
    await writing.db.raw.execute("TRUNCATE key_frames")
    await writing.db.raw.execute("UPDATE issue SET frames = ''")
    async with writing.db.raw.acquire() as connection:
        await keep_telling(connection, [project.id], [bank.row_id])
        await connection.execute("DELETE FROM event WHERE id = $1", bank.row_id)
    assert await issues(writing, "additem OR charge OR ledger") == set()
    assert await note_frames(writing) == 3
    assert await issues(writing, "additem") == {cart.issue_id}
    assert await events(writing, "django charge") == set()
    assert await events(writing, "charge") == {pay.row_id}
    assert await issues(writing, "ledger") == {bank.issue_id}
    assert plain.issue_id in await issues(writing, "!additem !charge !ledger")
    before = await all_rows(writing, KeyFrames)
    assert await note_frames(writing) == 0
    assert await all_rows(writing, KeyFrames) == before
