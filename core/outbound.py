"""The one door for HTTP that leaves: to the public internet and what the operator allowed, bounded in bytes and time.

The name is resolved here, each address is looked at, and the connection goes to the very address that was looked at, so
that a name server that changes its answer in between leads nowhere else. No redirect is followed, no proxy is asked.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import httpx

from core.addresses import Allowed

MOST_BYTES = 64 * 1024
_MOST_ADDRESSES = 4
_PORTS = {"http": 80, "https": 443}
_AGENT = "Tocsin"

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]


class OutboundRefused(Exception):
    """This may not be reached from here, or is no address at all; trying again cannot help."""


class OutboundFailed(Exception):
    """No whole answer came; the next try may fare better."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: its status, its headers, and the rest, cut where it is longer than was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The body as text, whatever it is."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a server is asked."""

    method: str
    url: httpx.URL
    content: bytes
    headers: Mapping[str, str]
    auth: tuple[str, str] | None
    most_bytes: int


@dataclass(slots=True)
class Outbound:
    """Asks servers. `allowed` are hosts, addresses and networks besides the public internet."""

    allowed: Allowed = field(default_factory=Allowed)
    resolve: Resolve | None = None
    tls: ssl.SSLContext | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """The answer to one request, within the time allowed for all steps together, and no more of it than asked for.

        Raises: OutboundRefused, OutboundFailed.
        """
        parsed = _parse(url)
        try:
            async with asyncio.timeout(timeout_s):
                addresses = await self._addresses(parsed)
                return await self._ask_one_of(
                    addresses, _Asked(method, parsed, content, headers or {}, auth, most_bytes)
                )
        except TimeoutError as error:
            raise OutboundFailed(f"{parsed.host} did not answer within {timeout_s:g} s.") from error

    async def _addresses(self, url: httpx.URL) -> list[str]:
        """The addresses of the host that may be reached, in the order of the resolver.

        Raises: OutboundRefused, OutboundFailed.
        """
        host = url.host
        try:
            found = await (self.resolve or _resolve)(host, url.port or _PORTS[url.scheme])
        except (OSError, UnicodeError) as error:
            raise OutboundFailed(f"The name {host} was not found: {error}.") from error
        refusals = {address: self.allowed.refusal(host, address) for address in found}
        open_ones = [address for address, why in refusals.items() if why is None]
        if not open_ones:
            address, why = next(iter(refusals.items()), ("nothing", "no address"))
            raise OutboundRefused(f"{host} leads to {address}, {why}, which TOCSIN_OUTBOUND_ALLOWED does not allow.")
        return open_ones[:_MOST_ADDRESSES]

    async def _ask_one_of(self, addresses: Sequence[str], asked: _Asked) -> Answer:
        """The answer of the first address that takes the connection.

        Raises: OutboundFailed.
        """
        failure: Exception | None = None
        async with self._client(asked.url.scheme) as client:
            for address in addresses:
                try:
                    return await _read(client, _pinned(client, asked, address), asked)
                except httpx.ConnectError as error:
                    failure = error
                except (httpx.HTTPError, httpx.StreamError) as error:
                    raise OutboundFailed(f"{asked.url.host}: {_words(error)}") from error
        raise OutboundFailed(f"{asked.url.host}: {_words(failure)}") from failure

    def _client(self, scheme: str) -> httpx.AsyncClient:
        """A client of one request: a connection that was kept would be one to another name at the same address."""
        verify: ssl.SSLContext | bool = False
        if scheme == "https":
            self.tls = verify = self.tls or httpx.create_ssl_context(trust_env=False)
        return httpx.AsyncClient(verify=verify, trust_env=False, follow_redirects=False, timeout=None)  # noqa: S113 - all of it has one


def _parse(url: str) -> httpx.URL:
    """The address in its parts.

    Raises: OutboundRefused.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise OutboundRefused("The address is no URL.") from error
    if parsed.scheme not in _PORTS or not parsed.host:
        raise OutboundRefused("The address must start with http:// or https:// and name a host.")
    return parsed


async def _resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def _pinned(client: httpx.AsyncClient, asked: _Asked, address: str) -> httpx.Request:
    """The request to that address, which still asks for, and by TLS proves to talk to, the host of the URL."""
    url = asked.url
    ours = {"Host": url.netloc.decode(), "User-Agent": _AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    return client.build_request(
        asked.method,
        url.copy_with(host=f"[{address}]" if ":" in address else address),
        content=asked.content,
        headers={**ours, **asked.headers},
        extensions={"sni_hostname": url.raw_host.decode("ascii").strip("[]")},
    )


async def _read(client: httpx.AsyncClient, request: httpx.Request, asked: _Asked) -> Answer:
    response = await client.send(request, auth=asked.auth or httpx.USE_CLIENT_DEFAULT, stream=True)
    try:
        body, is_cut = bytearray(), False
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > asked.most_bytes:
                is_cut = True
                break
        return Answer(response.status_code, response.headers, bytes(body[: asked.most_bytes]), is_cut)
    finally:
        await response.aclose()


def _words(error: Exception | None) -> str:
    return f"{type(error).__name__}: {error}" if str(error or "") else type(error).__name__
