"""Money comes in."""

import json


class PaymentFailed(Exception):
    pass


class Gateway:
    def __init__(self, limit):
        self.limit = limit

    def post(self, path):
        raise TimeoutError(f"{path} gave no answer within {self.limit}.0 seconds")


def charge(order, limit):
    try:
        Gateway(limit).post(f"/v1/charges/{order}")
    except TimeoutError as error:
        raise PaymentFailed(f"order {order} was not charged") from error


def store_card(card):
    try:
        return card["owner"].strip()
    except AttributeError:
        return card["holder"].strip()


def webhook(body):
    return json.loads(body)["id"]
