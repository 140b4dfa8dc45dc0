"""Webhooks over real HTTP: who may send them, signed or not, one or many, and what is told."""

import gzip
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from core.embedded.valkey import Valkey
from domain.access import Role, Scope
from domain.signature import signature
from models import Event, IngestKey
from resolvers.access_signing import create_signing_secret
from resolvers.setup import first_setup
from tests.support.actors import acting
from tests.support.db import make_settings
from tests.support.factories.access import make_api_token
from tests.support.factories.developer import make_developer
from tests.support.ingest_examples import WEBHOOKS
from tests.support.plain_http import plain_http
from tests.support.rows import all_rows, only_row
from tests.support.serving import Served, serving

ERROR = {"message": "no total", "service": "checkout"}


async def post(served: Served, content: object, to: str = "/webhook/java/", **headers: str) -> httpx.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    async with plain_http() as client:
        return await client.post(served.url + to, content=body, headers=headers)


def keyed(served: Served, to: str = "/webhook/java/", **more: str) -> str:
    """The address with the key in it, as a sender is given it."""
    return f"{to}?{httpx.QueryParams({'key': served.credentials.ingest_key, **more})}"


@pytest.mark.parametrize("name", WEBHOOKS)
@pytest.mark.parametrize("slash", ["/", ""])
async def test_every_dialect_has_an_address(served: Served, name: str, slash: str):
    answer = await post(served, ERROR, keyed(served, f"/webhook/{name}{slash}"))
    assert (answer.status_code, answer.json()["outcome"]) == (200, "STORED")
    event = await only_row(served.res, Event)
    assert (event.source, event.service, event.message) == (name.upper(), "checkout", "no total")


async def test_the_address_may_say_what_the_payload_does_not(served: Served):
    to = keyed(served, service="api", environment="qa", release="7", project="default")
    await post(served, {"message": "m"}, to)
    event = await only_row(served.res, Event)
    assert (event.service, event.environment, event.release) == ("api", "qa", "7")


async def test_the_service_of_one_who_says_none_is_the_project(served: Served):
    await post(served, {}, keyed(served))
    event = await only_row(served.res, Event)
    assert (event.service, event.error_type, event.message) == ("default", "Error", "(no message)")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ERROR, 7, {**ERROR, "eventId": "e"}, {**ERROR, "eventId": "e"}]).encode(),
        b"\n".join([json.dumps(ERROR).encode(), b"{nonsense", *[json.dumps({**ERROR, "eventId": "e"}).encode()] * 2]),
    ],
)
async def test_many_are_stored_or_refused_one_by_one(served: Served, content: bytes):
    told = (await post(served, gzip.compress(content), keyed(served), **{"Content-Encoding": "gzip"})).json()
    assert [result["outcome"] for result in told["results"]] == ["STORED", "INVALID", "STORED", "DUPLICATE"]
    assert (told["stored"], told["refused"]) == (3, 1)


async def test_many_are_a_thousand_at_most(served: Served):
    answer = await post(served, [ERROR] * 1001, keyed(served))
    assert (answer.status_code, answer.json()["detail"]) == (400, "At most 1,000 errors a call, these are 1,001.")


@pytest.mark.parametrize(
    ("content", "status", "detail"),
    [
        (b"", 400, "no JSON"),
        (b"{\n'a': 1}", 400, "no JSON"),
        (b"7", 400, "An error must be a JSON object."),
        (b'"' + b"x" * (9 * 2**20) + b'"', 413, "TOCSIN_MAX_BODY_BYTES"),
        (gzip.compress(b'"' + b"x" * (40 * 2**20) + b'"'), 413, "decompressed"),
    ],
)
async def test_what_is_wrong_is_told_as_problem_details(served: Served, content: bytes, status: int, detail: str):
    answer = await post(served, content, keyed(served))
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]


async def test_who_may_not_report_is_told_so(served: Served):
    owner = await make_developer(served.res, role=Role.OWNER)
    reader, writer = [(await make_api_token(served.res, owner, scope)).secret for scope in (Scope.READ, Scope.INGEST)]
    for to, headers, status in (
        ("/webhook/java/", {}, 401),
        ("/webhook/java/?key=", {}, 401),
        (f"/webhook/java/?key={'0' * 32}", {}, 401),
        (f"/webhook/java/?key={writer}", {}, 401),
        (f"/webhook/java/?key={served.credentials.ingest_key}", {"Authorization": f"Bearer {reader}"}, 403),
        ("/webhook/java/", {"X-Tocsin-Key": reader}, 403),
        (keyed(served, project="nope"), {}, 400),
        (keyed(served, project="tocsin"), {}, 400),
        ("/webhook/java/?project=default", {"Authorization": f"Bearer {writer}"}, 200),
    ):
        assert (await post(served, ERROR, to, **headers)).status_code == status, to
    await only_row(served.res, Event)


async def test_a_full_queue_says_when_to_try_again(served: Served):
    served.res.writer.close()
    answer = await post(served, ERROR, keyed(served))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")


async def test_a_page_of_another_origin_may_send(served: Served):
    answer = await post(served, ERROR, keyed(served, "/webhook/frontend/"), Origin="https://shop.example.com")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


class Signer:
    """One who knows the secret."""

    def __init__(self, served: Served, secret: str) -> None:
        self.served = served
        self.secret = secret

    async def send(
        self, body: bytes = b"{}", to: str = "/webhook/java/", apart: int = 0, sent: bytes | None = None, **more: str
    ) -> httpx.Response:
        """Signed `apart` from now; `sent` is what is sent in place of what was signed."""
        header = self.header(body, apart)
        return await post(self.served, body if sent is None else sent, keyed(self.served, to), **header, **more)

    def header(self, body: bytes, apart: int = 0) -> dict[str, str]:
        """The signature of the body, `apart` from now."""
        seconds = int(self.served.res.clock.now().timestamp()) + apart
        return {"X-Tocsin-Signature": f"t={seconds},v1={signature(self.secret, seconds, body)}"}


async def signer(served: Served) -> Signer:
    admin = acting(await make_developer(served.res, role=Role.ADMIN))
    key = await only_row(served.res, IngestKey, IngestKey.public_key == served.credentials.ingest_key)
    return Signer(served, (await create_signing_secret(served.res, admin, key_id=key.id)).secret)


async def test_a_key_with_a_secret_takes_what_is_signed_and_nothing_else(served: Served):
    known = await signer(served)
    assert (await known.send(json.dumps(ERROR).encode())).json()["outcome"] == "STORED"
    key = {"X-Tocsin-Key": served.credentials.ingest_key}
    unsigned = await post(served, ERROR, **key)
    assert (unsigned.status_code, "is missing" in unsigned.json()["detail"]) == (401, True)
    plain = await post(served, {**ERROR, "errorType": "E"}, "/api/errors", **key)
    assert (plain.status_code, "signed webhooks only" in plain.json()["detail"]) == (403, True)
    asked = 'mutation { logError(input: {service: "a", errorType: "E", message: "m"}) { __typename } }'
    answer = await served.ask(asked, credential=served.credentials.ingest_key)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    await only_row(served.res, Event)


async def test_what_is_signed_is_the_body_as_it_travels(served: Served):
    known, packed = await signer(served), gzip.compress(json.dumps(ERROR).encode())
    assert (await known.send(packed, **{"Content-Encoding": "gzip"})).status_code == 200
    other = await known.send(b"{}", sent=b"{} ")
    assert (other.status_code, "not of this body" in other.json()["detail"]) == (401, True)


async def test_an_old_signature_and_one_that_was_seen_are_refused(served: Served):
    known = await signer(served)
    for apart in (-400, 400):  # further than a slow machine could make up for
        assert (await known.send(apart=apart)).status_code == 401
    header = known.header(b"{}")
    assert (await post(served, b"{}", keyed(served), **header)).status_code == 200
    again = await post(served, b"{}", keyed(served), **header)
    assert (again.status_code, "taken before" in again.json()["detail"]) == (403, True)
    await only_row(served.res, Event)


async def test_what_could_not_be_stored_may_come_again_as_it_is(served: Served):
    known = await signer(served)
    header = known.header(b"7")
    for _ in range(2):
        answer = await post(served, b"7", keyed(served), **header)
        assert (answer.status_code, answer.json()["detail"]) == (400, "An error must be a JSON object.")


async def test_an_unsigned_stranger_does_not_use_up_a_signature(served: Served):
    known = await signer(served)
    stranger = Signer(served, "tws_guessed")
    assert (await stranger.send()).status_code == 401
    assert (await known.send()).status_code == 200


@pytest.fixture
async def fragile(database_url: str, own_valkey: Valkey) -> AsyncIterator[Served]:
    """Served with a Valkey that may be stopped."""
    async with serving(make_settings(database_url, own_valkey.url)) as (url, app):
        credentials = await first_setup(app.state.resources)
        assert credentials is not None
        yield Served(url, app, credentials)


async def test_while_valkey_is_away_nothing_signed_is_taken(fragile: Served, own_valkey: Valkey):
    known = await signer(fragile)
    own_valkey.stop()
    answer = await known.send()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert await all_rows(fragile.res, Event) == []
    own_valkey.start()
    assert (await known.send(b'{"message": "later"}')).status_code == 200
