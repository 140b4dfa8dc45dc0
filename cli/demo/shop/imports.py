"""Takes the price lists that suppliers send by night."""

from cli.demo.shop.visit import Visit


class BadPriceList(Exception):
    """A price list cannot be used."""


def read_price_list(visit: Visit, content: bytes) -> dict[str, int]:
    """Hand back the prices by SKU. Raises: BadPriceList."""
    visit.note("job", f"price list of {len(content)} bytes")
    lines = content.decode("utf-8").splitlines()
    return dict(_read_line(line, number) for number, line in enumerate(lines, 1))


def _read_line(line: str, number: int) -> tuple[str, int]:
    sku, _, price = line.partition(";")
    try:
        return sku, int(price)
    except ValueError as error:
        raise BadPriceList(f"Line {number} has no price") from error
