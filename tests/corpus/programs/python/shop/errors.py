"""What can be wrong in the shop, raised in one place."""


class ShopError(Exception):
    pass


class NotFound(ShopError):
    pass


def fail(reason, **details):
    """Every module raises through this."""
    text = ", ".join(f"{name}={value}" for name, value in details.items())
    raise ShopError(f"{reason} ({text})")
