"""A project of a running API, reached by HTTP alone: its key, and Ada, who is on call for it."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support.plain_http import plain_http

PATIENCE_S = 25
_MAKE = """mutation($project: CreateProjectInput!, $ada: CreateDeveloperInput!) {
  createProject(input: $project) { ... on Project { id } ... on Failure { message } }
  createDeveloper(input: $ada) { ... on Developer { id } ... on Failure { message } } }"""
_JOIN = """mutation($key: CreateIngestKeyInput!, $team: CreateTeamInput!, $duty: SetOnCallInput!) {
  createIngestKey(input: $key) { ... on IngestKey { publicKey } ... on Failure { message } }
  createTeam(input: $team) { ... on Team { id } ... on Failure { message } }
  setOnCall(input: $duty) { ... on Developer { isOnCall } ... on Failure { message } } }"""


@dataclass(frozen=True)
class Door:
    """Where an API takes questions, and the owner's token."""

    graphql_url: str
    ws_url: str
    token: str

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of a document, asserting that there are no errors."""
        async with plain_http(timeout=PATIENCE_S) as client:
            response = await client.post(
                self.graphql_url,
                json={"query": document, "variables": variables},
                headers={"Authorization": f"Bearer {self.token}"},
            )
        answer: dict[str, Any] = response.json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def wait_ready(self) -> None:
        """Return once errors can be taken."""
        url = self.graphql_url.removesuffix("/graphql") + "/health/readiness"
        async with plain_http(timeout=PATIENCE_S) as client:
            while (await client.get(url)).status_code != 200:
                await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Crew:
    """The project's slug and key, and Ada, who knows checkout and has room for whatever comes."""

    slug: str
    key: str
    ada: str
    ada_id: str


async def make_crew(door: Door) -> Crew:
    """A new project with a team of one."""
    slug = f"crew-{uuid4().hex[:8]}"
    ada = f"ada@{slug}.test"
    made = await door.ask(
        _MAKE,
        project={"slug": slug, "name": "Under siege"},
        ada={"name": "Ada", "email": ada, "services": ["checkout"], "maxLoad": 1000},
    )
    project_id, ada_id = made["createProject"]["id"], made["createDeveloper"]["id"]
    joined = await door.ask(
        _JOIN,
        key={"projectId": project_id, "name": "reporters"},
        team={"slug": slug, "name": "Crew", "memberIds": [ada_id], "projectIds": [project_id]},
        duty={"developerId": ada_id, "onCall": True},
    )
    return Crew(slug, joined["createIngestKey"]["publicKey"], ada, ada_id)
