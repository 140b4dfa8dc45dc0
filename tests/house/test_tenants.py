"""Two teams share an installation: whatever one of them asks, does or watches, nothing of the other shows.

The callers walk every field that there is. A field, argument or input that has no rule yet fails the first tests, so that
nothing new stays unwalked.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from core.clock import ManualClock
from domain.access import Actor
from domain.alert import AlertStatus
from models import Developer, Issue
from resolvers.access import authenticate
from resolvers.intake.log import log_error
from resolvers.issue.comment import comment_on_issue
from resolvers.resources import Resources, open_resources
from schema.context import Context
from schema.root import build_schema
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.clones import Clones
from tests.support.db import THEN, make_settings, on_database, own_database
from tests.support.factories.access import make_api_token
from tests.support.factories.alert import make_alert
from tests.support.factories.notification import make_notification
from tests.support.feed import PATIENCE_S, reading_feed
from tests.support.graphql import ask
from tests.support.rows import only_row
from tests.support.servers import Servers
from tests.support.tenant_rules import ARGUMENTS, LOG_INPUT, MUTATIONS, NEUTRAL, QUERIES, SUBSCRIPTIONS, Rule
from tests.support.tenants import Tenant, a_report, entangle, make_owner, make_tenant, nobody, rows_about, running
from tests.support.walk import Walker, objects_in, paths_in
from tests.support.writing import reporter

OURS, THEIRS, NOBODYS = "amber", "zebra", "nobody"
ROOTS = {"Query": QUERIES, "Mutation": MUTATIONS, "Subscription": SUBSCRIPTIONS}
REFUSALS = {"NotFound", "InvalidInput"}


@dataclass(frozen=True)
class Made:
    template: str
    owner: Developer
    ours: Tenant
    theirs: Tenant


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(servers: Servers, clones: Clones) -> AsyncIterator[Made]:
    """Both in a database that nobody uses, as each test has a clone of it: to make them takes a second of a core."""
    template = await clones.make(THEN)
    async with _opened(on_database(servers.database_url, template), servers.redis_url) as res, running(res):
        owner = await make_owner(res)
        ours, theirs = await make_tenant(res, OURS), await make_tenant(res, THEIRS)
        await entangle(res, ours, theirs, owner)
    yield Made(template, owner, ours, theirs)
    await clones.drop(template)


@pytest.fixture
async def res(servers: Servers, clones: Clones, made: Made, redis_url: str) -> AsyncIterator[Resources]:
    async with (
        own_database(servers, clones, made.template) as database_url,
        _opened(database_url, redis_url) as resources,
    ):
        yield resources


def _opened(database_url: str, redis_url: str) -> AbstractAsyncContextManager[Resources]:
    """With a mail server, so that notifications are tried; nothing is sent to it."""
    return open_resources(make_settings(database_url, redis_url, smtp_url="smtp://127.0.0.1:1"), ManualClock(START))


@pytest.fixture(scope="module")
def walker() -> Walker:
    return Walker(build_schema()._schema, ARGUMENTS)


@dataclass(frozen=True)
class World:
    res: Resources
    ours: Tenant
    theirs: Tenant
    actor: Actor

    async def execute(self, document: str, variables: dict[str, Any]) -> Any:
        context = Context(self.res, self.actor)
        result = await build_schema().execute(document, variable_values=variables, context_value=context)
        errors = [(error.message, (error.extensions or {}).get("code"), error.path) for error in result.errors or []]
        self.check(result.data, errors)
        return result.data, errors

    def check(self, *answer: Any) -> None:
        """Nothing in it is theirs."""
        text = json.dumps(answer, default=str)
        traces = [THEIRS, *self.theirs.ids, *self.theirs.names.all_nodes]
        assert [trace for trace in traces if trace in text] == []


@pytest.fixture(params=["developer", "confined administrator"])
async def world(res: Resources, made: Made, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with running(res):
        if request.param == "developer":
            new = await make_api_token(res, made.ours.dev)
        else:
            new = await make_api_token(res, made.owner, project_ids=[made.ours.project.id])
        yield World(res, made.ours, made.theirs, await authenticate(res, new.secret))


@pytest.mark.parametrize("root", list(ROOTS))
def test_every_root_field_has_a_rule(walker: Walker, root: str):
    assert set(walker.fields(root)) == set(ROOTS[root])


def test_every_field_that_takes_arguments_has_a_rule(walker: Walker):
    types = {name: kind for root in ROOTS for name, kind in walker.reachable(root).items() if name not in ROOTS}
    taking = {f"{name}.{field}" for name, kind in types.items() for field in kind.fields if kind.fields[field].args}
    assert taking == set(ARGUMENTS)


@pytest.mark.parametrize("root", list(ROOTS))
def test_every_input_that_can_name_something_is_tried(walker: Walker, root: str):
    tried = {path for name, rule in ROOTS[root].items() for path in _paths(name, rule)}
    open_questions = {
        path
        for path, _ in walker.input_paths(root)
        if path not in tried
        and path.rsplit(".", 1)[1] not in NEUTRAL
        and not (path.split(".")[0] in LOG_INPUT and not path.endswith(".project"))
    }
    assert open_questions == set()


def _paths(name: str, rule: Rule) -> set[str]:
    own, other = nobody("own"), nobody("other")
    return {path for arguments in rule(own, other) for path in paths_in(arguments, name)}


async def test_everything_that_can_be_reached_is_ours(world: World, walker: Walker):
    waiting: dict[tuple[str, str], None] = {}
    seen: set[str] = set()

    async def look(document: str, variables: dict[str, Any]) -> None:
        data, errors = await world.execute(document, variables)
        assert errors == []
        for found in objects_in(data):
            if kind := found.get("__typename"):
                seen.add(kind)
                if set(found) == {"__typename", "id"}:
                    waiting.setdefault((kind, found["id"]))

    for name, rule in QUERIES.items():
        for arguments in rule(world.ours.names, world.ours.names):
            await look(walker.document("query", name, arguments), arguments)
    done: set[tuple[str, str]] = set()
    while left := [node for node in waiting if node not in done]:
        for kind, id in left:
            await look(walker.fetch(kind), {"id": id})
            done.add((kind, id))
    assert {kind for kind, _ in done} == {name for name, kind in walker.schema.type_map.items() if walker.is_node(kind)}
    assert set(walker.reachable("Query")) - seen == {"Query"}


async def test_asking_for_what_is_theirs_is_asking_for_what_is_not_there(world: World, walker: Walker):
    ours, theirs, nobodys = world.ours.names, world.theirs.names, nobody(NOBODYS)
    for name, rule in QUERIES.items():
        if name == "node":
            continue
        for real, unreal in zip(rule(ours, theirs), rule(ours, nobodys), strict=True):
            if real != unreal:
                document = walker.document("query", name, real)
                assert await world.execute(document, real) == await world.execute(document, unreal), (name, real)
    for id in theirs.all_nodes:
        answer = await world.execute(walker.document("query", "node", {"id": id}), {"id": id})
        assert answer == ({"node": None}, [])


async def test_nothing_can_be_done_to_or_with_what_is_theirs(world: World, walker: Walker):
    ours, theirs, nobodys = world.ours.names, world.theirs.names, nobody(NOBODYS)
    before = await rows_about(world.res, world.theirs)
    for name, rule in MUTATIONS.items():
        for real, unreal in zip(rule(ours, theirs), rule(ours, nobodys), strict=True):
            document = walker.document("mutation", name, real)
            answer = await world.execute(document, real)
            assert _is_refusal(name, answer), (name, real, answer)
            assert answer == await world.execute(document, unreal), (name, real)
    assert await rows_about(world.res, world.theirs) == before


def _is_refusal(name: str, answer: tuple[Any, list[Any]]) -> bool:
    data, errors = answer
    result = (data or {}).get(name)
    if result is None:
        return {code for _, code, _ in errors} == {"FORBIDDEN"}
    if result["__typename"] == "LogErrorsPayload":
        return {item["outcome"] for item in result["results"]} == {"INVALID"}
    if result["__typename"] == "MarkNotificationsReadPayload":
        return result["marked"] == 0
    return result["__typename"] in REFUSALS


async def test_nothing_of_theirs_is_told_to_those_who_watch(world: World, walker: Walker):
    ours, theirs = world.ours.names, world.theirs.names
    async with reading_feed(world.res):
        before = (await ask(world.res, world.actor, "{ streamPosition }"))["streamPosition"]
        for name, rule in SUBSCRIPTIONS.items():
            for arguments in rule(ours, theirs) if name != "statsTicked" else ():
                await _watch(world, walker.document("subscription", name, arguments, deep=True), arguments)
                again = {**arguments, "after": before}
                await _watch(world, walker.document("subscription", name, again, deep=True), again)


async def test_of_what_is_theirs_no_figures_are_told(world: World, walker: Walker):
    ours, theirs, nobodys = world.ours.names, world.theirs.names, nobody(NOBODYS)
    rule = SUBSCRIPTIONS["statsTicked"]
    for real, unreal in zip(rule(ours, theirs), rule(ours, nobodys), strict=True):
        ticks = [await _tick(world, walker, arguments) for arguments in (real, unreal)]
        assert ticks[0] == ticks[1], real
        assert bool(ticks[0]["stats"]["total"]) == (real == unreal), real


async def _tick(world: World, walker: Walker, arguments: dict[str, Any]) -> dict[str, Any]:
    document = walker.document("subscription", "statsTicked", arguments)
    context = Context(world.res, world.actor, is_long_lived=True)
    stream = await build_schema().subscribe(document, variable_values=arguments, context_value=context)
    async with aclosing(stream), asyncio.timeout(PATIENCE_S):
        return await _next(world, stream)


async def _watch(world: World, document: str, arguments: dict[str, Any]) -> None:
    """Watch while something happens to them and then to us, until what happened to us is told."""
    context = Context(world.res, world.actor, is_long_lived=True)
    stream = await build_schema().subscribe(document, variable_values=arguments, context_value=context)
    async with aclosing(stream), asyncio.timeout(PATIENCE_S):
        await _next(world, stream)
        for tenant in (world.theirs, world.ours):
            await _let_happen(world.res, tenant)
        while (item := await _next(world, stream))["__typename"] == "StreamPosition":
            pass
        about = item["issue"] if "issue" in item else (item.get("notification") or item["alert"])["issue"]
        assert about["id"] in world.ours.names.nodes["Issue"]


async def _next(world: World, stream: Any) -> dict[str, Any]:
    result = await anext(stream)
    assert not result.errors
    world.check(result.data)
    (item,) = result.data.values()
    return item


async def _let_happen(res: Resources, tenant: Tenant) -> None:
    await log_error(res, reporter(tenant.project), a_report(tenant.names))
    issue = await only_row(res, Issue, Issue.id == tenant.issue_id)
    await make_notification(res, issue, tenant.lead, dedup=str(uuid4()))
    await make_alert(res, issue, status=AlertStatus.RESOLVED)
    await comment_on_issue(res, acting(tenant.dev, tenant.project), issue_id=tenant.issue_id, body=tenant.names.word)
