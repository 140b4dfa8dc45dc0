"""A mail server on loopback that keeps what it takes, and can be told to refuse, to stall, and to hang up."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.clock import ManualClock
from domain.notification import Channel
from domain.throttle import Room
from models import Notification
from resolvers.notification.claim import Claim, claim_due
from resolvers.notification.delivery import Send, deliver
from resolvers.notification.recording import Recorder
from resolvers.notification.senders import senders
from resolvers.resources import Resources, open_resources
from tasks.dispatch import Dispatcher
from tests.support.db import make_settings

# The condition that a notification is a mail; the dashboard has each message besides.
BY_MAIL = Notification.channel == Channel.EMAIL


class _Connection(SMTP):
    """One connection, known to its mailbox until it is closed. aiosmtpd leaves one open that its client closed."""

    def __init__(self, mailbox: "Mailbox") -> None:
        super().__init__(mailbox, hostname="mail.test", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.event_handler.connections.add(self)

    def eof_received(self) -> bool:
        super().eof_received()
        return False

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.closed.set()
        self.event_handler.connections.discard(self)


class Mailbox:
    """What was received, in order. `refusal` answers every recipient; closed, `gate` holds every message back."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusal: str | None = None
        self.hangs_up = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.tries = 0
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self.connections: set[_Connection] = set()
        self.port = _free_port()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", self.port)

    async def close(self) -> None:
        """Refuse new connections, and cut those that there are."""
        if self._server:
            self._server.close()
            self._server = None
        for connection in list(self.connections):
            connection.transport.abort()
            await connection.closed.wait()

    async def wait_for_mails(self, count: int) -> list[EmailMessage]:
        """Return once so many were taken."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.mails) >= count)
        return self.mails

    async def wait_for_tries(self, count: int) -> None:
        """Return once so many messages were offered, taken or not."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.tries >= count)

    async def wait_for_silence(self) -> None:
        """Return once nobody is connected."""
        for connection in list(self.connections):
            await connection.closed.wait()

    async def handle_RCPT(  # noqa: N802 - the name and arguments with which aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refusal:
            await self._tell(tried=True)
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - so here
        await self._tell(tried=True)
        await self.gate.wait()
        if self.hangs_up:
            server.transport.abort()
            return "421 Gone"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.recipients += envelope.rcpt_tos
        self.mails.append(mail)
        await self._tell(tried=False)
        return "250 2.0.0 Taken"

    async def _tell(self, *, tried: bool) -> None:
        async with self._changed:
            self.tries += tried
            self._changed.notify_all()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as opened:
        yield opened


@pytest.fixture
async def mailing(database_url: str, redis_url: str, clock: ManualClock, mailbox: Mailbox) -> AsyncIterator[Resources]:
    """Resources that know the mailbox."""
    async with open_resources(make_settings(database_url, redis_url, smtp_url=mailbox.url), clock) as resources:
        yield resources


@asynccontextmanager
async def open_mailbox() -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    await mailbox.open()
    try:
        yield mailbox
    finally:
        await mailbox.close()


async def take_due(res: Resources, *, most: int = 100) -> list[Claim]:
    """Claim up to so many of those that are due, by whatever channel."""
    return list((await claim_due(res, room=Room(most, most, most))).claims)


async def deliver_by(res: Resources, claim: Claim, send: Mapping[Channel, Send]) -> None:
    """Send what was claimed, and record it."""
    await deliver(res, claim, send, Recorder(res))


async def send_due(res: Resources) -> None:
    """Try once everything that is due."""
    dispatcher = Dispatcher(res, senders(res))
    while await dispatcher.start_due():
        await dispatcher.finish(within_s=20)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
