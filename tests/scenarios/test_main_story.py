"""The main job, on real processes: an error is reported, seen, mailed, taken, resolved, and comes back."""

import asyncio
import json
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest
import pytest_asyncio

from core.settings import ROOT, Settings
from tests.support.command import Command, running
from tests.support.crew import Door
from tests.support.mailbox import Mailbox, body, open_mailbox
from tests.support.places import open_directory
from tests.support.running import Up, tocsin
from tests.support.socket import PATIENCE_S, Client, admitted

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]

_TRACE = """Traceback (most recent call last):
  File "checkout/api.py", line 88, in handle
    order = place(cart)
  File "checkout/total.py", line 42, in cart_total
    raise ValueError("no price for SKU-1009")
ValueError: no price for SKU-1009
"""
_ERROR = {
    "project": "default",
    "service": "checkout",
    "errorType": "ValueError",
    "message": "no price for SKU-1009",
    "severity": "CRITICAL",
    "stackTrace": _TRACE,
}
_DEEDS = ("ACKNOWLEDGED", "RESOLVED", "REGRESSED")


@dataclass(frozen=True)
class Stage:
    """A running Tocsin, its mails, and Ada, who is on call for checkout; Grace is in her team, and is not."""

    up: Up
    mailbox: Mailbox
    door: Door
    ids: dict[str, str]

    async def do(self, operation: str, **variables: Any) -> Any:
        """What one of the published operations answers with, whose root field is its only one."""
        document = (ROOT / "frontend-contract" / "operations" / f"{operation}.graphql").read_text()
        (answer,) = (await self.door.ask(document, **variables)).values()
        return answer

    async def mails(self, about: str, count: int, to: str | None = None) -> list[EmailMessage]:
        """The mails about that issue, to that one of the crew or to anybody, once there are so many."""
        async with asyncio.timeout(PATIENCE_S):
            while len(found := self._mails(about, to and f"{to.lower()}@shop.test")) < count:
                await self.mailbox.wait_for_mails(len(self.mailbox.mails) + 1)
        return found

    def _mails(self, about: str, address: str | None) -> list[EmailMessage]:
        return [
            mail
            for mail, recipient in zip(self.mailbox.mails, self.mailbox.recipients, strict=True)
            if f" {about} " in mail["Subject"] and address in (None, recipient)
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with open_mailbox() as mailbox:
        with open_directory() as directory:
            # The stories come in any order within a minute, and their mails to Ada would wait for each other.
            up = Up(directory / "var", smtp_url=mailbox.url, owner_email="owner@shop.test", notification_limit=0)
            try:
                await asyncio.to_thread(up.wait_started)
                credentials = up.credentials()
                door = Door(credentials["graphql_url"], credentials["ws_url"], credentials["token"])
                stage = Stage(up, mailbox, door, {})
                await _hire(stage)
                yield stage
            finally:
                code = await asyncio.to_thread(up.end, signal.SIGTERM)
            assert code == 0


async def _hire(stage: Stage) -> None:
    for name in ("Ada", "Grace"):
        person = {"name": name, "email": f"{name.lower()}@shop.test", "services": ["checkout"]}
        stage.ids[name] = (await stage.do("CreateDeveloper", input=person))["id"]
    (team,) = await stage.do("ListTeams")
    owner = (await stage.do("ShowViewer"))["developer"]["id"]
    await stage.do("UpdateTeam", input={"teamId": team["id"], "memberIds": [owner, *stage.ids.values()]})
    await stage.do("SetOnCall", input={"developerId": stage.ids["Ada"], "onCall": True})


@asynccontextmanager
async def _watching(stage: Stage) -> AsyncIterator[tuple[Client, Command]]:
    """A subscriber, and `tocsin tail`, both from this moment on."""
    document = (ROOT / "frontend-contract" / "operations" / "WatchErrors.graphql").read_text()
    now = (await stage.door.ask("{ streamPosition }"))["streamPosition"]
    async with (
        admitted(stage.door.ws_url, stage.door.token) as client,
        running(Settings(data_dir=stage.up.data_dir), "tail", "--after", now) as tail,
    ):
        await client.subscribe("1", document, variables={"after": now})
        yield client, tail


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
async def test_the_printed_curl_line_reaches_tail_subscriber_and_who_is_on_call(stage: Stage):
    line = next(line.strip() for line in stage.up.lines if line.strip().startswith("curl "))
    async with _watching(stage) as (client, tail):
        done = await asyncio.to_thread(
            subprocess.run, ["/bin/sh", "-c", line], capture_output=True, text=True, check=True
        )
        logged = json.loads(done.stdout)["data"]["logError"]
        assert logged["outcome"] == "STORED"
        (item,) = await _events(client, 1, logged["issueShortId"])
        assert item["isNew"]
        await tail.wait_for(logged["issueShortId"])
    (line,) = [line for line in tail.lines if logged["issueShortId"] in line]
    assert {"HIGH", "checkout", "NEW"} < set(line.split())
    (mail,) = await stage.mails(logged["issueShortId"], 1, to="Ada")
    assert mail["Subject"] == f"[HIGH] {logged['issueShortId']} ValueError: The first error"


async def test_an_issue_is_taken_resolved_and_comes_back(stage: Stage):
    async with _watching(stage) as (client, tail):
        logged = await stage.do("LogError", input=_ERROR)
        assert (logged["outcome"], logged["isNew"], logged["isRegression"]) == ("STORED", True, False)
        short_id, issue_id = logged["issueShortId"], logged["issueId"]
        (first,) = await stage.mails(short_id, 1, to="Ada")
        assert first["Subject"] == f"[CRITICAL] {short_id} ValueError: no price for SKU-1009"
        assert "checkout/total.py:42 in cart_total" in body(first)

        assigned = await stage.do("AssignIssue", input={"issueId": issue_id, "developerId": stage.ids["Grace"]})
        assert assigned["assignee"]["name"] == "Grace"
        (given,) = await stage.mails(short_id, 1, to="Grace")
        assert "gave the issue to you" in body(given)
        await stage.do("AcknowledgeIssue", input={"issueId": issue_id})
        resolved = await stage.do("ResolveIssue", input={"issueId": issue_id, "note": "It has a price now"})
        assert resolved["status"] == "RESOLVED"
        assert (await _show(stage, short_id))["alert"] is None

        again = await stage.do("LogError", input=_ERROR)
        assert (again["issueId"], again["isNew"], again["isRegression"]) == (issue_id, False, True)
        _, back = await stage.mails(short_id, 2, to="Grace")
        assert "It was resolved, and happens again" in body(back)
        assert back["References"] == first["References"]

        items = await _events(client, 2, short_id)
        assert [(item["isNew"], item["isRegression"]) for item in items] == [(True, False), (False, True)]
        await tail.wait_for("REGRESSION")
    issue = await _show(stage, short_id)
    assert (issue["status"], issue["assignee"]["name"], issue["alert"]["status"]) == (
        "UNRESOLVED",
        "Grace",
        "TRIGGERED",
    )
    steps = [step["kind"] for step in reversed(issue["activity"]["nodes"])]
    assert steps[0] == "FIRST_SEEN"
    assert [kind for kind in steps if kind in _DEEDS] == [*_DEEDS]


async def test_the_demo_plays_the_same(stage: Stage):
    async with _watching(stage) as (client, tail):
        done = await asyncio.to_thread(tocsin, "demo", "--story", **stage.up.settings)
        assert done.returncode == 0, done.stderr
        assert "a regression" in done.stdout
        items = await _events(client, 4, done.stdout)
        assert [item["isRegression"] for item in items] == [False, False, False, True]
        await tail.wait_for("REGRESSION")
    (short_id,) = {item["issue"]["shortId"] for item in items}
    _, back = await stage.mails(short_id, 2)  # who takes an issue themselves needs no mail about that
    assert "It was resolved, and happens again" in body(back)


async def test_the_demo_breaks_in_many_ways_and_all_of_it_is_seen(stage: Stage):
    async with _watching(stage) as (client, _):
        done = await asyncio.to_thread(tocsin, "demo", "--events", "15", "--rate", "100", **stage.up.settings)
        assert done.returncode == 0, done.stderr
        items = await _events(client, 15, done.stdout)
    assert len({item["issue"]["shortId"] for item in items}) > 5


async def _events(client: Client, count: int, short_ids: str) -> list[dict[str, Any]]:
    """The next events of the issues that the text names: a stream may begin with some that came just before."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        item = await client.event()
        if item["issue"]["shortId"] in short_ids.split():
            found.append(item)
    return found


async def _show(stage: Stage, short_id: str) -> Any:
    return await stage.do("ShowIssue", by={"shortId": short_id})
