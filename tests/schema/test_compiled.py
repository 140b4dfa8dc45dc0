"""A compiled document answers as its execution does, errors included, and stores the same."""

import copy
import re
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson
import pytest
from strawberry.schema.exceptions import CannotGetOperationTypeError

from domain.access import ANONYMOUS, Actor, ActorKind, Scope
from models import Project
from models.payload import unpack
from resolvers.resources import Resources
from schema.compiled.document import CompiledDocuments
from schema.context import Context
from schema.root import build_schema
from tests.support.factories.project import make_project
from tests.support.logging_documents import a_document, variables_for

_GLOBAL_ID = b64encode(b"Issue:").decode()
_MADE_UP = re.compile(rf"[0-9a-f]{{32}}|[A-Z]+-[0-9A-Z]+|{_GLOBAL_ID}[\w=]+")
_STORED = """
SELECT e.event_id, e.service, e.environment, e.release, e.severity, e.error_type, e.error_code, e.message, e.culprit,
       e.payload, e.ingest_notes, g.hash IS NOT NULL AS has_key
  FROM event e LEFT JOIN grouping_key g ON g.id = e.grouping_key_id WHERE e.project_id = $1 ORDER BY e.id
"""


@dataclass(frozen=True)
class Way:
    """One way to an answer, into a project of its own."""

    res: Resources
    project: Project

    def actor(self, *scopes: Scope, limit: int | None = None) -> Actor:
        return Actor(
            ActorKind.INGEST_KEY,
            id=self.project.id,
            scopes=frozenset(scopes),
            project_ids=frozenset({self.project.id}),
            name="key",
            rate_limit_per_minute=limit,
        )

    def context(self, scopes: tuple[Scope, ...] | None) -> Context:
        context = Context(self.res, ANONYMOUS if scopes is None else self.actor(*scopes))
        context.request_id = "a-request"
        return context

    async def stored(self) -> list[list[Any]]:
        rows = await self.res.db.raw.fetch(_STORED, self.project.id)
        return [[_same(_read(value)) for value in row.values()] for row in rows]


@pytest.fixture
async def ways(writing: Resources) -> tuple[Way, Way]:
    return Way(writing, await make_project(writing)), Way(writing, await make_project(writing))


async def executed(way: Way, document: str, name: str | None, variables: dict[str, Any], scopes) -> dict[str, Any]:
    try:
        result = await build_schema().execute(
            document, variable_values=variables, operation_name=name, context_value=way.context(scopes)
        )
    except CannotGetOperationTypeError:  # the view answers it with 400
        return {"data": "no such operation"}
    errors = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
    return {"data": result.data, **errors}


def _read(value: Any) -> Any:
    """A value, unpacked where it is a payload."""
    return orjson.loads(unpack(value)) if isinstance(value, bytes) else value


def _same(value: Any) -> Any:
    """A value without what is made up anew for each event: ids of events that have none of their own, ids of issues."""
    if isinstance(value, dict):
        return {name: _same(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_same(item) for item in value]
    return _MADE_UP.sub("-", value) if isinstance(value, str) else value


@pytest.mark.parametrize("seed", range(3))
async def test_both_ways_give_the_same_answers_and_leave_the_same_events(ways: tuple[Way, Way], seed: int):
    random, documents, compiled = Random(seed), CompiledDocuments(build_schema()), Counter()
    long, short = ways
    for _ in range(40):
        document = a_document(random, random.choice(["logError", "logErrors"]))
        name = random.choice(["Log" if " Log(" in document else None] * 9 + ["Other"])
        scopes = random.choice([(Scope.INGEST,)] * 8 + [(), None])
        variables = variables_for(document, random)
        expected = await executed(long, document, name, copy.deepcopy(variables), scopes)
        found = documents.find(document, name)
        answer = found and await found.execute(short.context(scopes), copy.deepcopy(variables))
        compiled[bool(answer)] += 1
        if answer is None:
            answer = await executed(short, document, name, copy.deepcopy(variables), scopes)
        assert _same(answer) == _same(expected), (document, name, variables)
        assert list(_paths(answer)) == list(_paths(expected)), document
    assert compiled[True] > 3
    assert await short.stored() == await long.stored()


def _paths(value: Any, *path: str):
    """The keys of an answer in their order, which clients may rely on."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key)
            yield from _paths(item, *path, key)
    if isinstance(value, list):
        for item in value:
            yield from _paths(item, *path)


async def test_a_batch_of_too_many_is_refused_in_the_same_words(ways: tuple[Way, Way]):
    document = "mutation($v: [LogErrorInput!]!) { logErrors(inputs: $v) { stored } }"
    variables = {"v": [{"service": "a", "errorType": "b", "message": "c"}] * 1001}
    found = CompiledDocuments(build_schema()).find(document, None)
    answer = await found.execute(ways[0].context((Scope.INGEST,)), variables)
    assert answer == await executed(ways[1], document, None, variables, (Scope.INGEST,))
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_what_is_beyond_a_limit_is_refused_in_the_same_words(ways: tuple[Way, Way]):
    document = """mutation($v: [LogErrorInput!]!) { logErrors(inputs: $v) { stored refused
      results { outcome failure { __typename code message path ... on RateLimited { retryAfter } } } } }"""
    variables = {"v": [{"service": "a", "errorType": "b", "message": "c"}] * 4}
    long, short = (Context(way.res, way.actor(Scope.INGEST, limit=2)) for way in ways)
    found = CompiledDocuments(build_schema()).find(document, None)
    answer = await found.execute(short, variables)
    expected = await build_schema().execute(document, variable_values=variables, context_value=long)
    assert answer["data"] == expected.data
    assert answer["data"]["logErrors"]["refused"] == 2


async def test_what_costs_too_much_is_left_to_the_execution(ways: tuple[Way, Way]):
    ids = " ".join(f"a{number}: eventId" for number in range(25))
    document = f"mutation($v: [LogErrorInput!]!) {{ logErrors(inputs: $v) {{ results {{ {ids} }} }} }}"
    variables = {"v": [{"service": "a", "errorType": "b", "message": "c"}] * 1000}
    found = CompiledDocuments(build_schema()).find(document, None)
    assert await found.execute(ways[0].context((Scope.INGEST,)), variables) is None
    assert await ways[0].stored() == []


@pytest.mark.parametrize(
    "document",
    [
        "mutation($v: LogErrorInput!) { logError(input: $v) { ... on LoggedError { issue { title } } } }",
        "mutation($v: LogErrorInput!) { logError(input: $v) @skip(if: false) { __typename } }",
        'mutation { logError(input: {service: "a", errorType: "b", message: "c"}) { __typename } }',
        "query { viewer { scopes } } # logError",
        "mutation($v: LogErrorInput!) { logError(input: $v) { __typename } resolveIssue(input: $v) { __typename } }",
        "mutation($v: LogErrorInput!) { logError(input: $v) { unheardOf } }",
        "mutation {",
        "mutation($v: LogErrorInput!) { logError(input: $v) { __typename } } # " + "x" * 10_000,
        7,
    ],
)
def test_other_documents_are_not_compiled(document):
    assert CompiledDocuments(build_schema()).find(document, None) is None


def test_only_so_many_documents_are_kept():
    documents = CompiledDocuments(build_schema())
    for number in range(300):
        documents.find(f"mutation($v: LogErrorInput!) {{ a{number}: logError(input: $v) {{ __typename }} }}", None)
    assert len(documents._known) == 256
