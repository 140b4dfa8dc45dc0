"""Talks to the card processor, which is down (nothing listens there) or hangs (it never answers)."""

import socket

from cli.demo.shop.visit import Visit

_PATIENCE_S = 0.05


class PaymentFailed(Exception):
    """The card was not charged."""


def charge(visit: Visit, amount: int, card: dict[str, str]) -> str:
    """Charge the card, and hand back the processor's receipt. Raises: PaymentFailed."""
    visit.note("billing", f"charging {amount} cents")
    try:
        return _ask_processor(f"CHARGE {card['number']} {amount}\n".encode(), closed_port())
    except OSError as error:
        raise PaymentFailed(f"The card processor cannot be reached, {amount} cents are not charged") from error


def refund(visit: Visit, amount: int) -> str:
    """Give money back, and hand back the processor's receipt."""
    visit.note("billing", f"refunding {amount} cents")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        return _ask_processor(f"REFUND {amount}\n".encode(), silent.getsockname()[1])


def _ask_processor(message: bytes, port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as connection:
        connection.sendall(message)
        return connection.recv(64).decode()


def closed_port() -> int:
    """Hand back a port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
