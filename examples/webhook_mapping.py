import json
import os
from urllib.request import Request, urlopen

URL, KEY, TOKEN = (os.environ[name] for name in ("URL", "KEY", "TOKEN"))
PAYLOAD = {"data": {"errors": [{"title": "ImportFailed", "detail": "Row 7: no such customer"}]}, "by": {"login": "ann"}}
MAPPING = [
    {"field": "service", "constant": "imports"},
    {"field": "errorType", "path": "data.errors.0.title"},
    {"field": "message", "path": "data.errors.0.detail"},
    {"field": "user.username", "path": "by.login"},
]
FIND = "{ projects { ingestKeys { id publicKey } } }"
TRY = """query ($id: ID!, $payload: JSON!, $mapping: [FieldMappingInput!]) {
  tryMapping(ingestKeyId: $id, payload: $payload, mapping: $mapping) { fields ingestNotes }
}"""
SAVE = """mutation ($id: ID!, $mapping: [FieldMappingInput!]) {
  updateIngestKey(input: { ingestKeyId: $id, mapping: $mapping }) { ... on Failure { message path } }
}"""


def post(url, body, **headers):
    headers = {"Content-Type": "application/json", **headers}
    with urlopen(Request(url, json.dumps(body).encode(), headers)) as answer:
        return json.load(answer)


def ask(document, **variables):
    return post(URL, {"query": document, "variables": variables}, Authorization=f"Bearer {TOKEN}")["data"]


keys = [key for project in ask(FIND)["projects"] for key in project["ingestKeys"]]
(id,) = (key["id"] for key in keys if key["publicKey"] == KEY)
print(ask(TRY, id=id, payload=PAYLOAD, mapping=MAPPING)["tryMapping"]["fields"])
print(ask(SAVE, id=id, mapping=MAPPING))
print(post(f"{URL.removesuffix('/graphql')}/webhook/generic/?key={KEY}", PAYLOAD)["outcome"])
