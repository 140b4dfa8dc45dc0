"""`python -m api.ingest.contract`: writes the JSON schema of `/api/errors`, whose fields are those of the contract."""

import json

from api.ingest.openapi import INGEST, rest_schema
from schema.root import build_schema

TARGET = INGEST / "rest.schema.json"


def rest_contract() -> str:
    """The schema as it is kept in git."""
    schema = rest_schema(build_schema()._schema)  # noqa: SLF001 - Strawberry's own types do not tell their fields
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(rest_contract())
