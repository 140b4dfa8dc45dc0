"""A shop that fails in known ways: `main.py BUG NUMBER` prints the error as a reporter would send it."""

import json
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

from shop import catalogue, jobs, orders, payment, stock

# @2 from shop.orders import open_order
BREAK = "\x1e"


def told(error):
    """Print type, message and traceback."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    print(BREAK.join([type(error).__qualname__, str(error) or type(error).__name__, text]), end="")


def handle(call, *arguments):
    try:
        call(*arguments)
    except Exception as error:
        told(error)


def in_thread(call, *arguments):
    thread = threading.Thread(target=handle, args=(call, *arguments), name="worker-7")
    thread.start()
    thread.join()


def in_pool(call, *arguments):
    with ThreadPoolExecutor(2) as pool:
        handle(pool.submit(call, *arguments).result)


def main(bug, number):
    words = ["mug", "lamp", "chair", "desk", "rug", "vase", "clock", "stool"]
    word = words[number % len(words)]
    if bug == "discount-of-empty-cart":
        handle(orders.checkout, {"id": 1000 + number, "lines": [], "coupon": "SPRING"})
    elif bug == "unknown-coupon":
        handle(orders.checkout, {"id": 1000 + number, "lines": [(word, 2)], "coupon": f"{word.upper()}{number}"})
    elif bug == "price-is-no-number":
        handle(catalogue.import_rows, [f"{word};{number}.9o;2026-03-01"])
    elif bug == "date-is-no-date":
        handle(catalogue.import_rows, [f"{word};12.50;2026-13-{number + 10}"])
    elif bug == "category-cycle":
        handle(catalogue.breadcrumb, {"a": "b", "b": "c", "c": "a"}, "abc"[number % 3])
    elif bug == "stock-negative":
        in_pool(stock.take, word, number + 5)
    elif bug == "stock-unknown-warehouse":
        in_pool(stock.move, word, f"WH-{number}")
    elif bug == "gateway-times-out":
        handle(payment.charge, 1000 + number, 3 + number)
    elif bug == "card-without-owner":
        handle(payment.store_card, {"number": "x", "owner": None})
    elif bug == "webhook-is-no-json":
        handle(payment.webhook, '{"id": "%s", "amount": }' % word)
    elif bug == "feed-is-no-json":
        handle(catalogue.read_feed, f"<html>{word}</html>")
    elif bug == "job-lost":
        in_thread(jobs.run, "not_found", number)
    elif bug == "address-lost":
        in_thread(jobs.run, "no_address", number)
    elif bug == "report-divides-by-zero":
        in_pool(jobs.run_async, number)
    elif bug == "template-names-no-field":
        handle(jobs.run, "mail", word)
    elif bug == "formula-of-text":
        handle(jobs.run, "formula", number)
    elif bug == "group-of-uploads":
        handle(jobs.run, "uploads", number + 2)
    elif bug == "tax-by-cart-page":  # one bug, called from two pages
        handle(orders.cart_page, {"country": "XX"})
    elif bug == "tax-by-invoice-page":
        handle(orders.invoice_page, {"country": "YY"})
    elif bug == "weight-missing":  # two bugs in one function
        handle(orders.parcel, {"size": 3})
    elif bug == "size-missing":
        handle(orders.parcel, {"weight": 3})
    elif bug == "settings-lost":
        sys.argv.append(json.dumps(number))
        handle(jobs.run, "settings", number)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
