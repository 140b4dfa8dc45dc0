"""What every program here tells of itself, by Sentry's own API; only the DSN is ours."""

import os

import sentry_sdk


def begin(**more):
    """Set the SDK up as its documentation says, and say who it happened to."""
    sentry_sdk.init(
        dsn=os.environ["DSN"],
        release="shop@2.4.1",
        environment="staging",
        send_default_pii=True,
        shutdown_timeout=10,
        **more,
    )


def say_more():
    """Leave what an event should carry."""
    sentry_sdk.set_user({"id": "u-7", "email": "ann@example.com"})
    sentry_sdk.set_tag("country", "DE")
    sentry_sdk.add_breadcrumb(category="cart", message="put SKU-1 into the cart", level="info")
    sentry_sdk.set_context("cart", {"total": 1999, "card_token": "tok_secret"})


class PaymentDeclined(Exception):
    pass


def charge(marker):
    amount = 1999
    say_more()
    raise PaymentDeclined(f"{marker} {amount}")
