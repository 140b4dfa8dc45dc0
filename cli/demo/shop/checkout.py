"""Turns a cart into an order."""

from cli.demo.shop.billing import charge
from cli.demo.shop.catalogue import Line, price_of, reserve
from cli.demo.shop.visit import Visit


def total(lines: list[Line], voucher_percent: int = 0) -> int:
    """Hand back what the cart costs, in cents."""
    whole = sum(price_of(line) for line in lines)
    return whole - whole * voucher_percent // 100


def place_order(visit: Visit, lines: list[Line], card: dict[str, str]) -> int:
    """Reserve, charge, and hand back what was charged."""
    visit.note("http", "POST /checkout/orders")
    amount = total(lines)
    reserve(visit, lines)
    charge(visit, amount, card)
    return amount


def price_per_piece(visit: Visit, lines: list[Line]) -> int:
    """Hand back the average, for the line below the cart."""
    visit.note("http", "GET /checkout/cart")
    return total(lines) // sum(line.quantity for line in lines)
