"""Apprise in its process: what arrives at a real server on loopback, and what is never reached."""

import asyncio
import json
import ssl
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from core.apprise import Kind, Message, Told, is_installed, tell
from domain.apprise import SCHEMES
from tests.support.certificates import make_certificate
from tests.support.receivers import Receiver, Reply, json_reply, open_receiver

MESSAGE = Message("[HIGH] SHOP-7 bad total", "In <b> & c\nsecond line", Kind.FAILURE)
LOOPBACK = ("127.0.0.1",)


async def telling(url: str, *, allowed=LOOPBACK, most_s: float = 20, message: Message = MESSAGE) -> Told:
    return await tell(url, message, allowed=allowed, base_url="http://tocsin.example.com", most_s=most_s)


async def test_services_get_the_words_and_no_more_than_they_take(receiver: Receiver):
    receiver.reply = json_reply({})
    at, long = f"127.0.0.1:{receiver.port}", replace(MESSAGE, body=MESSAGE.body + "x" * 40_000)
    came = await asyncio.gather(
        telling(f"ntfy://{at}/topic"),
        telling(f"gotify://{at}/token"),
        telling(f"mmost://{at}/{'k' * 24}", message=long),
    )
    assert [(one.is_taken, one.status) for one in came] == [(True, 200)] * 3
    assert {request.path for request in receiver.requests} == {"/", "/message", f"/hooks/{'k' * 24}"}
    for request in receiver.requests:
        words = " ".join(map(str, request.json.values()))
        assert "[HIGH] SHOP-7 bad total" in words
        assert "second line" in words
        assert len(words) < 10_000
        assert request.headers["user-agent"] == "Tocsin"


async def test_what_is_private_is_reached_where_it_is_allowed_and_only_there(receiver: Receiver):
    url = f"json://localhost:{receiver.port}/in"
    came = await telling(url, allowed=())
    assert (came.is_taken, receiver.requests) == (False, [])
    assert "a loopback address, which TOCSIN_OUTBOUND_ALLOWED does not allow" in came.refused
    assert (await telling(url, allowed=("localhost",))).is_taken


async def test_no_redirect_is_followed_though_the_address_asks_for_it(receiver: Receiver):
    async with open_receiver() as inner:
        receiver.reply = Reply(307, {"Location": f"{inner.url}/secret"}, b"")
        came = await telling(f"json://127.0.0.1:{receiver.port}/in?redirect=yes")
        assert (came.is_taken, came.status, len(receiver.requests), inner.requests) == (False, 307, 1, [])


async def test_a_server_proves_by_tls_who_it_is_though_the_address_waives_it(tmp_path: Path):
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(make_certificate("localhost", tmp_path))
    async with open_receiver(serving) as receiver:
        came = await telling(f"jsons://localhost:{receiver.port}/in?verify=no")
        assert (came.is_taken, receiver.requests) == (False, [])
        assert "CERTIFICATE_VERIFY_FAILED" in came.said


async def test_an_answer_without_end_is_cut(receiver: Receiver):
    receiver.reply = Reply(is_endless=True)
    assert (await telling(f"json://127.0.0.1:{receiver.port}/in")).is_taken


async def test_who_does_not_answer_is_left_in_time(receiver: Receiver):
    receiver.gate.clear()
    came = await telling(f"json://127.0.0.1:{receiver.port}/in", most_s=3)
    assert not came.is_taken
    assert "did not answer within" in came.said or "took more than" in came.said


async def test_a_service_that_opens_sockets_of_its_own_reaches_nobody():
    connected = asyncio.Event()

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert not (await telling(f"irc://127.0.0.1:{port}/room")).is_taken
    assert not connected.is_set()


async def test_a_file_that_an_address_names_is_not_read(receiver: Receiver, tmp_path: Path):
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {"body": [{"text": "a secret"}]}}
    (tmp_path / "card.json").write_text(json.dumps({"type": "message", "attachments": [card]}))
    url = f"workflow://127.0.0.1:{receiver.port}/{'w' * 32}/{'s' * 43}/?template={tmp_path}/card.json"
    came = await telling(url)
    # This service speaks TLS only, so that what it had read would be in no request here: it would have tried, though.
    assert (came.is_taken, came.is_understood, receiver.requests) == (False, False, [])


async def test_what_is_no_address_of_a_service_is_said():
    came = await telling("discord://x")
    assert (came.is_taken, came.is_understood) == (False, False)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_service_that_may_be_told_something_asks_by_http():
    manager = import_module("apprise.manager_plugins").NotificationManager()
    manager.load_modules()
    unknown = {schema for schema in SCHEMES if schema not in manager}
    elsewise = {schema for schema in SCHEMES - unknown if not _asks_by_http(manager[schema])}
    assert (unknown, elsewise) == (set(), set())


def _asks_by_http(service: type) -> bool:
    modules = (
        sys.modules[kind.__module__] for kind in service.__mro__ if kind.__module__.startswith("apprise.plugins.")
    )
    return any(hasattr(module, "requests") for module in modules if module.__name__ != "apprise.plugins.base")


def test_it_is_known_whether_it_is_there(monkeypatch: pytest.MonkeyPatch):
    assert is_installed()
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert not is_installed()
