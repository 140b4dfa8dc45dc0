"""Tocsin as any program sees it: its GraphQL address over HTTP, and a credential."""

from typing import Any, Self

import httpx

from cli.problem import Problem
from core.settings import ROOT

_TIMEOUT_S = 30
_OPERATIONS = ROOT / "frontend-contract" / "operations"


class Api:
    """One address with one credential, used as a context manager."""

    def __init__(self, url: str, credential: str) -> None:
        self.url = url
        headers = {"Authorization": f"Bearer {credential}"}
        self._client = httpx.Client(headers=headers, timeout=_TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, operation: str, **variables: Any) -> Any:
        """Hand back the data of an operation of `frontend-contract/operations`.

        Raises: Problem that says what is wrong.
        """
        document = (_OPERATIONS / f"{operation}.graphql").read_text()
        try:
            answer = self._client.post(self.url, json={"query": document, "variables": variables})
            body = answer.json()
        except httpx.TransportError as error:
            raise Problem(f"Nothing answers at {self.url} ({error}): start Tocsin with make run.") from None
        except ValueError:
            raise Problem(f"{self.url} answers with {answer.status_code}, and not as GraphQL does.") from None
        if body.get("errors"):
            raise Problem(f"{self.url} refuses: {body['errors'][0]['message']}")
        return body["data"]

    def do(self, operation: str, **input: Any) -> Any:
        """Hand back what a mutation answers to that input.

        Raises: Problem when it is a failure.
        """
        (answer,) = self.ask(operation, input=input).values()
        if "code" in answer:
            raise Problem(f"{answer['code']}: {answer['message']}")
        return answer
