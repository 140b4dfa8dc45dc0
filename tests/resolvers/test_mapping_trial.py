from uuid import uuid4

import pytest

from domain.errors import InvalidInput, PermissionDenied
from domain.webhook import FieldMapping
from models import Event
from resolvers.access import authenticate
from resolvers.mapping_trial import try_mapping
from resolvers.resources import Resources
from schema.node import global_id
from tests.support.actors import acting
from tests.support.factories.access import make_key
from tests.support.factories.developer import make_developer
from tests.support.factories.project import make_project
from tests.support.graphql import ask
from tests.support.rows import all_rows

PAYLOAD = {"title": "Late", "iban": "planted17", "data": {"detail": "d"}}
ASK = """query ($id: ID!, $payload: JSON!, $mapping: [FieldMappingInput!]) {
  tryMapping(ingestKeyId: $id, payload: $payload, mapping: $mapping) { fields ingestNotes } }"""


async def test_a_payload_is_shown_as_it_would_be_stored_and_is_not(res: Resources):
    project = await make_project(res, slug="shop", redact_keys=["iban"])
    key = await make_key(res, project, webhook_mapping=[{"field": "message", "path": "title"}])
    actor = acting(await make_developer(res), project)
    report = await try_mapping(res, actor, key_id=key.id, payload=PAYLOAD)
    assert (report.service, report.message) == ("shop", "Late")
    assert "planted17" not in str(report)
    other = (FieldMapping("message", "data.detail"), FieldMapping("release", "none"))
    tried = await try_mapping(res, actor, key_id=key.id, payload=PAYLOAD, mapping=other)
    assert tried.message == "d"
    assert "release: nothing stands where the mapping points" in tried.notes
    assert await all_rows(res, Event) == []


async def test_what_is_wrong_is_said_and_what_is_out_of_sight_is_not_there(res: Resources):
    project, other = await make_project(res), await make_project(res)
    key, hidden = await make_key(res, project), await make_key(res, other)
    actor = acting(await make_developer(res), project)
    for wrong in ({"payload": [1]}, {"payload": {}, "mapping": [FieldMapping("nope", "a")]}):
        with pytest.raises(InvalidInput):
            await try_mapping(res, actor, key_id=key.id, **wrong)
    for id in (hidden.id, uuid4()):
        assert await try_mapping(res, actor, key_id=id, payload={}) is None
    with pytest.raises(PermissionDenied):
        await try_mapping(res, await authenticate(res, key.public_key), key_id=key.id, payload={})


async def test_it_is_told_in_the_words_of_a_report(res: Resources):
    project = await make_project(res, slug="shop")
    key = await make_key(res, project)
    actor = acting(await make_developer(res), project)
    mapping = [{"field": "message", "path": "title"}, {"field": "user.email", "constant": "a@example.com"}]
    asked = {"id": global_id("IngestKey", key.id), "payload": {"title": "Late"}, "mapping": mapping}
    shown = (await ask(res, actor, ASK, **asked))["tryMapping"]
    del shown["fields"]["occurredAt"]
    assert shown == {
        "fields": {
            "service": "shop", "errorType": "Error", "message": "Late", "severity": "MEDIUM", "environment": "production",
            "user": {"email": "a@example.com"}, "contexts": {"payload": {"title": "Late"}},
        },
        "ingestNotes": ["errorType: not given, taken as Error"],
    }  # fmt: skip
