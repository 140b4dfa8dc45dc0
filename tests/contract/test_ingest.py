"""The schemas and examples for integrators: they fit each other, the contract, and what is stored of them."""

import json

import jsonschema
import pytest

from api.ingest.contract import TARGET, rest_contract
from api.ingest.openapi import INGEST
from models import Event
from tests.support.ingest_examples import WEBHOOKS, example, schema
from tests.support.plain_http import plain_http
from tests.support.rows import only_row
from tests.support.serving import Served

# What each example claims to be: the type, the newest call, the user, and a tag.
STORED = {
    "laravel": (
        "App\\Exceptions\\OrderFailed",
        "place",
        84,
        {"id": "42", "ip_address": "192.0.2.7"},
        ["country", "DE"],
    ),
    "java": ("PaymentException", "charge", 87, {"id": "u-7"}, ["thread", "http-nio-8080-exec-3"]),
    "frontend": ("TypeError", "CartSummary", 12, {"id": "u-7", "email": "ann@example.com"}, ["country", "DE"]),
    "mobile": ("RangeError", "List.[]", 264, {"id": "u-7"}, ["device", "Pixel 8"]),
    "generic": ("ImportFailed", "read_row", 19, {"username": "ann"}, ["region", "eu-1"]),
    "rest": ("PaymentDeclined", "pay", 7, {"id": "u-7", "email": "ann@example.com"}, ["country", "DE"]),
}
RELEASES = {
    "laravel": "2.4.1",
    "java": "5.1.0",
    "frontend": "2026.3.1",
    "mobile": "2.4.1+87",
    "generic": None,
    "rest": "2.4.1",
}
MAP = """mutation ($id: ID!, $mapping: [FieldMappingInput!]) {
  updateIngestKey(input: { ingestKeyId: $id, mapping: $mapping }) { ... on IngestKey { id } ... on Failure { message } }
}"""


@pytest.mark.parametrize("name", list(STORED))
def test_an_example_fits_its_schema(name: str):
    jsonschema.Draft202012Validator.check_schema(schema(name))
    jsonschema.Draft202012Validator(schema(name)).validate(example(name))


@pytest.mark.parametrize("name", [name for name in STORED if name != "generic"])
def test_a_schema_refuses_what_is_no_error(name: str):
    validator = jsonschema.Draft202012Validator(schema(name))
    assert not any(validator.is_valid(wrong) for wrong in ({}, [], "failed", 7, {"message": 7, "service": []}))


def test_every_file_is_one_of_these():
    names = {f"{name}.{kind}.json" for name in STORED for kind in ("schema", "example")}
    assert {path.name for path in INGEST.iterdir()} == {*names, "generic.mapping.json"}


def test_the_schema_of_plain_json_is_that_of_the_contract():
    assert TARGET.read_text() == rest_contract(), "The contract has changed: run `make sdl`, and review the difference."


@pytest.mark.parametrize("name", list(STORED))
async def test_an_example_is_stored_as_it_claims(served: Served, name: str):
    if name == "generic":
        await _map(served)
    to = f"/webhook/{name}/" if name in WEBHOOKS else "/api/errors"
    async with plain_http(headers={"X-Tocsin-Key": served.credentials.ingest_key}) as client:
        answer = await client.post(served.url + to, json=example(name))
    assert answer.json()["outcome"] == "STORED"
    event = await only_row(served.res, Event)
    newest = event.payload["exceptions"][-1]["frames"][-1]
    error_type, function, line, user, tag = STORED[name]
    assert (event.source, event.error_type, event.release) == (name.upper(), error_type, RELEASES[name])
    assert (newest["function"], newest["line"], event.payload["user"]) == (function, line, user)
    assert tag in event.payload["tags"]
    assert event.ingest_notes == []
    assert event.occurred_at.isoformat().startswith("2026-03-02T09:15:27")


async def _map(served: Served) -> None:
    asked = await served.ask("{ projects { ingestKeys { id publicKey } } }")
    keys = {key["publicKey"]: key["id"] for one in asked["data"]["projects"] for key in one["ingestKeys"]}
    entries = json.loads((INGEST / "generic.mapping.json").read_text())
    answer = await served.ask(MAP, id=keys[served.credentials.ingest_key], mapping=entries)
    assert "message" not in answer["data"]["updateIngestKey"]
