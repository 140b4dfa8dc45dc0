"""The client of `frontend-contract` in Node.js: how it ends, what it hands on to its caller, and what it tries again."""

from pathlib import Path

import pytest

from tests.support.client import told_in_node
from tests.support.line import line_to
from tests.support.serving import Served
from tests.support.watched import expire_tokens, log, make_token

NOWHERE = "http://127.0.0.1:1"
ENDED = {"kind": "ended", "value": {"done": True}}
BY = pytest.mark.parametrize("by", ["socket", "events"])
CASES = "cases.js"
# It wants more similar issues than are given, and so has no latest event.
REFUSED = """subscription($after: Cursor) { errorLogged(after: $after) { __typename
  ... on ErrorLogged { cursor event { message } issue { latestEvent { issue { similar(first: 30) { id } } } } }
  ... on StreamPosition { cursor } ... on StreamReset { cursor } } }"""
pytestmark = pytest.mark.timeout(300)


@BY
async def test_who_is_aborted_while_the_line_is_opened_ends(served: Served, node: str, project: Path, by: str):
    async with line_to(served.url) as line:
        line.hold()
        options = {"which": "while it is opened", "url": f"{line.url}/graphql", "token": "tcs_any", "by": by}
        async with told_in_node(node, project, CASES, **options) as told:
            assert await told.next() == ENDED


@BY
async def test_who_is_aborted_while_a_token_is_found_ends(served: Served, node: str, project: Path, by: str):
    options = {"which": "while a token is found", "url": f"{served.url}/graphql", "by": by}
    async with told_in_node(node, project, CASES, **options) as told:
        assert await told.next() == ENDED


async def test_who_is_aborted_gets_nothing_of_what_waits(served: Served, node: str, project: Path):
    token = served.credentials.token
    # The acknowledgement, where it stands, and what happens.
    options = {"which": "while much waits", "url": f"{served.url}/graphql", "token": token, "waits": 2 + 3}
    async with told_in_node(node, project, CASES, **options) as told:
        await told.of("begun")
        for number in range(3):
            await log(served, f"number {number}")
        assert await told.next() == ENDED


@BY
async def test_who_is_aborted_as_it_breaks_off_does_not_wait(node: str, project: Path, by: str):
    options = {"which": "as it breaks off", "url": f"{NOWHERE}/graphql", "token": "tcs_any", "by": by}
    async with told_in_node(node, project, CASES, **options) as told:
        assert await told.next() == ENDED


async def test_breaks_leave_no_listeners(node: str, project: Path):
    options = {"which": "after many breaks", "url": f"{NOWHERE}/graphql", "token": "tcs_any"}
    async with told_in_node(node, project, CASES, **options) as told:
        assert await told.of("ended") == {"listening": 0}


async def test_a_question_that_is_aborted_while_a_token_is_found_fails_by_that(node: str, project: Path):
    options = {"which": "while a token is found for a question", "url": f"{NOWHERE}/graphql"}
    async with told_in_node(node, project, CASES, **options) as told:
        failed = (await told.next())["value"]
    assert failed["name"] == "AbortError"


async def test_events_have_a_bound_of_their_own_for_silence(served: Served, node: str, project: Path):
    async with line_to(served.url) as line:
        told_that = {"which": "until it breaks off", "url": f"{line.url}/graphql", "token": served.credentials.token}
        options = {**told_that, "by": "events", "pingMs": 1, "silenceMs": 1000}
        async with told_in_node(node, project, CASES, **options) as told:
            assert (await told.of("item"))["__typename"] == "StreamPosition"
            line.hold()
            broken = await told.of("break")
    assert broken == {"code": "NO_ANSWER", "message": "The server does not answer."}


@BY
async def test_errors_beside_an_item_are_told_with_it(served: Served, node: str, project: Path, by: str):
    options = {"url": f"{served.url}/graphql", "token": served.credentials.token, "by": by, "text": REFUSED}
    async with told_in_node(node, project, CASES, which="hearing of errors", **options) as told:
        await told.of("item")
        await log(served, "refused in part")
        errors, item = await told.next(), await told.next()
    assert (item["kind"], item["value"]["event"]["message"]) == ("item", "refused in part")
    assert item["value"]["issue"] == {"latestEvent": None}
    expected = {"code": "INVALID_INPUT", "count": 1, "data": {"errorLogged": item["value"]}, "item": item["value"]}
    assert errors == {"kind": "errors", "value": expected}


async def test_who_does_not_hear_of_errors_beside_an_item_fails_by_them(served: Served, node: str, project: Path):
    options = {"url": f"{served.url}/graphql", "token": served.credentials.token, "text": REFUSED}
    async with told_in_node(node, project, CASES, which="not hearing of errors", **options) as told:
        await told.of("item")
        await log(served, "refused in part")
        failed = await told.next()
    assert (failed["kind"], failed["value"]["code"]) == ("failed", "INVALID_INPUT")


@BY
async def test_what_the_function_for_tokens_throws_is_thrown(served: Served, node: str, project: Path, by: str):
    options = {"which": "where no token is found", "url": f"{served.url}/graphql", "by": by}
    async with told_in_node(node, project, CASES, **options) as told:
        refused, failed = await told.next(), await told.next()
    assert (refused["kind"], failed["kind"]) == ("refused", "failed")
    assert refused["value"] == failed["value"] == {"name": "RangeError", "message": "There is no token."}


@BY
async def test_what_it_throws_is_thrown_also_where_it_looks_as_if_it_passed(
    served: Served, node: str, project: Path, by: str
):
    options = {"which": "where no token is found for now", "url": f"{served.url}/graphql", "by": by}
    async with told_in_node(node, project, CASES, **options) as told:
        found = [await told.next() for _ in range(4)]
    assert [each["kind"] for each in found] == ["asked", "refused", "asked", "failed"]
    thrown = {"message": "The own door is away.", "code": "UNAVAILABLE"}
    assert found[1]["value"] == thrown
    assert found[3]["value"] == {"name": "TocsinError", **thrown}


async def test_a_question_that_is_aborted_while_it_is_answered_fails_by_that(node: str, project: Path):
    options = {"which": "where the answer breaks off", "url": f"{NOWHERE}/graphql", "token": "tcs_any"}
    async with told_in_node(node, project, CASES, **options) as told:
        failed = (await told.next())["value"]
    assert failed["name"] == "AbortError"


@BY
async def test_a_token_that_is_refused_is_asked_for_anew_once(served: Served, node: str, project: Path, by: str):
    tokens = ["tcs_old", await make_token(served), "tcs_other"]
    options = {"which": "with one token after the other", "url": f"{served.url}/graphql", "by": by, "tokens": tokens}
    async with told_in_node(node, project, CASES, **options) as told:
        assert [(await told.next())["kind"] for _ in range(3)] == ["asked", "asked", "item"]
        await expire_tokens(served)
        assert (await told.next())["kind"] == "asked"
        failed = (await told.next())["value"]
    assert failed["code"] == "UNAUTHENTICATED"
    assert failed["message"].startswith("The token is not accepted, nor is the one that `token` gave")
