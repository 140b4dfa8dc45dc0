"""What is sold."""

import json
from datetime import date


def import_rows(rows):
    return [item(*row.split(";")) for row in rows]


def item(name, price, since):
    return {"name": name, "price": money(price), "since": day(since)}


def money(text):
    return float(text)


def day(text):
    return date.fromisoformat(text)


def breadcrumb(parents, name):
    return [*breadcrumb(parents, parents[name]), name]


def read_feed(body):
    return json.loads(body)["items"]
