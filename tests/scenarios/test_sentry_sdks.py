"""Sentry's own SDKs, unmodified, as programs of their own: what they send arrives, once, with all that it carries."""

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.npm import installed
from tests.support.serving import Served
from tests.support.shops import fill

PROGRAMS = Path(__file__).parent / "sentry_sdks"
PATIENCE_S = 30
EVENTS = """{ events { nodes {
  service environment release severity errorType message endpoint ingestNotes source sdk { name }
  exceptions { type message handled frames { function filename inApp contextLine variables } }
  tags { key value } user { id email } breadcrumbs { category message }
  contexts request { method url query headers body }
} } }"""


async def run(served: Served, *command: str, cwd: Path = PROGRAMS, **more: str) -> None:
    """Run the program to its end; that it dies of what it raises is its purpose."""
    ours = {"PATH": os.environ["PATH"], "DSN": served.dsn, "NO_PROXY": "*"}  # noqa: TID251 - handed on, not read
    process = await asyncio.create_subprocess_exec(
        *command,
        env=ours | more,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert not re.search(rb"ImportError|ModuleNotFound|MODULE_NOT_FOUND|SyntaxError", printed), printed.decode()


async def run_python(served: Served, shop: Path, program: str, *installed: str) -> None:
    """Run the program where Sentry's SDK is installed, and these with it: without `site` nothing else is found."""
    await run(served, sys.executable, "-S", program, PYTHONPATH=str(fill(shop, "sentry-sdk", *installed)))


async def events(served: Served) -> list[dict]:
    answer = await served.ask(EVENTS)
    assert "errors" not in answer, answer
    return answer["data"]["events"]["nodes"]


def in_order(found: list[dict], *messages: str) -> list[dict]:
    """The events of these messages: an SDK may send two at once, and then either may be the first."""
    assert sorted(event["message"] for event in found) == sorted(messages)
    return sorted(found, key=lambda event: messages.index(event["message"]))


def check_circumstances(event: dict) -> None:
    assert (event["service"], event["environment"], event["release"]) == ("default", "staging", "shop@2.4.1")
    assert event["source"] == "SENTRY"
    assert event["ingestNotes"] == []
    assert event["user"] == {"id": "u-7", "email": "ann@example.com"}
    assert {"key": "country", "value": "DE"} in event["tags"]
    assert {"category": "cart", "message": "put SKU-1 into the cart"} in event["breadcrumbs"]
    assert event["contexts"]["cart"] == {"total": 1999, "card_token": "[REDACTED]"}


def check_raised(event: dict, marker: str, *, handled: bool) -> None:
    check_circumstances(event)
    assert (event["errorType"], event["message"]) == ("PaymentDeclined", f"{marker} 1999")
    thrown = event["exceptions"][-1]
    assert (thrown["type"], thrown["handled"]) == ("PaymentDeclined", handled)
    frame = thrown["frames"][-1]
    assert (frame["function"], Path(frame["filename"]).stem, frame["inApp"]) == ("charge", "circumstances", True)
    assert "PaymentDeclined(" in frame["contextLine"]


def check_python(event: dict, marker: str, *, handled: bool) -> None:
    check_raised(event, marker, handled=handled)
    assert event["severity"] == ("MEDIUM" if handled else "HIGH")
    assert event["contexts"]["runtime"]["name"] == "CPython"
    assert event["exceptions"][-1]["frames"][-1]["variables"]["amount"] == "1999"
    assert event["sdk"]["name"].startswith("sentry.python")


async def test_an_exception_that_ends_a_program(served: Served, tmp_path: Path):
    await run_python(served, tmp_path, "plain.py")
    (event,) = await events(served)
    check_python(event, "by itself", handled=False)


async def test_an_exception_that_is_captured_with_its_cause(served: Served, tmp_path: Path):
    await run_python(served, tmp_path, "caught.py")
    (event,) = await events(served)
    check_python(event, "caught", handled=True)
    assert [exception["type"] for exception in event["exceptions"]] == ["KeyError", "PaymentDeclined"]


async def test_what_is_logged(served: Served, tmp_path: Path):
    await run_python(served, tmp_path, "logged.py")
    raised, said = in_order(await events(served), "logged 1999", "mail 42 could not be sent to ann")
    check_python(raised, "logged", handled=True)
    check_circumstances(said)
    assert said["errorType"] == "shop.mailer"
    assert said["contexts"]["extra"]["marker"] == "logged"


async def test_what_a_program_holds_back_is_counted(served: Served, tmp_path: Path):
    await run_python(served, tmp_path, "held_back.py")
    (event,) = await events(served)
    assert event["message"] == "openly"
    answer = await served.ask('{ project(slug: "default") { discardedBySdks { reason category count } } }')
    expected = [{"reason": "before_send", "category": "error", "count": 2}]
    assert answer["data"]["project"]["discardedBySdks"] == expected


@pytest.mark.parametrize(
    ("framework", "client"), [("starlette", "httpx"), ("fastapi", "httpx"), ("flask", "flask"), ("django", "werkzeug")]
)
async def test_what_a_web_framework_lets_through(served: Served, framework: str, client: str, tmp_path: Path):
    await run_python(served, tmp_path, f"{framework}_app.py", framework, client)
    (event,) = await events(served)
    check_python(event, framework, handled=False)
    request = event["request"]
    assert request["method"] == "POST"
    assert request["url"].endswith("/pay/7")
    assert request["query"] == "token=[REDACTED]"
    assert request["body"] == {"sku": "SKU-1", "password": "[REDACTED]"}
    assert "/pay/" in event["endpoint"] or event["endpoint"].endswith("pay")


@pytest.fixture
def node_programs(node: str, tmp_path: Path) -> Path:
    """The programs for Node.js beside the packages that they import."""
    directory = tmp_path / "node"
    shutil.copytree(PROGRAMS / "node", directory)
    (directory / "node_modules").symlink_to(installed(node, directory))
    return directory


async def test_an_exception_that_ends_a_program_of_node(served: Served, node: str, node_programs: Path):
    await run(served, node, "plain.mjs", cwd=node_programs)
    (event,) = await events(served)
    check_raised(event, "by itself", handled=False)
    assert (event["severity"], event["sdk"]["name"]) == ("CRITICAL", "sentry.javascript.node")


async def test_what_a_program_of_node_captures(served: Served, node: str, node_programs: Path):
    await run(served, node, "caught.mjs", cwd=node_programs)
    raised, said = in_order(await events(served), "caught 1999", "the cart was emptied")
    check_raised(raised, "caught", handled=True)
    assert [exception["type"] for exception in raised["exceptions"]] == ["RangeError", "PaymentDeclined"]
    assert said["severity"] == "LOW"
