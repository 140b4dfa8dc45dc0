import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.addresses import Allowed
from core.outbound import MOST_BYTES, Outbound, OutboundFailed, OutboundRefused
from tests.support.certificates import make_certificate
from tests.support.receivers import Receiver, Reply, open_receiver

LOOPBACK = Allowed.read(["127.0.0.1"])


def resolving(*answers: Sequence[str]):
    """A name server that gives these answers, one after another, and the last for good."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


async def ask(outbound: Outbound, url: str, timeout_s: float = 20, **more):
    return await outbound.request("POST", url, timeout_s=timeout_s, content=b"hello", **more)


async def test_an_allowed_server_gets_what_was_sent_and_its_answer_comes_back(receiver: Receiver):
    receiver.reply = Reply(201, {"X-Said": "yes"}, b"thanks")
    answer = await ask(Outbound(LOOPBACK), f"{receiver.url}/in?a=1", headers={"X-Mine": "1"}, auth=("ann", "secret"))
    (request,) = receiver.requests
    assert (answer.status, answer.headers["x-said"], answer.text, answer.is_cut) == (201, "yes", "thanks", False)
    assert (request.method, request.path, request.body) == ("POST", "/in?a=1", b"hello")
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert (request.headers["x-mine"], request.headers["authorization"][:6]) == ("1", "Basic ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
async def test_the_machine_itself_is_refused_however_it_is_written(receiver: Receiver, host: str):
    with pytest.raises(OutboundRefused, match="TOCSIN_OUTBOUND_ALLOWED does not allow"):
        await ask(Outbound(), f"http://{host}:{receiver.port}/")
    assert receiver.requests == []


@pytest.mark.parametrize("url", ["ftp://example.com/", "file:///etc/passwd", "nonsense", "http://", "https:///x", ""])
async def test_only_http_addresses_are_asked(url: str):
    with pytest.raises(OutboundRefused, match="address"):
        await ask(Outbound(), url)


async def test_the_connection_goes_to_the_address_that_was_looked_at(receiver: Receiver):
    outbound = Outbound(LOOPBACK, resolve=resolving(["127.0.0.1"], ["10.0.0.1"]))
    await ask(outbound, f"http://hooks.example.com:{receiver.port}/")
    (request,) = receiver.requests
    assert request.headers["host"] == f"hooks.example.com:{receiver.port}"
    with pytest.raises(OutboundRefused, match=r"leads to 10\.0\.0\.1, a private address"):
        await ask(outbound, f"http://hooks.example.com:{receiver.port}/")


async def test_of_several_addresses_only_those_that_are_allowed_are_tried(receiver: Receiver):
    outbound = Outbound(LOOPBACK, resolve=resolving(["10.0.0.1", "127.0.0.1"]))
    assert (await ask(outbound, f"http://hooks.example.com:{receiver.port}/")).status == 200


async def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver):
    async with open_receiver() as inner:
        receiver.reply = Reply(302, {"Location": f"{inner.url}/secret"}, b"")
        assert (await ask(Outbound(LOOPBACK), receiver.url)).status == 302
        assert inner.requests == []


async def test_a_body_without_end_is_cut(receiver: Receiver):
    receiver.reply = Reply(is_endless=True)
    answer = await ask(Outbound(LOOPBACK), receiver.url)
    assert (len(answer.body), answer.is_cut) == (MOST_BYTES, True)


async def test_a_server_that_stalls_is_given_up_after_the_time_allowed(receiver: Receiver):
    receiver.gate.clear()
    with pytest.raises(OutboundFailed, match=r"127\.0\.0\.1 did not answer within 0\.2 s"):
        await ask(Outbound(LOOPBACK), receiver.url, timeout_s=0.2)


async def test_the_time_is_for_all_of_it_also_where_something_comes_now_and_then(receiver: Receiver):
    receiver.reply = Reply(is_endless=True, pause_s=0.05)
    with pytest.raises(OutboundFailed, match="did not answer within"):
        await ask(Outbound(LOOPBACK), receiver.url, timeout_s=0.3)


async def test_a_server_that_hangs_up_or_is_down_has_failed(receiver: Receiver):
    receiver.reply = Reply(is_half=True)
    with pytest.raises(OutboundFailed, match="Error"):
        await ask(Outbound(LOOPBACK), receiver.url)
    await receiver.close()
    with pytest.raises(OutboundFailed, match="ConnectError"):
        await ask(Outbound(LOOPBACK), receiver.url)


async def test_a_name_that_is_not_there_has_failed():
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        raise OSError("unknown")

    with pytest.raises(OutboundFailed, match=r"hooks\.example\.com was not found"):
        await ask(Outbound(resolve=resolve), "http://hooks.example.com/")


async def test_no_proxy_of_the_environment_is_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    async with open_receiver() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        await ask(Outbound(LOOPBACK), receiver.url)
        assert (len(receiver.requests), proxy.requests) == (1, [])


async def test_by_tls_the_server_proves_to_be_the_named_host(tmp_path: Path):
    certificate = make_certificate("hooks.example.com", tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    named: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: named.append(name)
    trusting = ssl.create_default_context(cafile=str(certificate))
    outbound = Outbound(LOOPBACK, resolve=resolving(["127.0.0.1"]), tls=trusting)
    async with open_receiver(serving) as receiver:
        assert (await ask(outbound, f"https://hooks.example.com:{receiver.port}/")).status == 200
        with pytest.raises(OutboundFailed, match=r"certificate is not valid for 'other\.example\.com'"):
            await ask(outbound, f"https://other.example.com:{receiver.port}/")
    assert named == ["hooks.example.com", "other.example.com"]
