"""Sends mail to customers, through a server that is not there."""

import smtplib

from cli.demo.shop.billing import closed_port
from cli.demo.shop.visit import Customer, Visit

_GREETINGS = {"DE": "Guten Tag", "FR": "Bonjour", "US": "Hello"}


class MailNotSent(Exception):
    """A mail did not leave."""


def send_receipt(visit: Visit, amount: int) -> None:
    """Send the customer what they paid. Raises: MailNotSent."""
    visit.note("mail", f"receipt over {amount} cents to {visit.customer.email}")
    text = f"{_GREETINGS[visit.customer.country]}, you paid {amount / 100:.2f}."
    try:
        with smtplib.SMTP("127.0.0.1", closed_port(), timeout=1) as server:
            server.sendmail("shop@example.org", [visit.customer.email], text)
    except OSError as error:
        raise MailNotSent(f"No receipt for {visit.customer.id}") from error


def send_newsletter(visit: Visit, readers: list[Customer | None]) -> int:
    """Greet all readers, and hand back to how many."""
    visit.note("job", f"newsletter to {len(readers)} readers")
    return len([f"{_GREETINGS['US']}, {reader.email}" for reader in readers])  # type: ignore[union-attr]  # the fault
