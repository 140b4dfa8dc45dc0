"""Orders and their sums."""

from shop.pricing import discount, tax


# @2 def open_order(number):
# @2     return {"id": number, "lines": []}
# @2
# @2
def checkout(order):
    total = sum(count * 10 for _, count in order["lines"])
    return total - discount(order, order["coupon"])


def cart_page(request):
    return {"tax": tax(100, request["country"])}


def invoice_page(request):
    total = 250
    return [total, tax(total, request["country"])]


def parcel(line):
    weight = line["weight"] * 1000
    size = line["size"] * 10
    return weight, size
