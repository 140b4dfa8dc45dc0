"""Envelopes of 12 to 15 KB, made by Sentry's own SDK of a program that really breaks; each has its own id."""

import gzip
import io
import linecache
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

_PLACES = 40
_DEPTH = 6


class _Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self, options: dict[str, object]) -> None:
        super().__init__(options)
        self.bodies: list[bytes] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        written = io.BytesIO()
        envelope.serialize_into(written)
        self.bodies.append(written.getvalue())


def envelopes(count: int) -> Iterator[bytes]:
    """So many envelopes, compressed as the SDK does; they are of forty places, and no two of them the same."""
    made = _made()
    chosen = random.Random(7)
    for _ in range(count):
        id, body = chosen.choice(made)
        yield gzip.compress(body.replace(id, uuid4().hex.encode()), compresslevel=1)


def plain_envelopes(count: int) -> list[bytes]:
    """So many envelopes of as many places, as they are before they are compressed."""
    return [body for _, body in _made()[:count]]


def _made() -> list[tuple[bytes, bytes]]:
    """One event of each place: its id, and the envelope that says it."""
    kept = _Kept({})
    sentry_sdk.init(dsn="http://key@127.0.0.1/1", transport=kept, release="shop@2.4.1", environment="production")
    ids = []
    for place in range(_PLACES):
        with sentry_sdk.isolation_scope():
            _live(place)
            try:
                _breaking(place)(_order(place), _DEPTH)
            except ValueError:
                ids.append(str(sentry_sdk.capture_exception()))
    sentry_sdk.get_client().close()
    return list(zip((id.encode() for id in ids), kept.bodies, strict=True))


def _live(place: int) -> None:
    sentry_sdk.set_user({"id": f"u-{place % 9}", "email": f"u{place % 9}@example.com"})
    sentry_sdk.set_tag("region", f"eu-{place % 3}")
    for step in range(12):
        sentry_sdk.add_breadcrumb(category="cart", message=f"put SKU-{place}-{step} into the cart", level="info")


def _order(place: int) -> dict[str, object]:
    lines = [{"sku": f"SKU-{place}-{line}", "quantity": line + 1, "price": 1999 + line} for line in range(4)]
    return {"id": 4711 + place, "lines": lines, "currency": "EUR", "note": "leave it at the door, please"}


def _breaking(place: int) -> Callable[..., None]:
    """A function of a module of its own that calls others some levels deep, and then breaks."""
    lines: list[str] = []
    for level in reversed(range(_DEPTH)):
        beneath = f"return price_{place}_{level + 1}(order, left - 1)"
        lines += [
            f"def price_{place}_{level}(order, left):",
            f'    """What an order of the shop {place} costs at level {level}, in cents."""',
            "    taxed = [line['price'] * 119 // 100 for line in order['lines']]",
            "    total = sum(taxed) - left * 100",
            f"    {beneath if level + 1 < _DEPTH else 'raise ValueError(message % total)'}",
            "",
        ]
    source, file = "\n".join(["message = 'the total is negative: %d'", *lines]), f"/srv/shop/pricing/part_{place}.py"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)  # where the SDK finds its lines
    scope: dict[str, Any] = {"__name__": f"shop.pricing.part_{place}"}
    exec(compile(source, file, "exec"), scope)
    breaking: Callable[..., None] = scope[f"price_{place}_0"]
    return breaking


if __name__ == "__main__":
    sizes = [len(gzip.decompress(body)) for body in envelopes(_PLACES)]
    sys.stdout.write(f"{min(sizes):,} to {max(sizes):,} bytes\n")
