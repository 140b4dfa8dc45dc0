"""What is there."""

from shop.errors import fail

STOCK = {"mug": 3}


def take(name, count):
    there = STOCK.get(name, 0)
    if count > there:
        fail("not enough", item=name, wanted=count, there=there)


def move(name, warehouse):
    if not warehouse.startswith("DE"):
        fail("no such warehouse", item=name, warehouse=warehouse)
