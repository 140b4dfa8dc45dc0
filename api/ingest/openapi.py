"""`/api/openapi.json`: the addresses for plain JSON as OpenAPI 3.1.

The fields of a report are read off the GraphQL contract, those of webhooks off `frontend-contract/ingest`.
"""

import json
from hashlib import sha256
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLType,
    Undefined,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry import Schema

from api.answers import as_json, json_bytes
from api.cors import ANY_MAY_REPORT
from api.ingest.plain import RESULT, SUMMARY
from api.ingest.webhook import DEFAULTS, DIALECTS, path_of
from api.unchanged import unless_known
from core.settings import ROOT, Settings
from domain.report import IngestSource
from domain.signature import HEADER
from resolvers.intake.log import MOST_AT_ONCE

INGEST = ROOT / "frontend-contract" / "ingest"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_VERSION = "1"
_REPORT = "LogErrorInput"
_SCALARS: dict[str, dict[str, Any]] = {
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Int": {"type": "integer"},
    "Boolean": {"type": "boolean"},
    "DateTime": {"type": "string", "format": "date-time"},
    "JSON": {},
}
_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"detail": {"type": "string"}, "pointer": {"type": "string"}},
            },
        },
    },
}


def described(contract: Schema, settings: Settings) -> Route:
    """The route of the description, which is made once."""
    description = openapi(contract._schema, settings)  # noqa: SLF001 - Strawberry's own types do not tell their fields

    tag = f'"{sha256(json_bytes(description)).hexdigest()[:32]}"'

    async def describe(request: Request) -> Response:
        response = as_json(description)
        response.headers.update({"ETag": tag, "Cache-Control": "no-cache"})
        return unless_known(request, response)

    return Route("/api/openapi.json", describe, methods=["GET", "OPTIONS"], middleware=[ANY_MAY_REPORT])


def openapi(contract: GraphQLSchema, settings: Settings) -> dict[str, Any]:
    """The description of `/api/errors`, `/api/errors/batch` and the webhooks."""
    schemas = {source: _file(f"{source.lower()}.schema") for source in DIALECTS}
    webhooks = {f"{path_of(source)}/": _webhook(source, schema) for source, schema in schemas.items()}
    components = {name: one for source, schema in schemas.items() for name, one in _components(source, schema).items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tocsin: errors as plain JSON", "version": _VERSION},
        "servers": [{"url": settings.base_url}],
        "security": [{"key": []}],
        "paths": {**_plain_paths(), **webhooks},
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An ingest key."},
                "keyInAddress": {"type": "apiKey", "in": "query", "name": "key", "description": "An ingest key."},
            },
            "schemas": {"Problem": _PROBLEM, **_schemas(contract, _REPORT), **components},
        },
    }


def rest_schema(contract: GraphQLSchema) -> dict[str, Any]:
    """What `/api/errors` takes, as a JSON schema of its own."""
    schemas = _moved(_schemas(contract, _REPORT), "#/components/schemas/", "#/$defs/")
    report = schemas.pop(_REPORT)
    heading = {"$schema": _DRAFT, "$id": "tocsin:ingest/rest", "title": "What /api/errors takes"}
    return {**heading, **report, "$defs": schemas}


def _plain_paths() -> dict[str, Any]:
    one = {"$ref": f"#/components/schemas/{_REPORT}"}
    many = {"type": "array", "maxItems": MOST_AT_ONCE, "items": one}
    lines = {"type": "string", "description": "An error a line."}
    single = {"application/json": {"schema": one, "example": _file("rest.example")}}
    batch = {"application/json": {"schema": many}, "application/x-ndjson": {"schema": lines}}
    return {
        "/api/errors": {"post": _operation("logError", "Log one error", single, RESULT)},
        "/api/errors/batch": {"post": _operation("logErrors", "Log at most 1,000 errors", batch, SUMMARY)},
    }


def _webhook(source: IngestSource, schema: dict[str, Any]) -> dict[str, Any]:
    name, one = source.lower(), {"$ref": f"#/components/schemas/{_component(source)}"}
    body = {"anyOf": [one, {"type": "array", "maxItems": MOST_AT_ONCE, "items": one}]}
    content = {"application/json": {"schema": body, "example": _file(f"{name}.example")}}
    operation = _operation(name, f"Send errors by webhook: {name}", content, {"anyOf": [RESULT, SUMMARY]})
    security: list[Any] = [{"key": []}, {"keyInAddress": []}]
    more = {"description": schema["description"], "parameters": _parameters(), "security": security}
    return {"post": {**operation, **more}}


def _parameters() -> list[dict[str, Any]]:
    text = {"type": "string"}
    signed = "t=<seconds since 1970>,v1=<hex>. Needed where the key has a signing secret."
    defaults = [
        {"name": name, "in": "query", "schema": text, "description": "Where the payload says none."}
        for name in DEFAULTS
    ]
    return [*defaults, {"name": HEADER, "in": "header", "schema": text, "description": signed}]


def _component(source: IngestSource, part: str = "") -> str:
    return f"{source.capitalize()}Webhook{part[:1].upper()}{part[1:]}"


def _components(source: IngestSource, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a webhook, and what it refers to, as parts of the description."""
    parts = {"": schema, **schema.get("$defs", {})}
    return {
        _component(source, name): _moved(
            {key: value for key, value in part.items() if not key.startswith("$") or key == "$ref"},
            "#/$defs/",
            f"#/components/schemas/{_component(source)}",
        )
        for name, part in parts.items()
    }


def _moved(value: Any, old: str, new: str) -> Any:
    """The value with its references leading to where their targets are now."""
    if isinstance(value, dict):
        return {key: _led(item, old, new) if key == "$ref" else _moved(item, old, new) for key, item in value.items()}
    return [_moved(item, old, new) for item in value] if isinstance(value, list) else value


def _led(reference: str, old: str, new: str) -> str:
    name = reference.removeprefix(old)
    return new + (name if new.endswith("/") else name[:1].upper() + name[1:])


def _file(name: str) -> Any:
    return json.loads((INGEST / f"{name}.json").read_text())


def _operation(id: str, summary: str, content: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": id,
        "summary": f"{summary}. The answer comes once it is on disk.",
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": {"description": "What became of it.", "content": {"application/json": {"schema": answer}}},
            "default": {"description": "Why not.", "content": problem},
        },
    }


def _schemas(contract: GraphQLSchema, name: str) -> dict[str, Any]:
    """The schema of an input type, and of all that it is made of."""
    found: dict[str, Any] = {}
    waiting = [name]
    while waiting:
        kind = contract.type_map[waiting.pop()]
        if isinstance(kind, GraphQLInputObjectType) and kind.name not in found:
            found[kind.name] = {
                "type": "object",
                "description": kind.description,
                "required": [name for name, field in kind.fields.items() if _is_required(field)],
                "properties": {name: _property(field) for name, field in kind.fields.items()},
            }
            waiting += [_named(field.type).name for field in kind.fields.values()]
    return found


def _is_required(field: GraphQLInputField) -> bool:
    return is_non_null_type(field.type) and field.default_value is Undefined


def _property(field: GraphQLInputField) -> dict[str, Any]:
    return {**_schema(field.type), "description": field.description}


def _schema(kind: GraphQLType) -> dict[str, Any]:
    inner = get_nullable_type(kind)  # type: ignore[call-overload]
    if is_list_type(inner):
        return {"type": "array", "items": _schema(inner.of_type)}
    if isinstance(inner, GraphQLEnumType):
        return {"type": "string", "enum": list(inner.values)}
    if isinstance(inner, GraphQLInputObjectType):
        return {"$ref": f"#/components/schemas/{inner.name}"}
    return _SCALARS[inner.name]


def _named(kind: GraphQLType) -> GraphQLNamedType:
    while not isinstance(kind, GraphQLNamedType):
        kind = kind.of_type  # type: ignore[attr-defined]
    return kind
