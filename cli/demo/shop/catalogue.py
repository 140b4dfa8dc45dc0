"""What can be bought, and what it costs."""

from dataclasses import dataclass

from cli.demo.shop.visit import Visit

PRICES = {"SKU-1001": 1999, "SKU-1002": 450, "SKU-1003": 12900, "SKU-1004": 999}
STOCK = {"SKU-1001": 40, "SKU-1002": 0, "SKU-1003": 3, "SKU-1004": 250}


@dataclass(frozen=True)
class Line:
    """So many pieces of one thing."""

    sku: str
    quantity: int


class Oversold(Exception):
    """More was sold than is there."""

    def __init__(self, sku: str, missing: int) -> None:
        super().__init__(f"{missing} pieces of {sku} were sold that are not in stock")
        self.sku = sku
        self.missing = missing


def price_of(line: Line) -> int:
    """Hand back what the line costs, in cents."""
    return PRICES[line.sku] * line.quantity


def reserve(visit: Visit, lines: list[Line]) -> None:
    """Put the things aside. Raises: Oversold."""
    for line in lines:
        visit.note("db", f"read the stock of {line.sku}")
        missing = line.quantity - STOCK[line.sku]
        if missing > 0:
            raise Oversold(line.sku, missing)
