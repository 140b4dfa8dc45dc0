"""The page for integrators: served by us alone, and fit for its description."""

import re
from html.parser import HTMLParser

import httpx
import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, is_introspection_type, is_specified_scalar_type

from api.graphiql import PAGES
from api.schema_page import schema_page
from schema.export import TARGET
from schema.root import build_schema
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
    for name in ("reference.html", "reference.css", "reference.js", "find.js"):
        text = (PAGES / name).read_text()
        assert "://" not in text
        assert "innerHTML" not in text


class Read(HTMLParser):
    """What a page has: the ids of its elements, where its links lead, and its text without marks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self._words: list[str] = []
        self.feed(text)
        self.text = " ".join("".join(self._words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.ids += [given["id"]] if given.get("id") else []
        self.links |= {given["href"]} if tag == "a" and given.get("href") else set()

    def handle_data(self, data: str) -> None:
        self._words.append(data)


@pytest.fixture(scope="module")
def read() -> Read:
    return Read(schema_page())


def test_the_page_of_the_contract_has_every_type_field_argument_and_value_with_its_description(read: Read):
    own = [
        kind
        for kind in build_schema()._schema.type_map.values()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    ]
    text = read.text
    for kind in own:
        is_root = kind.name in {"Query", "Mutation", "Subscription"}
        assert is_root or kind.name in read.ids
        assert is_root or plain(kind.description) in text, kind.name
        fields = kind.values if isinstance(kind, GraphQLEnumType) else getattr(kind, "fields", {})
        for name, field in fields.items():
            has_place = not isinstance(kind, GraphQLEnumType | GraphQLInputObjectType)
            assert not has_place or f"{kind.name}.{name}" in read.ids
            for given in (field, *getattr(field, "args", {}).values()):
                assert plain(given.description) in text, (kind.name, name)


def test_its_links_lead_somewhere_in_it_and_no_place_is_there_twice(read: Read):
    assert len(set(read.ids)) == len(read.ids)
    assert {link for link in read.links if link.startswith("#")} <= {f"#{id}" for id in read.ids}


def test_it_tells_scopes_costs_defaults_and_an_operation_to_copy(read: Read):
    section = read.text[read.text.rindex(" simulateAlert READ ") :]
    assert "It costs 1,000, and what is selected of it." in section[:400]
    section = read.text[read.text.rindex(" issues READ ") :][:6000]
    assert "What is selected of it counts as often as first or last says." in section
    assert "feedback FeedbackConnection!" in read.text
    assert "first Int = 25 How many, at most 200." in read.text
    assert "query ListIssues(" in section
    assert " resolveIssue TRIAGE " in read.text
    assert " createProject ADMIN " in read.text
    assert " logError INGEST " in read.text


def plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())


async def test_the_page_of_the_contract_is_served_with_all_that_it_is_made_of(served: Served):
    page = await get(served.url + "/api/docs/graphql")
    assert (page.status_code, page.text) == (200, schema_page())
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for part in re.findall(r'(?:src|href)="([a-z.]+)"', page.text):
        assert (await get(f"{served.url}/api/docs/{part}")).status_code == 200, part


async def test_the_contract_is_served_as_sdl_to_everyone_and_kept_by_who_has_it(served: Served):
    url = served.url + "/api/docs/schema.graphql"
    answer = await get(url)
    assert (answer.status_code, answer.text) == (200, TARGET.read_text())
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert 'href="schema.graphql"' in (await get(served.url + "/api/docs/graphql")).text
    async with plain_http() as client:
        head = await client.head(url)
    assert (head.status_code, head.headers["etag"]) == (200, answer.headers["etag"])
