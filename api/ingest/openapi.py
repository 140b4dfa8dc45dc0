"""`/api/openapi.json`: the addresses for plain JSON as OpenAPI 3.1, its fields read off the GraphQL contract."""

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

from api.answers import as_json
from api.cors import ANY_MAY_REPORT
from api.ingest.rest import RESULT, SUMMARY
from core.settings import Settings

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

    async def describe(_: Request) -> Response:
        return as_json(description)

    return Route("/api/openapi.json", describe, methods=["GET", "OPTIONS"], middleware=[ANY_MAY_REPORT])


def openapi(contract: GraphQLSchema, settings: Settings) -> dict[str, Any]:
    """The description of `/api/errors` and `/api/errors/batch`."""
    one = {"$ref": f"#/components/schemas/{_REPORT}"}
    many = {"type": "array", "maxItems": 1000, "items": one}
    lines = {"type": "string", "description": "An error a line."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tocsin: errors as plain JSON", "version": _VERSION},
        "servers": [{"url": settings.base_url}],
        "security": [{"key": []}],
        "paths": {
            "/api/errors": {"post": _operation("logError", "Log one error", {"application/json": one}, RESULT)},
            "/api/errors/batch": {
                "post": _operation(
                    "logErrors",
                    "Log at most 1,000 errors",
                    {"application/json": many, "application/x-ndjson": lines},
                    SUMMARY,
                )
            },
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An ingest key."}},
            "schemas": {"Problem": _PROBLEM, **_schemas(contract, _REPORT)},
        },
    }


def _operation(id: str, summary: str, content: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": id,
        "summary": f"{summary}. The answer comes once it is on disk.",
        "requestBody": {"required": True, "content": {kind: {"schema": body} for kind, body in content.items()}},
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
