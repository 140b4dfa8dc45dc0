import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from core.mail import Mail, MailFailed, MailServer, compose, domain_of
from tests.support.mailbox import Mailbox, body

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def a_mail(**parts: object) -> Mail:
    values = {
        "sender": "Tocsin <tocsin@example.com>",
        "recipient": "ada@example.com",
        "recipient_name": "Ada, née Ünal",
        "subject": "[HIGH] Straße kaputt",
        "text": "Grüße",
        "html": "<p>Grüße</p>",
        "message_id": "one@example.com",
        "thread": "issue@example.com",
        "at": AT,
        "headers": {"Auto-Submitted": "auto-generated"},
    }
    return Mail(**{**values, **parts})


async def test_a_mail_arrives_as_it_was_written(mailbox: Mailbox):
    reply = await MailServer(mailbox.url, timeout_s=5).send(a_mail())
    (received,) = mailbox.mails
    assert (reply.code, reply.detail) == (250, "2.0.0 Taken")
    assert mailbox.recipients == ["ada@example.com"]
    assert received["To"].addresses[0].display_name == "Ada, née Ünal"
    assert received["Subject"] == "[HIGH] Straße kaputt"
    assert received["Message-ID"] == "<one@example.com>"
    assert received["References"] == received["In-Reply-To"] == "<issue@example.com>"
    assert received["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(received["Date"]) == AT
    assert body(received).strip() == "Grüße"
    assert body(received, "html").strip() == "<p>Grüße</p>"


@pytest.mark.parametrize(
    ("refusal", "code", "is_final"),
    [
        ("550 5.1.1 No such mailbox", 550, True),
        ("553 Bad address", 553, True),
        ("451 4.7.1 Greylisted", 451, False),
        ("554 5.7.1 Relay access denied", 554, False),
        ("530 Sign in first", 530, False),
    ],
)
async def test_a_refusal_says_whether_it_is_for_good(mailbox: Mailbox, refusal, code, is_final):
    mailbox.refusal = refusal
    with pytest.raises(MailFailed) as failed:
        await MailServer(mailbox.url, timeout_s=5).send(a_mail())
    assert (failed.value.code, failed.value.is_final) == (code, is_final)
    assert failed.value.detail == refusal.partition(" ")[2]


async def test_a_server_that_stalls_is_given_up_after_the_time_allowed(mailbox: Mailbox):
    mailbox.gate.clear()
    with pytest.raises(MailFailed, match="did not answer within"):
        await MailServer(mailbox.url, timeout_s=0.1).send(a_mail())


async def test_a_server_that_hangs_up_or_is_away_is_no_refusal(mailbox: Mailbox):
    server = MailServer(mailbox.url, timeout_s=5)
    mailbox.hangs_up = True
    with pytest.raises(MailFailed) as failed:
        await server.send(a_mail())
    assert (failed.value.code, failed.value.is_final) == (None, False)
    await mailbox.close()
    with pytest.raises(MailFailed):
        await server.send(a_mail())


async def test_a_server_that_never_says_goodbye_has_taken_the_mail():
    taken, closed = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every step but the last; RFC 5321 has the mail handed over with the answer to the final dot."""
        writer.write(b"220 mail.test\r\n")
        while line := await reader.readline():
            verb = line.strip().upper()
            if verb == b"DATA":
                writer.write(b"354 Go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                taken.set()
            elif verb == b"QUIT":
                break
            writer.write(b"250 OK\r\n") if verb != b"DATA" else writer.write(b"250 Taken\r\n")
        await reader.read()
        writer.close()
        await writer.wait_closed()
        closed.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        reply = await MailServer(f"smtp://127.0.0.1:{port}", timeout_s=20).send(a_mail())
        await closed.wait()
    assert taken.is_set()
    assert reply.detail == "Taken"


@pytest.mark.parametrize("address", ["", "no-at", "two words@example.com", "a@b@c"])
async def test_an_address_that_is_none_is_a_failure(mailbox: Mailbox, address):
    with pytest.raises(MailFailed):
        await MailServer(mailbox.url, timeout_s=5).send(a_mail(recipient=address))


@pytest.mark.parametrize(
    ("address", "taken_as"),
    [("jürgen@example.com", "jürgen@example.com"), ("a@bücher.example", "a@xn--bcher-kva.example")],
)
async def test_an_address_of_other_letters_is_reached(mailbox: Mailbox, address, taken_as):
    await MailServer(mailbox.url, timeout_s=5).send(a_mail(recipient=address))
    assert mailbox.recipients == [taken_as]


@pytest.mark.parametrize("header", ["subject", "recipient_name", "message_id"])
def test_no_text_can_add_a_header(header):
    with pytest.raises(ValueError, match=r"(?i)header|linefeed|newline|CR|LF"):
        compose(a_mail(**{header: "x\r\nBcc: eve@example.com"}))


@pytest.mark.parametrize(
    ("address", "domain"),
    [("Tocsin <a@b.example>", "b.example"), ("a@b.example", "b.example"), ("nobody", "localhost")],
)
def test_the_domain_of_an_address(address, domain):
    assert domain_of(address) == domain
