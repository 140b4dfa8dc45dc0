"""What messages are sent to, in a process of its own: a mail server, and what answers as Slack and Twilio do.

It keeps when each message came and whose it was. `GET /report` tells it, and `GET /forget` lets it forget.
"""

import asyncio
import re
import sys
import time
from urllib.parse import parse_qs

import orjson

_TIMES: list[tuple[str, str, str, float]] = []
_END = b"\r\n.\r\n"
_MAIL = re.compile(rb"^Message-ID: <(notification-[^@]*)@", re.MULTILINE)
_TO = re.compile(rb"^To: .*<([^>]*)>", re.MULTILINE)
_ALERT = re.compile(rb'"acknowledge:([^"]*)"')
_SLACK = orjson.dumps({"ok": True, "channel": "D1", "ts": "1.5"})
_TWILIO = orjson.dumps({"sid": "SM1", "status": "queued"})


class Mails(asyncio.Protocol):
    """A mail server that takes everything (RFC 5321)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""
        self._is_data = False
        transport.write(b"220 mail.test ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        end = _END if self._is_data else b"\r\n"
        part, found, rest = self._buffer.partition(end)
        if not found:
            return False
        self._buffer = rest
        if self._is_data:
            self._is_data = False
            _keep("EMAIL", _TO.search(part), _MAIL.search(part))
            self._say(b"250 2.0.0 Taken")
        else:
            self._answer(part[:4].upper())
        return True

    def _answer(self, verb: bytes) -> None:
        if verb == b"EHLO":
            self._say(b"250-mail.test\r\n250 SMTPUTF8")
        elif verb == b"DATA":
            self._is_data = True
            self._say(b"354 Go on")
        elif verb == b"QUIT":
            self._say(b"221 Bye")
            self._transport.close()
        else:
            self._say(b"250 OK")

    def _say(self, line: bytes) -> None:
        self._transport.write(line + b"\r\n")


class Calls(asyncio.Protocol):
    """An HTTP server that takes every message."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        if not found or len(body) < (int(length[1]) if length else 0):
            return
        self._buffer = b""
        answer = _call(head.split(b" ", 2)[1], body)
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer
        )


def _call(path: bytes, body: bytes) -> bytes:
    if path == b"/report":
        return orjson.dumps(_TIMES)
    if path == b"/forget":
        _TIMES.clear()
        return b"{}"
    if path.startswith(b"/slack/"):
        _TIMES.append(("SLACK", orjson.loads(body)["channel"], _text(_ALERT.search(body)), time.monotonic()))
        return _SLACK
    form = parse_qs(body.decode())
    _TIMES.append(("SMS", form["To"][0], form["Body"][0], time.monotonic()))
    return _TWILIO


def _keep(channel: str, whose: re.Match[bytes] | None, which: re.Match[bytes] | None) -> None:
    _TIMES.append((channel, _text(whose), _text(which), time.monotonic()))


def _text(found: re.Match[bytes] | None) -> str:
    return found[1].decode() if found else ""


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(kind, "127.0.0.1", 0, backlog=512) for kind in (Mails, Calls)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
