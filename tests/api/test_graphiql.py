"""The page for people at the GraphQL address, whole, and with nothing from elsewhere."""

import re

import httpx
import pytest

from api.graphiql import OPERATIONS, PAGES
from tests.support.db import make_settings
from tests.support.plain_http import plain_http
from tests.support.serving import Served, serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
KINDS = {"js": "text/javascript", "css": "text/css"}


async def get(url: str, **headers: str) -> httpx.Response:
    async with plain_http() as client:
        return await client.get(url, headers=headers)


async def test_a_browser_gets_the_page(served: Served):
    page = await get(served.url + "/graphql", **BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Tocsin" in page.text


async def test_all_that_the_page_names_is_served_by_us(served: Served):
    page = await get(served.url + "/graphql", **BROWSER)
    named = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page.text)
    assert len(named) >= 5
    for name in named:
        asset = await get(f"{served.url}/{name}")
        assert asset.status_code == 200, name
        assert asset.headers["content-type"].startswith(KINDS[name.rsplit(".", 1)[1]]), name
        assert asset.content


async def test_what_a_browser_has_is_asked_after_and_not_sent_again(served: Served):
    for path, headers in (
        ("/graphql", BROWSER),
        ("/graphiql/page.js", {}),
        ("/graphiql/operations/ListIssues.graphql", {}),
        ("/api/docs", {}),
        ("/api/docs/reference.css", {}),
        ("/api/docs/graphql", {}),
        ("/api/docs/schema.graphql", {}),
        ("/api/openapi.json", {}),
    ):
        first = await get(served.url + path, **headers)
        assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache"), path
        tag = first.headers["etag"]
        again = await get(served.url + path, **headers, **{"If-None-Match": f'"old", {tag}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert (again.headers["etag"], again.headers["cache-control"]) == (tag, "no-cache")
        other = await get(served.url + path, **headers, **{"If-None-Match": '"old"'})
        assert (other.status_code, other.content) == (200, first.content), path


async def test_the_page_may_load_nothing_from_elsewhere(served: Served):
    page = await get(served.url + "/graphql", **BROWSER)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "http" not in policy


async def test_the_operations_of_its_first_tabs_are_served(served: Served):
    script = (PAGES / "page.js").read_text()
    examples = script[script.index("const EXAMPLES") : script.index("const {")]
    names = re.findall(r'^    \["(\w+)", ', examples, re.MULTILINE)
    assert "LogError" in names
    for name in names:
        answer = await get(f"{served.url}/graphiql/operations/{name}.graphql")
        assert answer.text == (OPERATIONS / f"{name}.graphql").read_text()


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/graphql-response+json"])
async def test_programs_do_not_get_the_page(served: Served, accept: str):
    answer = await get(served.url + "/graphql", Accept=accept)
    assert answer.status_code >= 400
    assert answer.headers["content-type"] == ("application/json" if accept == "*/*" else accept)


async def test_it_can_be_turned_off(database_url: str, redis_url: str):
    async with serving(make_settings(database_url, redis_url, graphiql=False)) as (url, _):
        page, asset = await get(url + "/graphql", **BROWSER), await get(url + "/graphiql/page.js")
    assert "html" not in page.headers["content-type"]
    assert (page.status_code, asset.status_code) == (400, 404)


async def test_the_link_in_a_mail_opens_the_issue_in_the_page(served: Served):
    answer = await get(served.url + "/issues/CHECKOUT-1F")
    assert (answer.status_code, answer.headers["location"]) == (307, "/graphql?issue=CHECKOUT-1F")
