"""What a request asks for, read from its body or its address, each part of the type that it must have.

What else a request names is let be: GraphQL over HTTP reserves other names for later (5.1, "Request Parameters").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

from cross_web import HTTPException
from starlette.requests import Request

from api.reading import read_json

METHODS = ("GET", "POST")
JSON = "application/json"
_TEXTS = ("query", "operationName", "documentId")
_OBJECTS = ("variables", "extensions")


@dataclass(frozen=True, slots=True)
class Asked:
    """A document, which operation of it is meant, and with what values."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None
    # The document's id, where that is sent in its place.
    document_id: str | None = None
    # Whether the document is one that is known here, by its id.
    is_known: bool = False


def names_document(named: Mapping[str, Any]) -> bool:
    """Whether a document is named by an id, so that its text may be left out."""
    return named.get("documentId") is not None or "persistedQuery" in (named.get("extensions") or ())


def refuse_other_kinds(request: Request) -> None:
    """Refuse what is asked in a way that cannot be read, before it is.

    Raises: HTTPException, 405 or 415.
    """
    if request.method not in METHODS:
        raise HTTPException(405, "GraphQL is asked by POST, and queries by GET too.")
    if request.method == "POST" and not _is_json(request):
        raise HTTPException(415, f"The body must be {JSON}, in UTF-8 and not compressed.")


async def read_asked(request: Request) -> Asked:
    """What is asked for.

    Raises: HTTPException, 400.
    """
    named: Mapping[str, Any] = (
        _in_address(request.query_params) if request.method == "GET" else _object(await request.body())
    )
    for part in _TEXTS:
        if not isinstance(named.get(part), str | None):
            raise HTTPException(400, f"`{part}` must be a string.")
    for part in _OBJECTS:
        if not isinstance(named.get(part), dict | None):
            raise HTTPException(400, f"`{part}` must be an object.")
    if named.get("query") is None and not names_document(named):
        raise HTTPException(400, "There is no `query`, and no `documentId`.")
    return asked_of(named)


def asked_of(named: Mapping[str, Any]) -> Asked:
    """What these parts ask for, each of which is of its type."""
    return Asked(
        named.get("query") or "",
        named.get("variables"),
        named.get("operationName"),
        named.get("extensions"),
        named.get("documentId"),
    )


def _is_json(request: Request) -> bool:
    """Whether the body is JSON as RFC 8259 has it; a parameter but the charset means nothing there."""
    kind, *parameters = request.headers.get("content-type", "").lower().split(";")
    named = [parameter.strip().partition("=") for parameter in parameters]
    charsets = [value.strip('"') for name, _, value in named if name == "charset"]
    is_plain = request.headers.get("content-encoding", "identity").lower() == "identity"
    return kind.strip() == JSON and is_plain and all(charset in ("utf-8", "utf8") for charset in charsets)


def _in_address(parameters: Mapping[str, str]) -> dict[str, Any]:
    """The parts that stand in an address, where objects are JSON texts and an empty one is none."""
    named: dict[str, Any] = dict(parameters)
    for part in _OBJECTS:
        text = named.get(part)
        named[part] = _json(text, f"`{part}`") if text else None
    return named


def _object(body: bytes) -> dict[str, Any]:
    value = _json(body, "The body")
    if isinstance(value, list):
        raise HTTPException(400, "One operation a request: several in a list (batching) are not taken.")
    if not isinstance(value, dict):
        raise HTTPException(400, "The body must be a JSON object with a `query`.")
    return value


def _json(text: str | bytes, what: str) -> Any:
    try:
        return read_json(text)
    except JSONDecodeError as error:
        raise HTTPException(400, f"{what} is no JSON: {error}.") from error
