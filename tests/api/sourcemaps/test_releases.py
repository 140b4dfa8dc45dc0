"""The doors of `sentry-cli releases`: whom they serve, what they keep, and how a refusal is told."""

from typing import Any

import httpx
import pytest

from schema.node import global_id
from tests.support.factories.project import make_project
from tests.support.plain_http import plain_http
from tests.support.serving import Served

RELEASES = "/api/0/organizations/any/releases/"
CREATE_TOKEN = """mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) {
  ... on CreatedApiToken { secret } ... on Failure { message } } }"""
NEW = {"version": "shop@1", "projects": ["default"]}


async def send(
    served: Served, method: str, path: str, body: Any = None, credential: str | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {credential or served.credentials.token}"}
    async with plain_http() as client:
        return await client.request(method, served.url + path, json=body, headers=headers)


async def confined(served: Served, *scopes: str) -> str:
    """A token for one project, which is not the first one."""
    project = await make_project(served.res, slug="other")
    wanted = {"name": "ci", "scopes": list(scopes), "projectIds": [global_id("Project", project.id)]}
    return (await served.ask(CREATE_TOKEN, input=wanted))["data"]["createApiToken"]["secret"]


async def test_a_release_is_new_once_and_known_from_then_on(served: Served):
    first, again = [await send(served, "POST", RELEASES, NEW) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 208)
    assert first.json() == again.json()
    assert (first.json()["version"], first.json()["projects"]) == ("shop@1", [{"slug": "default", "name": "default"}])
    shown = await send(served, "GET", RELEASES + "shop@1/")
    assert shown.json()["dateCreated"] == first.json()["dateCreated"]
    (listed,) = (await send(served, "GET", "/api/0/projects/any/default/releases/")).json()
    assert listed["version"] == "shop@1"


async def test_what_is_finalized_without_a_project_is_that_of_those_which_know_it(served: Served):
    refused = await send(served, "PUT", RELEASES + "shop@1/", {"dateReleased": "2026-01-01T00:00:00Z"})
    assert (refused.status_code, refused.json()["detail"]) == (
        400,
        "Name the project: this credential is good for several.",
    )
    await send(served, "POST", RELEASES, NEW)
    answer = await send(served, "PUT", RELEASES + "shop@1/", {"dateReleased": "2026-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["projects"][0]["slug"]) == (200, "default")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**NEW, "version": ""}, "`version` must have 1 to 200 characters"),
        ({**NEW, "version": "x" * 201}, "`version` must have 1 to 200 characters"),
        ({**NEW, "version": "a\0b"}, "`version` must have 1 to 200 characters"),
        ({**NEW, "version": 7}, "`version` must have 1 to 200 characters"),
        ({**NEW, "projects": "default"}, "`projects` must be a list of at most 10"),
        ({**NEW, "projects": ["nowhere"]}, "There is no such project."),
        ([], "The body must be a JSON object."),
    ],
)
async def test_what_cannot_be_registered_is_said(served: Served, body: Any, said: str):
    answer = await send(served, "POST", RELEASES, body)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(said)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", RELEASES), ("PUT", RELEASES + "shop@1/"), ("POST", RELEASES + "shop@1/deploys/"),
        ("GET", "/api/0/organizations/any/repos/"), ("GET", RELEASES + "shop@1/previous-with-commits/"),
        ("GET", RELEASES + "shop@1/"), ("GET", "/api/0/projects/any/default/releases/"),
    ],
)  # fmt: skip
async def test_an_ingest_key_may_do_none_of_it(served: Served, method: str, path: str):
    await send(served, "POST", RELEASES, NEW)
    refused = await send(served, method, path, NEW if method != "GET" else None, served.credentials.ingest_key)
    assert refused.status_code == 403


async def test_nobody_sees_or_makes_releases_of_projects_out_of_sight(served: Served):
    await send(served, "POST", RELEASES, NEW)
    secret = await confined(served, "READ", "INGEST")
    assert (await send(served, "GET", RELEASES + "shop@1/", credential=secret)).status_code == 404
    assert (await send(served, "GET", "/api/0/projects/any/default/releases/", credential=secret)).status_code == 404
    assert (await send(served, "POST", RELEASES, {**NEW, "version": "shop@2"}, secret)).status_code == 400
    own = await send(served, "PUT", RELEASES + "shop@1/", {}, secret)
    assert own.json()["projects"] == [{"slug": "other", "name": "other"}]


async def test_who_may_only_read_registers_nothing(served: Served):
    secret = await confined(served, "READ")
    assert (await send(served, "POST", RELEASES, {**NEW, "projects": []}, secret)).status_code == 403
    assert (await send(served, "GET", "/api/0/projects/any/other/releases/", credential=secret)).json() == []
