"""The examples and schemas of `frontend-contract/ingest`, which integrators copy."""

import json
from typing import Any

from api.ingest.openapi import INGEST
from domain.webhook import FieldMapping

WEBHOOKS = ("laravel", "java", "frontend", "mobile", "generic")


def example(name: str) -> dict[str, Any]:
    return json.loads((INGEST / f"{name}.example.json").read_text())


def schema(name: str) -> dict[str, Any]:
    return json.loads((INGEST / f"{name}.schema.json").read_text())


def mapping() -> tuple[FieldMapping, ...]:
    """The one with which the example of the generic webhook is read."""
    return tuple(FieldMapping(**entry) for entry in json.loads((INGEST / "generic.mapping.json").read_text()))
