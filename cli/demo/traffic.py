"""Who comes to the shop, and what they try: every journey ends in an exception that its code really raises."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cli.demo.shop import billing, checkout, imports, mailer, search
from cli.demo.shop.catalogue import Line
from cli.demo.shop.visit import Customer, Deployment, Visit

_CARD = {"number": "4242 4242 4242 4242", "holder": "A. Customer"}
_CUSTOMERS = [
    Customer(f"u-{number}", f"customer{number}@example.org", country, plan)
    for number, (country, plan) in enumerate(
        [("DE", "free"), ("US", "pro"), ("FR", "free"), ("DE", "pro"), ("US", "free"), ("FR", "enterprise")], 1
    )
]
_DEPLOYMENTS = [
    Deployment("production", "shop@2.4.0", "web-1"),
    Deployment("production", "shop@2.4.0", "web-2"),
    Deployment("production", "shop@2.4.1", "web-3"),
    Deployment("staging", "shop@2.5.0-rc.1", "stage-1"),
]


@dataclass(frozen=True)
class Journey:
    """One thing that people try. `weight` says how often."""

    service: str
    endpoint: str
    severity: str
    weight: int
    run: Callable[[Visit], Any]


JOURNEYS = [
    Journey(
        "checkout",
        "POST /checkout/orders",
        "HIGH",
        8,
        lambda visit: checkout.place_order(visit, [Line("SKU-1001", 1), Line("SKU-1009", 1)], _CARD),
    ),
    Journey(
        "checkout",
        "POST /checkout/orders",
        "HIGH",
        3,
        lambda visit: checkout.place_order(visit, [Line("SKU-1002", 2)], _CARD),
    ),
    Journey("checkout", "GET /checkout/cart", "MEDIUM", 5, lambda visit: checkout.price_per_piece(visit, [])),
    Journey(
        "billing",
        "POST /billing/charges",
        "CRITICAL",
        6,
        lambda visit: checkout.place_order(visit, [Line("SKU-1003", 1)], _CARD),
    ),
    Journey("billing", "POST /billing/refunds", "HIGH", 3, lambda visit: billing.refund(visit, 1999)),
    Journey("search", "GET /search", "MEDIUM", 7, lambda visit: search.find(visit, "lamp")),
    Journey("search", "GET /search", "LOW", 5, lambda visit: search.find(visit, "garden furniture")),
    Journey("search", "GET /search/suggestions", "LOW", 4, lambda visit: search.suggest(visit, "?")),
    Journey("mailer", "job receipts", "MEDIUM", 5, lambda visit: mailer.send_receipt(visit, 1999)),
    Journey("mailer", "job newsletter", "LOW", 2, lambda visit: mailer.send_newsletter(visit, [visit.customer, None])),
    Journey(
        "imports", "job prices", "INFO", 2, lambda visit: imports.read_price_list(visit, b"SKU-1001;1999\nSKU-1002")
    ),
    Journey(
        "imports", "job prices", "LOW", 2, lambda visit: imports.read_price_list(visit, "Stühle;100".encode("cp1252"))
    ),
]


@dataclass(frozen=True)
class Accident:
    """What broke, for whom, on which journey."""

    journey: Journey
    visit: Visit
    error: Exception


def accidents(chance: random.Random) -> Iterator[Accident]:
    """Yield what breaks, without an end: each journey once, then by how often they are made."""
    for journey in JOURNEYS:
        yield have_accident(journey, chance)
    weights = [journey.weight for journey in JOURNEYS]
    while True:
        yield have_accident(chance.choices(JOURNEYS, weights)[0], chance)


def have_accident(journey: Journey, chance: random.Random, deployment: Deployment | None = None) -> Accident:
    """Make the journey, and hand back how it ended."""
    session = f"s-{chance.randrange(16**8):08x}"
    visit = Visit(chance.choice(_CUSTOMERS), deployment or chance.choice(_DEPLOYMENTS), session)
    try:
        journey.run(visit)
    except Exception as error:  # noqa: BLE001 - where a program reports what it did not expect
        return Accident(journey, visit, error)
    raise AssertionError(f"{journey.endpoint} worked, for once.")
