"""An ingest key sits in browsers: whoever has it may log, and learns nothing. The nameless may not even log."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from domain.access import ANONYMOUS, Actor, ActorKind
from resolvers.access import authenticate
from resolvers.resources import Resources
from schema.context import Context
from schema.root import build_schema
from schema.scopes import scope_of
from tests.support.tenant_rules import ARGUMENTS, MUTATIONS, QUERIES, SUBSCRIPTIONS
from tests.support.tenants import Tenant, a_report, make_tenant, rows_about, running
from tests.support.walk import Walker, objects_in

WORD = "amber"
LOGGING = {"logError", "logErrors"}
IDS_AND_OUTCOMES = {
    "__typename", "outcome", "eventId", "issueId", "issueShortId", "isNew", "isRegression", "failure", "issue", "results",
    "stored", "refused",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    res: Resources
    tenant: Tenant
    key: Actor

    async def told(self, actor: Actor, document: str, variables: dict[str, Any]) -> set[tuple[str, str]]:
        """The codes and texts of all errors; nothing besides them may be answered."""
        context = Context(self.res, actor)
        result = await build_schema().execute(document, variable_values=variables, context_value=context)
        assert not any((result.data or {}).values())
        return {(error.extensions["code"], error.message) for error in result.errors}

    async def codes(self, actor: Actor, document: str, variables: dict[str, Any]) -> set[str]:
        """The codes of all errors."""
        return {code for code, _ in await self.told(actor, document, variables)}


def refused_for_want_of(root: str, name: str) -> set[tuple[str, str]]:
    """What is told whoever lacks the scope that the reference names."""
    return {("FORBIDDEN", f"This needs the scope {scope_of(root, name)}.")}


@pytest.fixture(scope="module")
def walker() -> Walker:
    return Walker(build_schema()._schema, ARGUMENTS)


@pytest.fixture
async def world(res: Resources) -> AsyncIterator[World]:
    async with running(res):
        tenant = await make_tenant(res, WORD)
        key = await authenticate(res, tenant.key.public_key)
        assert key.kind is ActorKind.INGEST_KEY
        yield World(res, tenant, key)


async def test_nothing_can_be_asked(world: World, walker: Walker):
    for name in walker.fields("Query"):
        for arguments in QUERIES[name](world.tenant.names, world.tenant.names):
            document = walker.document("query", name, arguments)
            assert await world.told(world.key, document, arguments) == refused_for_want_of("Query", name)
            assert await world.codes(ANONYMOUS, document, arguments) == {"UNAUTHENTICATED"}, name


async def test_nothing_can_be_done_but_logging(world: World, walker: Walker):
    before = await rows_about(world.res, world.tenant)
    for name in walker.fields("Mutation"):
        for arguments in MUTATIONS[name](world.tenant.names, world.tenant.names):
            document = walker.document("mutation", name, arguments)
            assert await world.codes(ANONYMOUS, document, arguments) == {"UNAUTHENTICATED"}, name
            if name not in LOGGING:
                assert await world.told(world.key, document, arguments) == refused_for_want_of("Mutation", name)
    assert await rows_about(world.res, world.tenant) == before


async def test_nothing_can_be_watched(world: World, walker: Walker):
    for name in walker.fields("Subscription"):
        for arguments in SUBSCRIPTIONS[name](world.tenant.names, world.tenant.names):
            document = walker.document("subscription", name, arguments)
            for actor, code in ((world.key, "FORBIDDEN"), (ANONYMOUS, "UNAUTHENTICATED")):
                assert await _first_codes(world, actor, document, arguments) == {code}, name


async def _first_codes(world: World, actor: Actor, document: str, arguments: dict[str, Any]) -> set[str]:
    context = Context(world.res, actor, is_long_lived=True)
    stream = await build_schema().subscribe(document, variable_values=arguments, context_value=context)
    results = [result async for result in stream]
    assert [result.data for result in results] == [None]
    return {error.extensions["code"] for result in results for error in result.errors}


async def test_who_logs_is_shown_ids_and_never_contents(world: World, walker: Walker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("schema.limits.MOST_COST", 10**6)  # everything that there is, is more than one may ask for
    reports = {
        "logError": {"input": a_report(world.tenant.names)},
        "logErrors": {"inputs": [a_report(world.tenant.names), a_report(world.tenant.names, errorType="Other")]},
    }
    assert set(reports) == LOGGING
    for name, arguments in reports.items():
        context = Context(world.res, world.key)
        document = walker.document("mutation", name, arguments, deep=True)
        result = await build_schema().execute(document, variable_values=arguments, context_value=context)
        logged = [found for found in objects_in(result.data) if found.get("__typename") == "LoggedError"]
        assert logged
        assert {(each["outcome"], each["issueId"] is None, each["issue"]) for each in logged} == {
            ("STORED", False, None)
        }
        assert {field for found in objects_in(result.data[name]) for field in found} <= IDS_AND_OUTCOMES
        assert {error.extensions["code"] for error in result.errors} == {"FORBIDDEN"}
        assert WORD not in str(result.data)
