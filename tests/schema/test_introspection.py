"""Who is told the schema, and the names in it; how many errors, and for how long."""

from dataclasses import replace
from typing import Any

import pytest

from domain.access import ANONYMOUS, Actor, ActorKind, Scope, system
from resolvers.resources import Resources
from schema.context import Context
from schema.errors import MOST_ERRORS
from schema.introspection import without_suggestions
from schema.root import build_schema
from tests.support.factories.project import make_project
from tests.support.writing import reporter

ASKS = (
    "{ __schema { queryType { name } } }",
    '{ __type(name: "Issue") { fields { name } } }',
    '{ __type(name: "Issue") { ...a } } fragment a on __Type { fields { name } }',
    "{ ...a } fragment a on Query { ... on Query { b: __schema { queryType { name } } } }",
)
SLIP = "{ issue_s { nodes { id } } }"
KEY = Actor(ActorKind.INGEST_KEY, scopes=frozenset({Scope.INGEST}))
TOKEN = Actor(ActorKind.TOKEN, scopes=frozenset({Scope.READ}))
WHO = {"stranger": ANONYMOUS, "key": KEY, "token": TOKEN}


def under(res: Resources, **settings: Any) -> Resources:
    return replace(res, settings=res.settings.model_copy(update=settings))


async def told(res: Resources, actor: Actor, document: str) -> tuple[Any, list[tuple[str, str]]]:
    result = await build_schema().execute(document, context_value=Context(res, actor))
    return result.data, [(error.extensions["code"], error.message) for error in result.errors or []]


@pytest.mark.parametrize(
    ("setting", "codes"),
    [
        ("everyone", {"stranger": None, "key": None, "token": None}),
        ("credentialed", {"stranger": "UNAUTHENTICATED", "key": "FORBIDDEN", "token": None}),
        ("off", {"stranger": "FORBIDDEN", "key": "FORBIDDEN", "token": "FORBIDDEN"}),
    ],
)
async def test_the_schema_is_told_to_whom_the_setting_says(res: Resources, setting: str, codes: dict[str, str | None]):
    served = under(res, introspection=setting)
    for who, code in codes.items():
        for document in ASKS:
            data, errors = await told(served, WHO[who], document)
            assert ([each for each, _ in errors], data is None) == ([code] if code else [], code is not None)
        ((slip_code, message),) = (await told(served, WHO[who], SLIP))[1]
        assert slip_code == "BAD_REQUEST"
        assert ("Did you mean" in message) is (code is None), who
        assert message.startswith("Cannot query field 'issue_s' on type 'Query'.")


async def test_whether_there_is_a_type_is_told_unless_nothing_is(res: Resources):
    document = '{ __type(name: "Issue") { name kind } }'
    assert await told(res, ANONYMOUS, document) == ({"__type": {"name": "Issue", "kind": "OBJECT"}}, [])
    assert [code for code, _ in (await told(under(res, introspection="off"), TOKEN, document))[1]] == ["FORBIDDEN"]


async def test_what_a_variable_should_be_is_not_guessed_for_strangers(res: Resources):
    document = "query($f: IssueFilter) { issues(filter: $f) { totalCount } }"
    for actor, is_helped in ((ANONYMOUS, False), (TOKEN, True)):
        result = await build_schema().execute(
            document, variable_values={"f": {"servic": ["a"]}}, context_value=Context(res, actor)
        )
        assert ("Did you mean" in result.errors[0].message) is is_helped


async def test_nor_over_a_stream(res: Resources):
    stream = await build_schema().stream(SLIP, context_value=Context(res, ANONYMOUS, is_long_lived=True))
    (result,) = [each async for each in stream]
    assert "Did you mean" not in result.errors[0].message


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Unknown type 'Isue'. Did you mean 'Issue'?", "Unknown type 'Isue'."),
        ("Field 'a' is not defined. Did you mean 'b', 'c', or 'd'?", "Field 'a' is not defined."),
        ("Did you mean it?", "Did you mean it?"),
        ("No guess.", "No guess."),
    ],
)
def test_a_guess_is_taken_out_of_a_message(message: str, left: str):
    assert without_suggestions(message) == left


async def test_of_many_errors_the_first_are_told_and_the_rest_counted(writing: Resources):
    key = reporter(await make_project(writing))
    document = "mutation($i: [LogErrorInput!]!) { logErrors(inputs: $i) { stored results { issue { title } } } }"
    report = {"service": "web", "errorType": "ValueError", "message": "bad total"}
    result = await build_schema().execute(
        document, variable_values={"i": [report] * (MOST_ERRORS + 7)}, context_value=Context(writing, key)
    )
    assert result.data["logErrors"]["stored"] == MOST_ERRORS + 7
    assert {error.extensions["code"] for error in result.errors[:-1]} == {"FORBIDDEN"}
    assert len(result.errors) == MOST_ERRORS + 1
    last = result.errors[-1]
    assert (last.message, last.extensions) == ("7 more errors are left out.", {"code": "TOO_MANY_ERRORS"})


async def test_a_query_that_takes_too_long_is_given_up(res: Resources):
    hasty = under(res, query_s=0.3)
    async with res.db.apart() as connection, connection.transaction():
        await connection.execute("LOCK issue IN ACCESS EXCLUSIVE MODE")
        data, errors = await told(hasty, system(), "{ issues { totalCount } }")
    assert (data, errors) == (None, [("TIMED_OUT", "This took longer than 0.3 seconds: ask for less at once.")])
    assert (await told(hasty, TOKEN, "{ viewer { scopes } }"))[1] == []
