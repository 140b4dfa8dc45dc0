"""The short way for requests that only log errors: to the compiled document, past the library's view."""

from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.answers import as_json
from api.credentials import credential_of
from api.reading import read_json
from resolvers.access import authenticate
from schema.compiled.document import CompiledDocument, CompiledDocuments
from schema.context import Context
from schema.contract import Contract

# What a document has in it that may be compiled; the others are not worth a look.
_MARK = b"logError"
_PARTS = frozenset({"query", "operationName", "variables"})


class ShortWay:
    """Answers what can be answered by a compiled document."""

    def __init__(self, contract: Contract) -> None:
        self._documents = CompiledDocuments(contract)

    async def answer(self, request: Request) -> Response | None:
        """The answer; none, and nothing done, where the request is to go the long way.

        Raises: LimitExceeded, Unavailable.
        """
        if request.method != "POST":
            return None
        body = await request.body()
        asked = _asked(body) if _MARK in body else {}
        document = self._document(asked)
        if document is None:
            return None
        resources = request.app.state.resources
        actor = await authenticate(resources, credential_of(request))
        if actor.document is not None:
            return None  # whether it is this one is looked at where all documents are
        context = Context(resources, actor)
        answer = await document.execute(context, asked.get("variables"))
        if answer is None:
            return None
        response = as_json(answer)
        response.headers["x-request-id"] = context.request_id
        return response

    def _document(self, asked: dict[str, Any]) -> CompiledDocument | None:
        if not asked or not asked.keys() <= _PARTS:
            return None
        return self._documents.find(asked.get("query"), asked.get("operationName"))


def _asked(body: bytes) -> dict[str, Any]:
    try:
        asked = read_json(body)
    except JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}
