"""A load that costs little itself: keep-alive connections over raw sockets, each sending its next request at once."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Load:
    """What a load saw."""

    seconds: float
    answers: int
    items: int
    latencies: list[float] = field(repr=False)

    @property
    def per_second(self) -> float:
        return self.items / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which so large a share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def request(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A whole POST as bytes."""
    parts = urlsplit(url)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def run_load(
    url: str, make: Callable[[], bytes], *, connections: int, seconds: float, items: Callable[[bytes], int]
) -> Load:
    """Send requests over so many connections for so long, on each at least one.

    `items` counts what an answer acknowledges.

    Raises: RuntimeError for an answer that is not 200.
    """
    parts = urlsplit(url)
    until = time.perf_counter() + seconds
    latencies: list[float] = []
    acknowledged = 0

    async def one() -> None:
        nonlocal acknowledged
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while True:
            began = time.perf_counter()
            writer.write(make())
            body = await _answer(reader)
            latencies.append(time.perf_counter() - began)
            acknowledged += items(body)
            if time.perf_counter() >= until:
                break
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return Load(time.perf_counter() - began, len(latencies), acknowledged, latencies)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{head.split(b' ')[1].decode()}: {body[:500].decode()}")
    return body
