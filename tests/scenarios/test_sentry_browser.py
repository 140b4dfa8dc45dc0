"""Sentry's SDK for browsers, unmodified, in a page of another origin in a real browser: what it sends arrives, once."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from core.settings import ROOT
from resolvers.feedback import link_feedback
from tests.support.browser import Browser, pages
from tests.support.npm import installed
from tests.support.serving import Served

PAGE = Path(__file__).parent / "sentry_sdks" / "browser"
PATIENCE_S = 30
ASKED = """{
  events { nodes {
    eventId service environment release severity errorType message ingestNotes source sdk { name }
    exceptions { type message handled frames { function filename line inApp } }
    tags { key value } user { id email ipAddress } breadcrumbs { category message } contexts request { url }
  } }
  project(slug: "default") { feedback { nodes { message name email url event { message } } } }
}"""
SOURCE = (PAGE / "shop.js").read_text().splitlines()
THROWN_AT = next(number for number, line in enumerate(SOURCE, 1) if "throw new" in line)
# The first run of all brings the browser, some 65 MB, and unpacks it.
pytestmark = pytest.mark.timeout(300)


class Opened:
    """A page in the browser, and what came of it."""

    def __init__(self, served: Served, url: str, printed: Path) -> None:
        self.url = url
        self._served = served
        self._printed = printed

    async def came(self, events: int) -> tuple[dict[str, dict], list[dict]]:
        """The events by their messages and the feedback, once there are so many events and feedback of one of them."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    found, said = await self._look()
                    if len(found) >= events and any(one["event"] for one in said):
                        break
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise AssertionError(f"{await self._look()}\n{self.console}") from error
        assert "Failed to load" not in self.console
        assert len(found) == events
        return {event["message"]: event for event in found}, said

    @property
    def console(self) -> str:
        return self._printed.read_text(errors="replace")

    async def _look(self) -> tuple[list[dict], list[dict]]:
        await link_feedback(self._served.res)  # as the worker does: either of the two may be there first
        answer: dict[str, Any] = await self._served.ask(ASKED)
        assert "errors" not in answer, answer
        return answer["data"]["events"]["nodes"], answer["data"]["project"]["feedback"]["nodes"]


@asynccontextmanager
async def opened(served: Served, browser: Browser, node: str, directory: Path, script: Path) -> AsyncIterator[Opened]:
    """The page with that script, beside the packages that it imports."""
    (directory / "node_modules").symlink_to(installed(node, PAGE))
    page = (PAGE / "index.html").read_text().replace('content="DSN"', f'content="{served.dsn}"')
    (directory / "index.html").write_text(page.replace("shop.js", script.name))
    shutil.copy(script, directory)
    with pages(directory) as url:
        async with browser.at(url) as printed:
            yield Opened(served, url, printed)


async def test_what_a_page_throws_rejects_captures_and_is_told(
    served: Served, browser: Browser, node: str, tmp_path: Path
):
    async with opened(served, browser, node, tmp_path, PAGE / "shop.js") as page:
        events, said = await page.came(3)
    for message, handled, severity in (
        ("caught 1999", True, "MEDIUM"),
        ("clicked 1999", False, "HIGH"),
        ("nobody waited 1999", False, "HIGH"),
    ):
        check(events[message], page.url, handled=handled)
        assert events[message]["severity"] == severity
    assert {"category": "ui.click", "message": "body > button#pay"} in events["nobody waited 1999"]["breadcrumbs"]
    assert said == [
        {
            "message": "I cannot pay",
            "name": "Ann",
            "email": "ann@example.com",
            "url": "https://shop.example.com/pay?token=[REDACTED]",
            "event": {"message": "caught 1999"},
        }
    ]


def check(event: dict, url: str, *, handled: bool) -> None:
    assert (event["environment"], event["release"], event["source"]) == ("staging", "shop@2.4.1", "SENTRY")
    assert (event["sdk"]["name"], event["ingestNotes"]) == ("sentry.javascript.browser", [])
    assert event["errorType"] == "PaymentDeclined"
    (thrown,) = event["exceptions"]
    assert (thrown["type"], thrown["message"], thrown["handled"]) == ("PaymentDeclined", event["message"], handled)
    frame = thrown["frames"][-1]
    assert (frame["function"], frame["filename"], frame["line"]) == ("charge", f"{url}/shop.js", THROWN_AT)
    assert event["user"] == {"id": "u-7", "email": "ann@example.com", "ipAddress": "127.0.0.1"}
    assert {"key": "country", "value": "DE"} in event["tags"]
    assert {"category": "cart", "message": "put SKU-1 into the cart"} in event["breadcrumbs"]
    assert event["contexts"]["cart"] == {"total": 1999, "card_token": "[REDACTED]"}
    assert event["request"]["url"] == f"{url}/"


async def test_the_example_of_the_documents_reports(served: Served, browser: Browser, node: str, tmp_path: Path):
    async with opened(served, browser, node, tmp_path, ROOT / "examples" / "sentry_browser.js") as page:
        (event,), (said,) = await page.came(1)
    assert event.startswith("Cannot read properties of null")
    assert (said["message"], said["event"]) == ("I cannot see the price", {"message": event})
