"""The client of `frontend-contract`, as it is packed, in Node.js and in a browser, against servers that go away."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from resolvers.setup import Credentials, first_setup
from tests.support.browser import pages
from tests.support.client import Told, told_in_browser, told_in_node
from tests.support.clones import Clones
from tests.support.db import make_settings, own_database
from tests.support.line import Line, line_to
from tests.support.servers import Servers
from tests.support.serving import Served, served_alone, serving
from tests.support.watched import log, until_nobody_watches

NOWHERE = "http://127.0.0.1:1"
BY = ("socket", "events")
LOG_MANY = "mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) { stored } }"
# What an operation lacks, where it could not go on after a break; none of those lacks anything.
DECLARED = "subscription Watch($filter: EventFilter, $after: Cursor) { errorLogged(filter: $filter, after: $after) "
ALONE = "subscription Watch { errorLogged "
OPERATIONS = {
    DECLARED + "{ __typename ... on ErrorLogged { isNew } } }": "does not select `cursor`: select it",
    DECLARED + "{ ... on ErrorLogged { at: cursor } } }": "does not select `cursor`: select it",
    DECLARED + '{ ... on ErrorLogged { cursor } ... on StreamReset { reason } } } # cursor "': "of StreamReset: select",
    ALONE + "{ ... on ErrorLogged { cursor } } }": "does not declare $after: declare",
    ALONE + "{ ...Item } } fragment Item on ErrorLogged @a(b: [1]) { isNew ...Item cursor }": "does not declare $after",
    ALONE + '(filter: $after, search: """($after: Cursor)""") { ... on StreamReset { cursor } } }': "declare $after:",
    DECLARED + "@live { ... @include(if: true) { x: __typename } ...Item } } fragment Item on A { cursor }": None,
    DECLARED + "{ ... on A { cursor } ... on B { b { c } ... on B { cursor } } } }": None,
    ALONE + "{ ... on ErrorLogged { isNew cursor: at issue { events { edges { cursor } } } } } }": None,
    "subscription { ": None,  # what is wrong with it is the server's to say
    "query { issues { edges { cursor } } }": None,
}
# The first run of all brings the browser.
pytestmark = [pytest.mark.timeout(300), pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(servers: Servers, clones: Clones) -> AsyncIterator[Served]:
    async with served_alone(servers, clones) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def line(served: Served) -> AsyncIterator[Line]:
    async with line_to(served.url) as made:
        yield made


def at(line: Line, credentials: Credentials, **options: object) -> dict[str, object]:
    """What the program is told: where to ask, and by which right."""
    return {"url": f"{line.url}/graphql", "token": credentials.token, **options}


async def items(told: Told, kind: str, count: int) -> dict[str, list[dict]]:
    """What comes by each way until all have brought so many of that type, past positions."""
    heard: dict[str, list[dict]] = {by: [] for by in BY}
    while min(map(len, heard.values())) < count:
        item = await told.of("item")
        if item["__typename"] == kind:
            heard[item["by"]].append(item)
        else:
            assert item["__typename"] == "StreamPosition", item
    return heard


@asynccontextmanager
async def opened(
    where: str, request: pytest.FixtureRequest, project: Path, origin: str, **options: object
) -> AsyncIterator[Told]:
    """The program, there."""
    program = (
        told_in_node(request.getfixturevalue("node"), project, **options)
        if where == "node"
        else told_in_browser(request.getfixturevalue("browser"), origin, **options)
    )
    async with program as told:
        yield told


@pytest.mark.parametrize("where", ["node", "browser"])
async def test_over_lost_lines_and_another_server_nothing_is_lost_and_nothing_twice(
    where: str, request: pytest.FixtureRequest, servers: Servers, clones: Clones, project: Path
):
    expected: list[str] = []

    async def happens(served: Served) -> None:
        for _ in range(3):
            expected.append(f"number {len(expected)}")
            await log(served, expected[-1])

    async with AsyncExitStack() as kept:
        database_url = await kept.enter_async_context(own_database(servers, clones))
        line = await kept.enter_async_context(line_to(NOWHERE))
        origin = kept.enter_context(pages(project))
        settings = make_settings(database_url, servers.redis_url, allowed_origins=(origin,))
        async with serving(settings) as (url, app):
            credentials = await first_setup(app.state.resources)
            assert credentials is not None
            old = Served(url, app, credentials)
            line.lead_to(url)
            options = at(line, credentials, watch=BY)
            told = await kept.enter_async_context(opened(where, request, project, origin, **options))
            await items(told, "StreamPosition", 1)
            for _ in range(3):
                await happens(old)
                line.cut()
            await happens(old)
        async with serving(settings) as (url, app):
            line.lead_to(url)
            await happens(Served(url, app, credentials))
            heard = await items(told, "ErrorLogged", len(expected))
    assert [[item["event"]["message"] for item in heard[by]] for by in BY] == [expected, expected]


async def test_what_is_gone_is_told_and_the_stream_goes_on(served: Served, line: Line, node: str, project: Path):
    async with told_in_node(node, project, **at(line, served.credentials, watch=BY)) as told:
        await items(told, "StreamPosition", 1)
        line.lead_to(NOWHERE)
        line.cut()
        await log(served, "gone")
        await served.res.db.raw.execute("DELETE FROM event")
        line.lead_to(served.url)
        resets = await items(told, "StreamReset", 1)
        assert {item["reason"] for by in BY for item in resets[by]} == {"EXPIRED"}
        await log(served, "there")
        heard = await items(told, "ErrorLogged", 1)
    assert {item["event"]["message"] for by in BY for item in heard[by]} == {"there"}


async def test_who_could_not_go_on_after_a_break_is_told_at_once(node: str, project: Path):
    judge = [*OPERATIONS, *("subscription { statsTicked { at } }", DECLARED + "{ cursor } }")]
    async with told_in_node(node, project, url=NOWHERE, judge=judge) as told:
        answers = [await told.next() for _ in judge]
    wrong = {text: answer["value"] for text, answer in zip(judge, answers, strict=True) if answer["kind"] == "failed"}
    assert {error["name"] for error in wrong.values()} == {"TypeError"}
    assert wrong.keys() == {text for text, lacks in OPERATIONS.items() if lacks}
    assert [text for text, error in wrong.items() if str(OPERATIONS[text]) not in error["message"]] == []


async def test_a_line_that_says_nothing_any_more_is_left(served: Served, line: Line, node: str, project: Path):
    async with told_in_node(node, project, **at(line, served.credentials, watch=["socket"], pingMs=200)) as told:
        await told.of("item")
        line.hold()
        broken = await told.of("break")
        assert broken["message"] == "The server does not answer."
        await log(served, "meanwhile")
        line.cut()
        while (item := await told.of("item"))["__typename"] != "ErrorLogged":
            pass
        assert item["event"]["message"] == "meanwhile"


async def test_who_takes_slowly_leaves_the_stream_and_comes_back(served: Served, line: Line, node: str, project: Path):
    options = at(line, served.credentials, watch=["socket"], mostWaiting=2, waits=5)
    async with told_in_node(node, project, **options) as told:
        await told.of("item")
        expected = [f"slowly {number}" for number in range(12)]
        inputs = [{"service": "checkout", "errorType": "ValueError", "message": message} for message in expected]
        await served.ask(LOG_MANY, credential=served.credentials.ingest_key, inputs=inputs)
        heard: list[str] = []
        breaks: list[str] = []
        while len(heard) < len(expected):
            one = await told.next()
            if one["kind"] == "break":
                breaks.append(one["value"]["message"])
            elif one["value"]["__typename"] == "ErrorLogged":
                heard.append(one["value"]["event"]["message"])
    assert sorted(heard) == sorted(expected)
    assert set(breaks) == {"Too much waits to be taken."}


@pytest.mark.parametrize("how", ["abort", "return"])
async def test_who_stops_is_gone_at_once(served: Served, line: Line, node: str, project: Path, how: str):
    async with told_in_node(node, project, **at(line, served.credentials, watch=BY, leaves=how)) as told:
        heard = [await told.next() for _ in range(2 * len(BY))]
        assert sorted(one["kind"] for one in heard) == ["item"] * len(BY) + ["left"] * len(BY)  # and no second item
        await until_nobody_watches(served)


@pytest.mark.parametrize("by", BY)
async def test_who_may_not_watch_is_told_and_does_not_come_back(
    served: Served, line: Line, node: str, project: Path, by: str
):
    options = at(line, served.credentials, watch=[by], token="tcs_unknown")
    async with told_in_node(node, project, **options) as told:
        failed = (await told.next())["value"]
    assert (failed["name"], failed["code"]) == ("TocsinError", "UNAUTHENTICATED")


async def test_questions_are_answered_and_what_is_wrong_has_its_code(
    served: Served, line: Line, node: str, project: Path
):
    asked = [
        {"ask": "ShowViewer"},
        {"ask": "ListIssues", "variables": {"first": 1000}},
        {"ask": "{ nonsense }"},
        {"ask": "ShowViewer", "url": f"{NOWHERE}/graphql"},
        {"ask": "ShowViewer", "url": f"{served.url}/health"},
    ]
    async with told_in_node(node, project, **at(line, served.credentials, run=asked)) as told:
        answer, *failed = [await told.next() for _ in asked]
    assert answer["value"]["viewer"]["developer"]["name"] == "Owner"
    assert [(one["value"]["code"], one["value"]["status"]) for one in failed] == [
        ("INVALID_INPUT", 200),
        ("BAD_REQUEST", 400),
        ("NO_ANSWER", None),
        ("NO_ANSWER", 405),
    ]
