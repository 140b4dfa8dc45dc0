"""How much a document may ask for, and that finding out costs next to nothing."""

from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse

from core.settings import ROOT
from domain.access import system
from schema.context import Context
from schema.limits import MOST_COST, MOST_FRAGMENTS, weighing
from schema.root import build_schema
from tests.support.graphql import ask, ask_for_codes

OPERATIONS = sorted((ROOT / "frontend-contract" / "operations").glob("*.graphql"))
EVENTS = "{ issues(first: %s) { nodes { id events(first: %s) { nodes { id } } } } }"


def cost(document: str, name: str | None = None, **variables: object) -> int:
    return weighing(build_schema()._schema, parse(document), name).cost(variables)


@pytest.mark.parametrize(
    ("document", "variables", "expected"),
    [
        ("{ viewer { scopes } }", {}, 2),
        ('{ __schema { queryType { name } } __type(name: "Issue") { name } }', {}, 10_500),
        ("{ issues { nodes { id title } } }", {}, 1 + 25 * 3),
        ("{ issues(first: 7) { nodes { id title } } }", {}, 1 + 7 * 3),
        ("{ issues(last: 7) { nodes { id title } } }", {}, 1 + 7 * 3),
        ("{ issues(first: 100000) { nodes { id } } }", {}, 1 + 200 * 2),
        ("query($n: Int) { issues(first: $n) { nodes { id } } }", {"n": 9}, 1 + 9 * 2),
        ("query($n: Int = 4) { issues(first: $n) { nodes { id } } }", {}, 1 + 4 * 2),
        ("query($n: Int) { issues(first: $n) { nodes { id } } }", {}, 1 + 25 * 2),
        ("query($n: Int) { issues(first: $n) { nodes { id } } }", {"n": "many"}, 1 + 200 * 2),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a", "b"]}, 1 + 2),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', {}, 1 + 3),
        ("{ projects { id } }", {}, 1 + 10),
        ("{ issues(first: 2) { nodes { similar(first: 3) { id } } } }", {}, 1 + 2 * (1 + 1000 + 3)),
        (
            "mutation($i: [LogErrorInput!]!) { logErrors(inputs: $i) { stored results { outcome } } }",
            {"i": [{}] * 500},
            1 + 500 * 3,
        ),
        (
            "{ issues(first: 2) { ...page } projects { ...p } } fragment page on IssueConnection { nodes { id } } fragment p on Project { id }",
            {},
            16,
        ),
        (EVENTS % (10, 20), {}, 1 + 10 * (1 + 1 + 1 + 20 * 2)),
        ("{ issues(first: 2) { ...page } } fragment page on IssueConnection { nodes { id } }", {}, 1 + 2 * 2),
        ("{ issues(first: 2) { ... on IssueConnection { nodes { id } } pageInfo { endCursor } } }", {}, 1 + 2 * 4),
    ],
)
def test_what_a_document_costs(document, variables, expected):
    assert cost(document, **variables) == expected


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_every_operation_of_the_contract_is_affordable_with_its_largest_page(path: Path):
    text = path.read_text()
    (name,) = [part.name.value for part in parse(text).definitions if isinstance(part, OperationDefinitionNode)]
    assert cost(text, name, first=200, ids=["x"] * 100, inputs=[{}] * 1000) <= MOST_COST


async def test_what_costs_too_much_is_refused_before_anything_is_read(res):
    result = await build_schema().execute(EVENTS % (200, 200), context_value=Context(res, system()))
    (error,) = result.errors
    assert error.extensions == {"code": "QUERY_TOO_COSTLY", "cost": 1 + 200 * (3 + 200 * 2), "limit": MOST_COST}
    assert await ask_for_codes(res, system(), EVENTS % (50, 100)) == []


async def test_a_stream_that_costs_too_much_is_refused(res):
    document = "subscription { errorLogged { ... on ErrorLogged { issue { events(first: 200) { nodes { issue { events(first: 200) { nodes { id } } } } } } } } }"
    results = await build_schema().stream(document, context_value=Context(res, system(), is_long_lived=True))
    (result,) = [result async for result in results]
    assert [error.extensions["code"] for error in result.errors] == ["QUERY_TOO_COSTLY"]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ('{ issue(by: {shortId: "X-1"}) ' + "{ latestEvent { issue " * 7 + "{ id }" + " } }" * 7 + " }", "levels deep; at most 14"),
        ("{ " + " ".join(f"a{number}: __typename" for number in range(31)) + " }", "31 aliases found; at most 30"),
        ("{ ...a ...a } fragment a on Query { " + " ".join(f"a{number}: __typename" for number in range(16)) + " }", "32 aliases found"),
        ("{ ...nothing }", "Unknown fragment"),
        ("{ ...a } fragment a on Query { ...a }", "within itself"),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "within itself"),
        ("{ " + "__typename " * 3000 + "}", "2000 tokens"),
        ("{ " + "__typename " * 31 + "}", "`__typename` is selected 31 times in one place"),
        ("{ " + "viewer { scopes } " * 400 + "}", "`viewer` is selected 400 times"),
        ("{ " + "... on Query { a: viewer { scopes } } " * 150 + "}", "`a` is selected 150 times"),
        ("{ " + "...a " * 31 + "} fragment a on Query { __typename }", "`...a` is selected 31 times"),
        ("{ " + " ".join(f"a{number}: viewer {{ scopes }}" for number in range(11)) + " }", "The query has 11 fields at its root; at most 10"),
        ("{ ...a ...b } fragment a on Query { ...b } fragment b on Query { " + " ".join(f"a{number}: viewer {{ scopes }}" for number in range(11)) + " }", "11 fields at its root"),
        ("mutation { " + " ".join(f"a{number}: logErrors(inputs: []) {{ stored }}" for number in range(6)) + " }", "The mutation has 6 fields at its root; at most 5"),
        ("{ viewer { " + " ".join(f"a{n}: scopes @skip(if: false) @include(if: true)" for n in range(29)) + " scopes @skip(if: true) @include(if: false) ... @skip(if: true) { scopes } } }", "directives past the 60"),
        ("{ ...a0 } " + " ".join(f"fragment a{number} on Query {{ ...a{number + 1} }}" for number in range(200)), "200 fragments found; at most 100"),
    ],
)  # fmt: skip
async def test_the_shape_of_a_document_is_bounded(res, document, says):
    result = await build_schema().execute(document, context_value=Context(res, system()))
    assert says in result.errors[0].message
    assert result.errors[0].extensions["code"] == "BAD_REQUEST"


async def test_the_deepest_and_the_most_renamed_pass(res):
    document = (
        '{ issue(by: {shortId: "X-1"}) ' + "{ latestEvent { issue " * 6 + "{ project { id } }" + " } }" * 6 + " }"
    )
    assert await ask(res, system(), document) == {"issue": None}
    roots = "{ viewer { scopes } viewer { scopes } " + " ".join(f"a{n}: viewer {{ scopes }}" for n in range(9)) + " }"
    assert len(await ask(res, system(), roots)) == 10
    renamed = "{ " + " ".join(f"a{number}: __typename" for number in range(30)) + " }"
    assert len(await ask(res, system(), renamed)) == 30


async def test_fragments_that_would_unfold_to_more_than_the_stars_cost_what_their_text_costs(res):
    layers = MOST_FRAGMENTS - 1
    spread = [f"fragment f{layer} on Query {{ ...f{layer + 1} ...f{layer + 1} }}" for layer in range(layers)]
    document = " ".join(["{ ...f0 }", *spread, f"fragment f{layers} on Query {{ __typename }}"])
    assert await ask_for_codes(res, system(), document) == ["QUERY_TOO_COSTLY"]


async def test_of_several_operations_one_must_be_named(res):
    document = "query A { viewer { scopes } } mutation B { logErrors(inputs: []) { stored } }"
    schema, context = build_schema(), Context(res, system())
    assert await ask_for_codes(res, system(), document) == ["BAD_REQUEST"]
    named = await schema.execute(document, operation_name="A", context_value=context)
    assert named.errors is None
    unknown = await schema.stream(document, operation_name="C", context_value=context)
    (result,) = [result async for result in unknown]
    assert result.errors[0].extensions["code"] == "BAD_REQUEST"
