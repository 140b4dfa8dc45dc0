"""Programs that report errors, and try each again until it is answered."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from tests.support.plain_http import plain_http

PATIENCE_S = 25
_AGAIN_S = 0.1
_OUTAGE_EVERY = 8
_LOG = """mutation($input: LogErrorInput!) { logError(input: $input) {
  ... on LoggedError { outcome eventId } ... on Failure { code message } } }"""
_LOG_SEVERAL = """mutation($inputs: [LogErrorInput!]!) { logErrors(inputs: $inputs) {
  results { outcome eventId failure { code message } } } }"""


class Reporters:
    """Several that report at once, each one after the other, until they are stopped.

    Most errors are of one hot issue; every eighth is HIGH, and an issue of its own. The last reporter sends three at a
    time. `outcomes`: of every event that was answered. `again`: why something was tried again, and how often.
    `slowest_s`: how long one waited at most, tries and all.
    """

    def __init__(
        self, urls: Sequence[str], key: str, several: int = 5, *, hot_severity: str = "LOW", pause_s: float = 0.02
    ) -> None:
        self._urls = urls
        self._key = key
        self._several = several
        self._hot = {"severity": hot_severity, "fingerprint": ["hot"]}
        self._pause_s = pause_s
        self._number = count(1)
        self._is_over = False
        self._answered = asyncio.Condition()
        self.outcomes: dict[str, str] = {}
        self.outages: set[str] = set()
        self.again: Counter[str] = Counter()
        self.slowest_s = 0.0
        self.users = 7

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """All of them report within the block; at its end everything is answered."""
        async with asyncio.TaskGroup() as group:
            for place in range(self._several):
                group.create_task(
                    self._work(self._urls[place % len(self._urls)], 3 if place == self._several - 1 else 1)
                )
            yield
            self._is_over = True

    async def wait_for(self, more: int) -> None:
        """Return once so many more events were answered."""
        wanted = len(self.outcomes) + more
        async with self._answered:
            await self._answered.wait_for(lambda: len(self.outcomes) >= wanted)

    async def report_one(self) -> None:
        """Report one more, when all have stopped."""
        async with _client() as client:
            await self._report(client, self._urls[0], [self.error(next(self._number))])

    async def _work(self, url: str, at_once: int) -> None:
        async with _client() as client:
            while not self._is_over:
                await self._report(client, url, [self.error(next(self._number)) for _ in range(at_once)])
                await asyncio.sleep(self._pause_s)

    def error(self, number: int) -> dict[str, Any]:
        """The error of that number, with an id of its own."""
        event_id = uuid4().hex
        error = {"service": "checkout", "errorType": "Hot", "message": f"number {number}", "eventId": event_id}
        if number % _OUTAGE_EVERY == 0:
            self.outages.add(event_id)
            return {**error, "errorType": f"Outage{number}", "severity": "HIGH", "fingerprint": [event_id]}
        return {**error, **self._hot, "user": {"id": str(number % self.users)}}

    async def _report(self, client: httpx.AsyncClient, url: str, errors: Sequence[dict[str, Any]]) -> None:
        began = time.monotonic()
        while not (results := await self.attempt(client, url, errors)):
            await asyncio.sleep(_AGAIN_S)
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        assert [result["eventId"] for result in results] == [error["eventId"] for error in errors], results
        async with self._answered:
            self.outcomes |= {result["eventId"]: result["outcome"] for result in results}
            self._answered.notify_all()

    async def attempt(
        self, client: httpx.AsyncClient, url: str, errors: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]] | None:
        """The results, or none where it is to be tried again. A time-out is neither: nothing may hang."""
        one = len(errors) == 1
        body = (
            {"query": _LOG, "variables": {"input": errors[0]}}
            if one
            else {"query": _LOG_SEVERAL, "variables": {"inputs": errors}}
        )
        try:
            response = await client.post(url, json=body, headers={"Authorization": f"Bearer {self._key}"})
        except (httpx.NetworkError, httpx.RemoteProtocolError) as cut:
            self.again[type(cut).__name__] += 1
            return None
        answer = response.json()
        if "errors" in answer:
            (error,) = answer["errors"]
            assert error["extensions"]["code"] in ("UNAVAILABLE", "RATE_LIMITED"), answer
            self.again[error["extensions"]["code"]] += 1
            return None
        data = answer["data"]
        return [data["logError"]] if one else data["logErrors"]["results"]


def _client() -> httpx.AsyncClient:
    return plain_http(timeout=PATIENCE_S)
