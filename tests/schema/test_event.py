from datetime import timedelta

from domain.access import ANONYMOUS, Actor, ActorKind, Scope, system
from domain.event import Severity
from domain.report import IngestSource
from models import EventKey
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.clock import START
from tests.support.factories.developer import make_developer
from tests.support.factories.issue import make_event, make_issue
from tests.support.factories.project import make_project
from tests.support.graphql import ask, ask_for_codes, counted_statements

WHOLE = """query ($by: EventBy!) { event(by: $by) {
  id eventId issue { shortId } project { slug } service environment release dist severity errorType errorCode message culprit
  module function line endpoint rawStackTrace sessionId serverName traceId spanId contexts source ingestNotes
  occurredAt receivedAt tags { key value } sdk { name version }
  exceptions { type message module handled frames { function module filename absolutePath line column contextLine
    preContext postContext inApp variables } }
  request { method url route statusCode headers query body } response { statusCode headers body }
  user { id email username ipAddress } breadcrumbs { at category level message data }
} }"""
PAYLOAD = {
    "dist": "87",
    "module": "shop.cart",
    "function": "total",
    "line": 7,
    "endpoint": "POST /orders",
    "raw_stack_trace": "Traceback …",
    "session_id": "s1",
    "server_name": "web-1",
    "trace_id": "t1",
    "span_id": "p1",
    "contexts": {"os": {"name": "Linux"}},
    "tags": [["plan", "pro"]],
    "sdk": {"name": "tocsin.python", "version": "1"},
    "exceptions": [
        {
            "type": "ValueError",
            "message": "bad total",
            "module": "builtins",
            "handled": False,
            "frames": [
                {
                    "function": "total",
                    "module": "shop.cart",
                    "filename": "cart.py",
                    "absolute_path": "/app/cart.py",
                    "line": 7,
                    "column": 3,
                    "context_line": "return sum(prices)",
                    "pre_context": ["def total():"],
                    "post_context": [],
                    "in_app": True,
                    "variables": {"prices": None},
                }
            ],
        }
    ],
    "request": {"method": "POST", "url": "/orders", "route": "/orders", "status_code": 500, "headers": {"A": "b"}},
    "response": {"status_code": 500, "body": "oops"},
    "user": {"id": "7", "email": "a@b.example", "username": "ada", "ip_address": "::1", "plan": "pro"},
    "breadcrumbs": [{"at": "2026-03-02T02:59:00", "category": "http", "data": {"n": 1}}, {"at": "yesterday"}],
}


async def test_an_event_says_all_that_was_reported(res: Resources):
    issue = await make_issue(res, await make_project(res, slug="shop"), short_id="CHECKOUT-1F", events=0)
    event = await make_event(
        res,
        issue,
        environment="staging",
        release="1.2",
        severity=Severity.CRITICAL,
        error_code="E42",
        culprit="shop.cart in total",
        source=IngestSource.SENTRY,
        occurred_at=START - timedelta(minutes=1),
        ingest_notes=["tags: 1 dropped"],
        payload=PAYLOAD,
    )
    found = (await ask(res, system(), WHOLE, by={"id": global_id("Event", event.id)}))["event"]
    frame = PAYLOAD["exceptions"][0]["frames"][0]
    assert found == {
        "id": global_id("Event", event.id),
        "eventId": event.id.hex,
        "issue": {"shortId": "CHECKOUT-1F"},
        "project": {"slug": "shop"},
        "service": "checkout",
        "environment": "staging",
        "release": "1.2",
        "dist": "87",
        "severity": "CRITICAL",
        "errorType": "ValueError",
        "errorCode": "E42",
        "message": "bad total",
        "culprit": "shop.cart in total",
        "module": "shop.cart",
        "function": "total",
        "line": 7,
        "endpoint": "POST /orders",
        "rawStackTrace": "Traceback …",
        "sessionId": "s1",
        "serverName": "web-1",
        "traceId": "t1",
        "spanId": "p1",
        "contexts": {"os": {"name": "Linux"}},
        "source": "SENTRY",
        "ingestNotes": ["tags: 1 dropped"],
        "occurredAt": "2026-03-02T02:59:00Z",
        "receivedAt": "2026-03-02T03:00:00Z",
        "tags": [{"key": "plan", "value": "pro"}],
        "sdk": {"name": "tocsin.python", "version": "1"},
        "exceptions": [
            {
                "type": "ValueError",
                "message": "bad total",
                "module": "builtins",
                "handled": False,
                "frames": [
                    {
                        "function": "total",
                        "module": "shop.cart",
                        "filename": "cart.py",
                        "absolutePath": "/app/cart.py",
                        "line": 7,
                        "column": 3,
                        "contextLine": "return sum(prices)",
                        "preContext": ["def total():"],
                        "postContext": [],
                        "inApp": True,
                        "variables": frame["variables"],
                    }
                ],
            }
        ],
        "request": {
            "method": "POST",
            "url": "/orders",
            "route": "/orders",
            "statusCode": 500,
            "headers": {"A": "b"},
            "query": None,
            "body": None,
        },
        "response": {"statusCode": 500, "headers": None, "body": "oops"},
        "user": {"id": "7", "email": "a@b.example", "username": "ada", "ipAddress": "::1"},
        "breadcrumbs": [
            {"at": "2026-03-02T02:59:00Z", "category": "http", "level": None, "message": None, "data": {"n": 1}},
            {"at": None, "category": None, "level": None, "message": None, "data": None},
        ],
    }


async def test_what_was_not_reported_is_null_or_empty(res: Resources):
    event = await make_event(res, await make_issue(res, await make_project(res)))
    found = (await ask(res, system(), WHOLE, by={"id": global_id("Event", event.id)}))["event"]
    assert {name for name, value in found.items() if value is None} == {
        *(
            "release",
            "dist",
            "errorCode",
            "culprit",
            "module",
            "function",
            "line",
            "endpoint",
            "rawStackTrace",
            "sessionId",
        ),
        *("serverName", "traceId", "spanId", "contexts", "sdk", "request", "response", "user"),
    }
    assert {name for name, value in found.items() if value == []} == {
        *("ingestNotes", "tags", "exceptions", "breadcrumbs"),
    }


async def test_an_event_is_found_by_its_reporters_id(res: Resources):
    issue = await make_issue(res, await make_project(res, slug="shop"), events=0)
    event = await make_event(res, issue, event_id="order-7")
    async with res.db.transaction() as tx:
        tx.session.add(EventKey(project_id=issue.project_id, event_id="order-7", id=event.id, received_at=START))
    document = "query ($by: EventBy!) { event(by: $by) { eventId } }"
    for name in ({"eventId": "order-7"}, {"eventId": "order-7", "project": "shop"}):
        assert await ask(res, system(), document, by={"eventId": name}) == {"event": {"eventId": "order-7"}}
    for name in ({"eventId": "order-8"}, {"eventId": "order-7", "project": "other"}):
        assert await ask(res, system(), document, by={"eventId": name}) == {"event": None}


async def test_events_out_of_sight_are_none(res: Resources):
    event = await make_event(res, await make_issue(res, await make_project(res), events=0))
    actor = acting(await make_developer(res), await make_project(res))
    for by in ({"id": global_id("Event", event.id)}, {"eventId": {"eventId": event.event_id}}):
        assert await ask(res, actor, "query ($by: EventBy!) { event(by: $by) { id } }", by=by) == {"event": None}
    assert await ask(res, actor, "{ events { totalCount nodes { id } } }") == {"events": {"totalCount": 0, "nodes": []}}


async def test_who_may_not_read_is_told_so(res: Resources):
    event = await make_event(res, await make_issue(res, await make_project(res)))
    key = Actor(ActorKind.INGEST_KEY, scopes=frozenset({Scope.INGEST}), project_ids=None)
    document = "query ($id: ID!) { events { totalCount } event(by: {id: $id}) { id } }"
    id = global_id("Event", event.id)
    assert await ask_for_codes(res, ANONYMOUS, document, id=id) == ["UNAUTHENTICATED", "UNAUTHENTICATED"]
    assert await ask_for_codes(res, key, document, id=id) == ["FORBIDDEN", "FORBIDDEN"]


async def test_a_list_reads_payloads_only_where_a_field_of_theirs_is_selected(res: Resources):
    project = await make_project(res)
    issues = [await make_issue(res, project, events=4) for _ in range(3)]
    plain = "{ events { nodes { message service occurredAt } } }"
    with counted_statements(res) as statements:
        assert len((await ask(res, system(), plain))["events"]["nodes"]) == 12
    assert len(statements) == 1
    assert "payload" not in statements[0]
    whole = "{ events { nodes { message line tags { key } exceptions { type } issue { shortId } project { slug } } } }"
    with counted_statements(res) as statements:
        nodes = (await ask(res, system(), whole))["events"]["nodes"]
    assert {node["issue"]["shortId"] for node in nodes} == {issue.short_id for issue in issues}
    assert len(statements) == 4


async def test_events_are_filtered_and_paged_from_the_back(res: Resources):
    project = await make_project(res)
    issue, other = await make_issue(res, project, events=0), await make_issue(res, project, events=2)
    ids = [global_id("Event", (await make_event(res, issue)).id) for _ in range(3)]
    document = """query ($issue: [ID!]) { events(filter: {issue: $issue, received: {last: "PT1H"}}, last: 2) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage } totalCount } }"""
    found = (await ask(res, system(), document, issue=[global_id("Issue", issue.id)]))["events"]
    assert [node["id"] for node in found["nodes"]] == [ids[1], ids[0]]
    assert found["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}
    assert found["totalCount"] == 3
    both = [global_id("Issue", issue.id), global_id("Issue", other.id)]
    assert (await ask(res, system(), document, issue=both))["events"]["totalCount"] == 5
