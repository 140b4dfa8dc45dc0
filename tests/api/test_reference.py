"""The page for integrators: served by us alone, and fit for its description."""

import re

import httpx

from api.graphiql import PAGES
from tests.support.plain_http import plain_http
from tests.support.serving import Served


async def get(url: str) -> httpx.Response:
    async with plain_http() as client:
        return await client.get(url)


async def test_the_page_and_all_that_it_is_made_of_are_served(served: Served):
    page = await get(served.url + "/api/docs")
    assert page.status_code == 200
    assert page.text == (PAGES / "reference.html").read_text()
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {"docs/reference.css", "docs/reference.js", "openapi.json"} < set(parts)
    for part in parts:
        if not part.startswith("data:"):
            assert (await get(f"{served.url}/api/{part}")).status_code == 200, part


async def test_nothing_comes_from_elsewhere_and_nothing_is_run_that_is_not_ours(served: Served):
    policy = (await get(served.url + "/api/docs")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy
    for name in ("reference.html", "reference.css", "reference.js"):
        text = (PAGES / name).read_text()
        assert "://" not in text
        assert "innerHTML" not in text
