"""A load that costs little itself: keep-alive connections over raw sockets, each sending its next request at once."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_FINE, _TOO_MANY = 200, 429


@dataclass
class Load:
    """What a load saw."""

    seconds: float
    answers: int
    items: int
    latencies: list[float] = field(repr=False)
    refused: int = 0

    @property
    def per_second(self) -> float:
        return self.items / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which so large a share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def request(url: str, body: bytes, headers: dict[str, str], content_type: str = "application/json") -> bytes:
    """A whole POST as bytes."""
    parts = urlsplit(url)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Type: {content_type}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def run_load(
    url: str, wholes: Iterator[bytes], *, connections: int, items: Callable[[bytes], int], pause_s: float | None = None
) -> Load:
    """Send these requests over so many connections, each as soon as its connection has the answer to the one before.

    `items` counts what an answer acknowledges. With `pause_s` a 429 is waited after and counted, as clients do.

    Raises: RuntimeError for any other answer that is not 200.
    """
    parts = urlsplit(url)
    latencies: list[float] = []
    acknowledged = refused = 0

    async def one() -> None:
        nonlocal acknowledged, refused
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for whole in wholes:
            began = time.perf_counter()
            writer.write(whole)
            status, body = await _answer(reader)
            if status == _TOO_MANY and pause_s is not None:
                refused += 1
                await asyncio.sleep(pause_s)
                continue
            if status != _FINE:
                raise RuntimeError(f"{status}: {body[:500].decode()}")
            latencies.append(time.perf_counter() - began)
            acknowledged += items(body)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return Load(time.perf_counter() - began, len(latencies), acknowledged, latencies, refused)


def within(seconds: float, wholes: Sequence[bytes]) -> Iterator[bytes]:
    """These requests, over and over, for so long."""
    until = time.perf_counter() + seconds
    return itertools.takewhile(lambda _: time.perf_counter() < until, itertools.cycle(wholes))


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)
