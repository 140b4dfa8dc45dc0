"""How a mail gets to its server, and what the server said to it."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib

# RFC 3463, 3.8: X.7 is security or policy, which is about us and not about the mailbox.
_POLICY = ("4.7.", "5.7.")
_SIGN_IN_FIRST = 530
_PERMANENT = range(500, 600)
_OK = 250
_FAREWELL_S = 1.0
_NO_PART = re.compile(r"[\s@<>(),;:\"\\\x00-\x1f\x7f]")


class MailFailed(Exception):
    """A mail was not taken. `is_final`: the server has no such mailbox, so that trying again cannot help."""

    def __init__(self, detail: str, *, code: int | None = None, is_final: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one mailbox, as text and as HTML. `message_id` and `thread` are without their angle brackets."""

    sender: str
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    message_id: str
    thread: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said when it took a mail."""

    code: int
    detail: str


class MailServer:
    """Hands mails to one server, each over a connection of its own, with TLS where the server offers it."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._parts: SplitResult = urlsplit(url)
        self._timeout_s = timeout_s

    async def send(self, mail: Mail) -> Reply:
        """Hand the mail over, within the time allowed for all steps together.

        Raises: MailFailed.
        """
        try:
            return await self._hand_over(compose(mail))
        except aiosmtplib.SMTPRecipientsRefused as error:
            refusal = error.recipients[0]
            raise MailFailed(refusal.message, code=refusal.code, is_final=_is_final(refusal)) from error
        except aiosmtplib.SMTPResponseException as error:
            raise MailFailed(error.message, code=error.code) from error
        except TimeoutError as error:
            raise MailFailed(f"The mail server did not answer within {self._timeout_s:g} s.") from error
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError) as error:
            raise MailFailed(f"{type(error).__name__}: {error}") from error

    async def _hand_over(self, message: EmailMessage) -> Reply:
        client = self._client()
        try:
            async with asyncio.timeout(self._timeout_s):
                await client.connect()
                _, answer = await client.send_message(message)
            # It is the server's now, whatever becomes of the farewell.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=_FAREWELL_S)
        finally:
            client.close()
        return Reply(_OK, answer)

    def _client(self) -> aiosmtplib.SMTP:
        parts = self._parts
        return aiosmtplib.SMTP(
            hostname=parts.hostname,
            port=parts.port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=None,
        )


def compose(mail: Mail) -> EmailMessage:
    """The mail in the form in which it travels. All mails of one thread answer the same message, which need not exist.

    Raises: ValueError for an address or a header that cannot be one.
    """
    message = EmailMessage()
    message["From"] = sender_address(mail.sender)
    message["To"] = _address(mail.recipient_name, mail.recipient)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["In-Reply-To"] = message["References"] = f"<{mail.thread}>"
    for header, value in mail.headers.items():
        message[header] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def sender_address(text: str) -> Address:
    """The sender that a text such as `Tocsin <tocsin@example.com>` names.

    Raises: ValueError where it names none.
    """
    return _address(*parseaddr(text))


def domain_of(address: str) -> str:
    """The part of an address after the @, `localhost` where there is none."""
    return parseaddr(address)[1].partition("@")[2] or "localhost"


def _address(name: str, address: str) -> Address:
    """The address as headers take it.

    Its domain is written as name servers know it (RFC 5891), so that only a mailbox of other letters than ASCII needs a
    server that takes those (RFC 6531).
    """
    mailbox, _, domain = address.partition("@")
    if not mailbox or not domain or _NO_PART.search(mailbox) or _NO_PART.search(domain):
        raise ValueError(f"{address!r} is no mail address")
    return Address(name, username=mailbox, domain=domain if domain.isascii() else domain.encode("idna").decode())


def _is_final(refusal: aiosmtplib.SMTPRecipientRefused) -> bool:
    is_policy = refusal.code == _SIGN_IN_FIRST or refusal.message.startswith(_POLICY)
    return refusal.code in _PERMANENT and not is_policy
