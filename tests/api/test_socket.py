import asyncio
from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus

from domain.access import SOCKET_RECHECK_S
from tests.support.serving import Served
from tests.support.socket import LOG, WATCH, admitted, connected, init, log


def socket_tasks() -> list[str]:
    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]
    return [name for name in names if name.startswith(("TransportHandler", "Sockets", "Silence"))]


@pytest.fixture
async def client(served: Served):
    async with admitted(served.ws_url, served.credentials.token) as made:
        yield made


async def test_an_event_is_told_to_who_subscribed(served, client):
    await client.subscribe()
    first = await client.item()
    assert (first["__typename"], first["isLive"]) == ("StreamPosition", True)
    event_id = await log(served)
    item = await client.item()
    assert (item["event"]["eventId"], item["isNew"]) == (event_id, True)
    assert item["issue"]["shortId"].startswith("CHECKOUT-")


async def test_connection_init_brings_the_credential(served):
    token = served.credentials.token
    for payload in (
        {"Authorization": f"Bearer {token}"},
        {"authorization": f"bearer {token}"},
        {"token": token},
        {"TOKEN": token},
        {"X-Tocsin-Key": token},
    ):
        async with connected(served.ws_url) as client:
            await client.init(payload)


async def test_or_the_handshake_does(served):
    headers = {"Authorization": f"Bearer {served.credentials.token}"}
    for message in ({"type": "connection_init"}, {"type": "connection_init", "payload": None}):
        async with connected(served.ws_url, additional_headers=headers) as client:
            await client.send(message)
            assert await client.next() == {"type": "connection_ack"}


async def test_who_is_not_known_is_sent_away(served):
    for payload in ({}, {"token": "nonsense"}, {"token": "tcs_" + "x" * 43}, {"token": 7}):
        async with connected(served.ws_url) as client:
            await client.send(init(**payload))
            assert await client.closed() == (4403, "Forbidden")


MALFORMED = [
    "no json",
    b'{"type": "ping"}',
    "[]",
    "null",
    '"ping"',
    "7",
    "[" * 100_000,
    {},
    {"type": 7},
    {"type": "unknown"},
    {"type": "start", "id": "1", "payload": {"query": WATCH}},
    {"type": "connection_ack"},
    {"type": "next", "id": "1", "payload": {"data": {}}},
    {"type": "error", "id": "1", "payload": []},
    {"type": "connection_init", "payload": []},
    {"type": "connection_init", "payload": "x"},
    {"type": "ping", "payload": 7},
    {"type": "pong", "payload": []},
    {"type": "subscribe", "payload": {"query": "{ viewer { scopes } }"}},
    {"type": "subscribe", "id": 1, "payload": {"query": "{ viewer { scopes } }"}},
    {"type": "subscribe", "id": "", "payload": {"query": "{ viewer { scopes } }"}},
    {"type": "subscribe", "id": "1"},
    {"type": "subscribe", "id": "1", "payload": "x"},
    {"type": "subscribe", "id": "1", "payload": []},
    {"type": "subscribe", "id": "1", "payload": {}},
    {"type": "subscribe", "id": "1", "payload": {"query": 7}},
    {"type": "subscribe", "id": "1", "payload": {"query": None}},
    {"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": []}},
    {"type": "subscribe", "id": "1", "payload": {"query": "{a}", "operationName": 7}},
    {"type": "subscribe", "id": "1", "payload": {"query": "{a}", "extensions": 7}},
    {"type": "complete"},
    {"type": "complete", "id": 7},
]


@pytest.mark.parametrize("is_admitted", [False, True])
async def test_a_malformed_message_closes_with_4400(served, is_admitted):
    for message in MALFORMED:
        async with connected(served.ws_url) as client:
            if is_admitted:
                await client.init({"token": served.credentials.token})
            await client.send(message)
            code, reason = await client.closed()
            assert (code, bool(reason)) == (4400, True), message


async def test_nothing_is_done_before_the_caller_is_known(served):
    async with connected(served.ws_url) as client:
        await client.subscribe()
        assert await client.closed() == (4401, "Unauthorized")


async def test_a_second_initialisation_closes(served, client):
    await client.send(init(token=served.credentials.token))
    assert (await client.closed())[0] == 4429


async def test_an_id_in_use_closes(client):
    await client.subscribe("1")
    await client.item("1")
    await client.subscribe("1")
    assert await client.closed() == (4409, "Subscriber for 1 already exists")


async def test_an_id_is_free_again_after_completion(client):
    for _ in range(3):
        await client.subscribe("1")
        assert (await client.item("1"))["__typename"] == "StreamPosition"
        await client.send({"id": "1", "type": "complete"})
    for _ in range(3):
        await client.subscribe("2", "{ viewer { scopes } }")
        assert (await client.next())["payload"]["data"]
        assert await client.next() == {"id": "2", "type": "complete"}


async def test_completing_what_is_unknown_is_no_fault(client):
    await client.send({"id": "unknown", "type": "complete"})
    await client.send({"type": "ping"})
    assert await client.next() == {"type": "pong"}


async def test_pings_are_answered_with_what_they_brought(client):
    await client.send({"type": "ping", "payload": {"n": 1}})
    assert await client.next() == {"type": "pong", "payload": {"n": 1}}
    await client.send({"type": "ping", "payload": None})
    assert await client.next() == {"type": "pong"}
    await client.send({"type": "pong", "payload": {"n": 1}})
    await client.send({"type": "ping"})
    assert await client.next() == {"type": "pong"}


async def test_pings_are_answered_before_the_caller_is_known(served):
    async with connected(served.ws_url) as client:
        await client.send({"type": "ping"})
        assert await client.next() == {"type": "pong"}


WRONG = [
    ({"query": "{"}, "BAD_REQUEST"),
    ({"query": ""}, "BAD_REQUEST"),
    ({"query": "{ nonsense }"}, "BAD_REQUEST"),
    ({"query": "fragment F on Query { viewer { scopes } }"}, "BAD_REQUEST"),
    ({"query": "{ viewer { scopes } }", "operationName": "Unknown"}, "BAD_REQUEST"),
    ({"query": "query($n: Int!) { developers(first: $n) { nodes { id } } }"}, "BAD_REQUEST"),
    ({"query": WATCH, "variables": {"after": "garbage"}}, "INVALID_INPUT"),
    ({"query": WATCH, "variables": {"filter": {"issue": ["garbage"]}}}, "INVALID_INPUT"),
    ({"query": WATCH, "variables": {"filter": 7}}, "BAD_REQUEST"),
    ({"query": "{ \ud800 }"}, "BAD_REQUEST"),
]


async def test_what_is_wrong_with_one_operation_ends_only_that(served, client):
    await client.subscribe("good")
    await client.item("good")
    for payload, code in WRONG:
        await client.send({"id": "bad", "type": "subscribe", "payload": payload})
        message = await client.next()
        assert (message["id"], message["type"]) == ("bad", "error"), payload
        assert [error["extensions"]["code"] for error in message["payload"]] == [code], payload
    event_id = await log(served)
    assert (await client.item("good"))["event"]["eventId"] == event_id


async def test_queries_and_mutations_run_over_a_socket_too(served, client):
    await client.subscribe("q", "{ viewer { scopes } }")
    assert "READ" in (await client.next())["payload"]["data"]["viewer"]["scopes"]
    assert await client.next() == {"id": "q", "type": "complete"}
    report = {"project": "default", "service": "checkout", "errorType": "ValueError", "message": "bad total"}
    variables = {"input": report}
    await client.subscribe("m", LOG, variables=variables)
    assert (await client.next())["payload"]["data"]["logError"]["eventId"]
    assert await client.next() == {"id": "m", "type": "complete"}


async def test_after_complete_nothing_more_comes(served, client):
    await client.subscribe("1")
    await client.item("1")
    await client.subscribe("2")
    await client.item("2")
    await client.send({"id": "1", "type": "complete"})
    await client.send({"type": "ping"})
    assert await client.next() == {"type": "pong"}
    event_id = await log(served)
    assert (await client.item("2"))["event"]["eventId"] == event_id
    await client.send({"type": "ping"})
    assert await client.next() == {"type": "pong"}


async def test_an_ingest_key_may_connect_but_not_watch(served):
    async with admitted(served.ws_url, served.credentials.ingest_key) as client:
        await client.subscribe()
        message = await client.next()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_other_protocols_are_refused(served):
    for protocols in (["graphql-ws"], ["nonsense"], None):
        async with connected(served.ws_url, subprotocols=protocols) as client:
            assert (await client.closed())[0] == 4406


async def test_pages_of_other_origins_are_refused(served_with):
    async with served_with(allowed_origins="http://allowed.example", public_url="https://ours.example") as served:
        for origin in (None, served.url, "https://ours.example", "http://allowed.example"):
            async with connected(served.ws_url, origin=origin) as client:
                await client.init({"token": served.credentials.token})
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://ours.example"):
            with pytest.raises(InvalidStatus) as refused:
                async with connected(served.ws_url, origin=origin):
                    pass
            assert refused.value.response.status_code == 403


async def test_a_revoked_token_ends_its_sockets_within_the_bound(served, client):
    await client.subscribe()
    await client.item()
    await client.subscribe("2", "subscription { statsTicked { at perMinute } }")
    assert (await client.item("2"))["perMinute"] == 0
    await served.res.db.raw.execute("UPDATE api_token SET revoked_at = $1", served.res.clock.now())
    async with asyncio.timeout(5.5):
        assert await client.closed() == (4403, "Forbidden")


async def test_a_revoked_token_ends_its_sockets_also_after_the_check_has_failed(served, client):
    execute = served.res.db.raw.execute
    await execute("ALTER TABLE api_token RENAME TO away")  # as while a backup is put back
    served.res.access._verdicts.clear()
    await asyncio.sleep(2 * SOCKET_RECHECK_S)
    await execute("ALTER TABLE away RENAME TO api_token")
    await execute("UPDATE api_token SET revoked_at = $1", served.res.clock.now())
    async with asyncio.timeout(5.5):
        assert await client.closed() == (4403, "Forbidden")


@pytest.mark.parametrize(
    "payload",
    [
        {"query": "{ viewer { scopes } }", "operationName": "\ud800"},
        {
            "query": "query($a: Severity) { issues(filter: {minSeverity: $a}) { totalCount } }",
            "variables": {"a": "\ud800"},
        },
    ],
)
async def test_a_lone_surrogate_is_told_back_and_ends_nothing_else(client, payload):
    await client.send({"id": "\udfff", "type": "subscribe", "payload": payload})
    message = await client.next()
    assert (message["id"], message["type"]) == ("\udfff", "error")
    assert message["payload"][0]["extensions"]["code"] == "BAD_REQUEST"
    await client.send({"type": "ping", "payload": {"a": "\ud800"}})
    assert await client.next() == {"type": "pong", "payload": {"a": "\ud800"}}


async def test_a_token_that_lost_a_project_sees_its_events_no_more(served, client):
    await client.subscribe("1", WATCH)
    await client.item("1")
    seen = await log(served)
    assert (await client.item("1"))["event"]["eventId"] == seen
    await served.res.db.raw.execute("UPDATE api_token SET project_ids = '{}'")
    (handler,) = next(iter(served.view.sockets._open.values()))
    async with asyncio.timeout(5.5):
        while handler.context.actor.project_ids is None:
            await asyncio.sleep(0.01)
    await log(served)
    await asyncio.sleep(0.3)
    await client.send({"type": "ping"})
    assert await client.next() == {"type": "pong"}


async def test_a_client_that_goes_away_leaves_nothing_running(served):
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe("1")
        await client.item("1")
        await client.subscribe("2")
        await client.item("2")
        assert served.res.feed.watchers == 2
    async with asyncio.timeout(5):
        while served.res.feed.watchers or socket_tasks():
            await asyncio.sleep(0.01)


async def test_a_silent_client_is_sent_away(served, monkeypatch):
    monkeypatch.setattr(served.view, "connection_init_wait_timeout", timedelta(seconds=0.1))
    async with connected(served.ws_url) as client:
        assert (await client.closed())[0] == 4408


async def test_the_position_is_older_than_what_the_same_request_reads(served, client):
    document = "{ projects { slug } streamPosition issues { nodes { shortId } } }"
    event_id = await log(served)
    answer = await served.ask(document)
    assert answer["data"]["issues"]["nodes"]
    assert answer["data"]["streamPosition"]
    await client.subscribe("1", WATCH, variables={"after": answer["data"]["streamPosition"]})
    assert (await client.item("1"))["__typename"] == "StreamPosition"
    later = await log(served, "another")
    assert (await client.event("1"))["event"]["eventId"] in (event_id, later)


async def test_resuming_after_every_reconnect_brings_each_event_once(served):
    expected, got, cursor = [], [], None
    for round in range(5):
        async with admitted(served.ws_url, served.credentials.token) as client:
            await client.subscribe(variables={"after": cursor})
            if cursor is None:
                cursor = (await client.item())["cursor"]
            expected += [await log(served, f"round {round}, {n}") for n in range(4)]
            for _ in range(3):  # and goes away with some unheard
                item = await client.event()
                cursor = item["cursor"]
                got.append(item["event"]["eventId"])
    async with admitted(served.ws_url, served.credentials.token) as client:
        await client.subscribe(variables={"after": cursor})
        while len(got) < len(expected):
            got.append((await client.event())["event"]["eventId"])
    assert got == expected
